include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_agent_test COST 30
  LIBS daemon_agent daemon_api test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/agent/agent_config_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/manual_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/markdown_passages_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/program_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/message_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/service_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/stdio_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/site_access_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/offer_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/period_summary_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/shape_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/site_link_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/table_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/tools_test.cpp
)
target_compile_definitions(daemon_agent_test PRIVATE VOLT_AGENT="$<TARGET_FILE:volt-agent>" VOLTCTL="$<TARGET_FILE:voltctl>")
add_dependencies(daemon_agent_test volt-agent voltctl)
