volt_test(daemon_explain_test
  LIBS daemon_explain
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/changes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/explain_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/phrase_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/topics_test.cpp
)
