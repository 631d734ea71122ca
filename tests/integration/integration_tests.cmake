include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_site_test(integration_tests SOURCES
  integration/bad_input_test.cpp
  integration/settings_test.cpp
  integration/disk_full_test.cpp
  integration/main_job_test.cpp
  integration/secrets_test.cpp
)
volt_site_test(integration_devices_tests SOURCES integration/devices_test.cpp)
volt_site_test(integration_dialects_tests SOURCES integration/dialects_test.cpp)
volt_site_test(integration_writes_tests SOURCES integration/writes_test.cpp)
