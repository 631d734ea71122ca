find_program(VOLT_MOSQUITTO mosquitto PATHS /usr/sbin REQUIRED)
volt_test(api_integration_tests TIMEOUT 300 LIBS fmt::fmt Threads::Threads SOURCES
  fakes/process.cpp
  integration/site.cpp
  integration/http.cpp
  integration/api_site.cpp
  integration/api_test.cpp
  integration/api_attack_test.cpp
)
target_compile_definitions(api_integration_tests PRIVATE VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
foreach(program voltd voltsim)
  if(TARGET ${program})
    add_dependencies(api_integration_tests ${program})
  endif()
endforeach()
