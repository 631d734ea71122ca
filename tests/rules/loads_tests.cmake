volt_test(rules_loads_tests LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/alarms_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/align_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/allowance_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/decide_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/fans_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/follow_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/gates_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/heaters_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/load_list_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/meter_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/observe_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/orders_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/power_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/preempt_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/runs_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/sag_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/starts_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/stops_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/verdicts_test.cpp
  TIMEOUT 300
)
# Computes much itself.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/properties_test.cpp TARGET_DIRECTORY rules_loads_tests
  PROPERTIES COMPILE_OPTIONS -O1)
