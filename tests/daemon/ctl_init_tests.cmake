include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_init_tests COST 30
  LIBS daemon_ctl test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/ctl/init/answers_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/init/bank_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/init/conversation_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/init/summary_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/init/writing_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/init/yaml_text_test.cpp
)
