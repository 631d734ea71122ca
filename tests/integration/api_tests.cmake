include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_site_test(api_integration_tests SOURCES
  integration/api_test.cpp
  integration/api_attack_test.cpp
)
