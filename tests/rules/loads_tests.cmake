volt_test(rules_loads_tests LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/decide_test.cpp
)
