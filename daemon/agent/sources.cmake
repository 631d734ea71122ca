# volt-agent: MCP over a site. No part of it is linked into voltd.
add_library(daemon_agent_config STATIC agent/agent_config.cpp agent/documents/documents_config.cpp agent/http/http_config.cpp)
target_link_libraries(daemon_agent_config PUBLIC daemon_config PRIVATE drivers_http)
# Embed the prompt into the program.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/schema/agent/system-prompt.md)
file(READ ${CMAKE_SOURCE_DIR}/schema/agent/system-prompt.md agent_prompt)
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/generated/system_prompt.cpp CONTENT
"// Made from schema/agent/system-prompt.md by daemon/agent/sources.cmake.
#include \"daemon/agent/ask/prompt.hpp\"

namespace volt::agent {

const std::string system_prompt = R\"prompt(${agent_prompt})prompt\";

}  // namespace volt::agent
")
# Embed the page as well.
set(agent_page "")
foreach(kind html js css)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/agent/page/page.${kind})
  file(READ ${CMAKE_CURRENT_SOURCE_DIR}/agent/page/page.${kind} text)
  string(APPEND agent_page "const std::string page_${kind} = R\"page(${text})page\";\n")
endforeach()
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/generated/agent_page.cpp CONTENT
"// Made from daemon/agent/page by daemon/agent/sources.cmake.
#include \"daemon/agent/page/page_routes.hpp\"

namespace volt::agent {

${agent_page}
}  // namespace volt::agent
")
add_library(daemon_agent STATIC
  agent/ask/ask.cpp
  agent/ask/ask_stats.cpp
  agent/ask/asked_question.cpp
  agent/ask/asked_reason.cpp
  agent/ask/asked_series.cpp
  agent/ask/asked_span.cpp
  agent/ask/chat.cpp
  agent/ask/check_citations.cpp
  agent/ask/check_numbers.cpp
  agent/ask/checked_parts.cpp
  agent/ask/command_answer.cpp
  agent/ask/command_questions.cpp
  agent/ask/history_window.cpp
  agent/ask/kept_conversation.cpp
  agent/ask/model_turns.cpp
  agent/ask/plain_numbers.cpp
  agent/ask/privacy.cpp
  agent/ask/prompt.cpp
  agent/ask/question_words.cpp
  agent/ask/same_words.cpp
  agent/ask/unit_names.cpp
  agent/ask_command.cpp
  agent/documents/background_sync.cpp
  agent/documents/docs_commands.cpp
  agent/documents/document_place.cpp
  agent/documents/documents.cpp
  agent/documents/documents_json.cpp
  agent/documents/extract.cpp
  agent/documents/extraction.cpp
  agent/documents/file_walk.cpp
  agent/documents/manual.cpp
  agent/documents/markdown_passages.cpp
  agent/documents/passage_builder.cpp
  agent/documents/remedies.cpp
  agent/documents/source_sync.cpp
  agent/documents/sync.cpp
  agent/documents/text_passages.cpp
  agent/firewall.cpp
  agent/http/agent_server.cpp
  agent/http/ask_routes.cpp
  agent/http/gate.cpp
  agent/http/kept_routes.cpp
  agent/http/knowledge_routes.cpp
  agent/http/mcp_route.cpp
  agent/http/numbers.cpp
  agent/kept_commands.cpp
  agent/page/page_routes.cpp
  agent/program.cpp
  agent/proposal_commands.cpp
  agent/proposals/approval.cpp
  agent/proposals/never.cpp
  agent/proposals/request.cpp
  agent/proposals/trial.cpp
  agent/protocol/http_post.cpp
  agent/protocol/message.cpp
  agent/protocol/service.cpp
  agent/protocol/stdio.cpp
  agent/protocol/subscription.cpp
  agent/serve_command.cpp
  agent/site_access.cpp
  agent/tools/document_tools.cpp
  agent/tools/history_tools.cpp
  agent/tools/kept_call.cpp
  agent/tools/kept_json.cpp
  agent/tools/memory_tools.cpp
  agent/tools/offer.cpp
  agent/tools/period_summary.cpp
  agent/tools/proposal_tools.cpp
  agent/tools/places.cpp
  agent/tools/request_pace.cpp
  agent/tools/settings_tools.cpp
  agent/tools/shape.cpp
  agent/tools/site_link.cpp
  agent/tools/status_tools.cpp
  agent/tools/table.cpp
  ${CMAKE_BINARY_DIR}/generated/agent_page.cpp
  ${CMAKE_BINARY_DIR}/generated/system_prompt.cpp
)
target_link_libraries(daemon_agent PUBLIC daemon_agent_config daemon_ctl daemon_http drivers_agent_store drivers_documents drivers_http Threads::Threads
  PRIVATE drivers_crypto fmt::fmt)

add_executable(volt-agent agent/main.cpp)
target_link_libraries(volt-agent PRIVATE daemon_agent)
# Makes main.cpp set no memory limit, because a sanitizer's shadow memory takes terabytes.
target_compile_definitions(volt-agent PRIVATE $<$<OR:$<BOOL:${VOLT_SANITIZE}>,$<BOOL:${VOLT_TSAN}>>:VOLT_SANITIZE>)
# Manual: each page as Markdown, with the questions that it answers. SOURCE=PAGE, or SOURCE=PAGE=SECTION for the terms in a
# section.
set(manual_out ${CMAKE_BINARY_DIR}/generated/manual)
set(manual_questions ${CMAKE_CURRENT_SOURCE_DIR}/agent/manual/questions.md)
list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator)
file(MAKE_DIRECTORY ${manual_out})
set(manual_made "")
foreach(page agent/manual/alarms.md=alarms agent/manual/commands.md=commands agent/manual/limits.md=limits agent/manual/reasons.md=reasons
    ../rules/README.md=glossary=Glossary ../schema/database.md=database
    ../systemd/service.md=service ../systemd/package/README.md=installation ../systemd/hardware.md=hardware ../systemd/devices.md=devices
    ../systemd/topics.md=topics man/voltctl.1=voltctl.1 man/voltd.8=voltd.8 man/voltd.yaml.5=voltd.yaml.5 man/voltd-settings.5=voltd-settings.5)
  string(REPLACE "=" ";" page ${page})
  list(POP_FRONT page from to section)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${from})
  set(made ${manual_out}/${to}.md)
  add_custom_command(OUTPUT ${made} DEPENDS voltd-manual ${source} ${manual_questions} VERBATIM
    COMMAND sh -c "${emulator} $<TARGET_FILE:voltd-manual> page ${to} ${manual_questions} ${section} < ${source} > ${made}.new && mv ${made}.new ${made}")
  list(APPEND manual_made ${made})
endforeach()
add_custom_target(volt-agent-manual DEPENDS ${manual_made})
add_dependencies(volt-agent volt-agent-manual)
set_target_properties(volt-agent PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
