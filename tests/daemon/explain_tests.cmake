volt_test(daemon_explain_test
  LIBS daemon_explain
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/explain/changes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/explain/explain_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/explain/explain_needs_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/explain/phrase_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/explain/sentences_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/explain/topics_test.cpp
)
