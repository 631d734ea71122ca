volt_test(rules_budget_tests COMPUTES LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/budget/bank_charge_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/bank_size_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/budget_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/days_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/faults_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/fit_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/missed_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/night_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/budget/numbers_test.cpp
)
