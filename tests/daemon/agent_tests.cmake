include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_agent_test COST 30
  LIBS daemon_agent daemon_api drivers_modbus test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/agent/agent_config_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/ask_stats_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/ask_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/asked_reason_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/asked_series_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/asked_span_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/chat_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/check_citations_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/check_numbers_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/checked_parts_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/command_questions_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/history_window_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/model_turns_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/plain_numbers_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/privacy_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/question_words_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/ask/same_words_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/documents_config_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/manual_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/markdown_passages_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/firewall_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/http/agent_server_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/http/ask_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/http/gate_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/http/kept_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/kept_commands_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/program_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/proposal_commands_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/proposals/approval_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/proposals/never_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/proposals/request_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/proposals/trial_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/http_post_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/message_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/service_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/protocol/stdio_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/serve_command_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/site_access_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/kept_call_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/memory_tools_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/offer_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/period_summary_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/proposal_tools_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/shape_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/places_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/request_pace_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/site_link_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/table_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/tools/tools_test.cpp
)
target_compile_definitions(daemon_agent_test PRIVATE VOLT_AGENT="$<TARGET_FILE:volt-agent>" VOLTCTL="$<TARGET_FILE:voltctl>")
add_dependencies(daemon_agent_test volt-agent voltctl)
volt_test(daemon_agent_documents_test COST 20
  LIBS daemon_agent test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/background_sync_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/document_place_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/documents_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/extract_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/extraction_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/file_walk_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/markdown_passages_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/passage_builder_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/remedies_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/source_sync_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/sync_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/documents/text_passages_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/agent/http/knowledge_routes_test.cpp
)
target_compile_definitions(daemon_agent_documents_test PRIVATE VOLT_AGENT="$<TARGET_FILE:volt-agent>")
add_dependencies(daemon_agent_documents_test volt-agent)
