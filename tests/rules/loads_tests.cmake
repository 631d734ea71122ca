volt_test(rules_loads_tests LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/align_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/decide_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/gates_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/load_list_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/meter_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/properties_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/runs_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/stops_test.cpp
)
