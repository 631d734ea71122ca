include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_site_test(ctl_site_tests CASES_AT_ONCE 4 COST 40 LIBS util SOURCES integration/ctl_test.cpp)
