include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(drivers_http_tests COST 5
  LIBS drivers_http drivers_modbus test_processes
  SOURCES
    drivers/http/model_client_test.cpp
)
