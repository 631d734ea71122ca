include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_site_test(integration_reload_tests CASES_AT_ONCE 4 COST 60 SOURCES integration/bad_input_test.cpp)
volt_site_test(integration_tests CASES_AT_ONCE 4 COST 50 SOURCES
  integration/settings_test.cpp
  integration/disk_full_test.cpp
  integration/main_job_test.cpp
  integration/secrets_test.cpp
)
# Preloaded into voltd, so it has no sanitizer and none of our flags.
add_library(hang_shim SHARED ${CMAKE_CURRENT_SOURCE_DIR}/fakes/hang_shim.cpp)
target_link_libraries(hang_shim PRIVATE ${CMAKE_DL_LIBS})
foreach(name hang starved)
  volt_site_test(integration_${name}_tests TIMED CASES_AT_ONCE 4 COST 70 SOURCES integration/hang_site.cpp integration/${name}_test.cpp)
  target_compile_definitions(integration_${name}_tests PRIVATE VOLT_HANG_SHIM="$<TARGET_FILE:hang_shim>")
  add_dependencies(integration_${name}_tests hang_shim)
endforeach()
volt_site_test(integration_devices_tests CASES_AT_ONCE 3 COST 40 SOURCES integration/devices_test.cpp)
volt_site_test(integration_dialects_tests COST 55 SOURCES integration/dialects_test.cpp)
volt_site_test(integration_gateway_tests TIMED CASES_AT_ONCE 2 COST 150 SOURCES integration/gateway_test.cpp)
volt_site_test(integration_writes_tests SOURCES integration/writes_test.cpp)
