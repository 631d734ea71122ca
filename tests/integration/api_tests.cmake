include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_site_test(api_integration_tests CASES_AT_ONCE 4 COST 40 LIBS drivers_store SOURCES
  integration/api_test.cpp
  integration/api_attack_test.cpp
  integration/api_life_test.cpp
  integration/reading_driven_test.cpp
  integration/api_login_test.cpp
)
