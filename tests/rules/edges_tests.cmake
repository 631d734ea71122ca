volt_test(rules_edges_tests COMPUTES LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/edges_fan_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/edges_start_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/edges_stop_test.cpp
)
