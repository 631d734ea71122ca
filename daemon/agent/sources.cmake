# volt-agent: MCP over a site. Nothing of it is linked into voltd.
add_library(daemon_agent_config STATIC agent/agent_config.cpp)
target_link_libraries(daemon_agent_config PUBLIC daemon_config)
add_library(daemon_agent STATIC
  agent/documents/manual.cpp
  agent/documents/markdown_passages.cpp
  agent/program.cpp
  agent/protocol/message.cpp
  agent/protocol/service.cpp
  agent/protocol/stdio.cpp
  agent/site_access.cpp
  agent/tools/document_tools.cpp
  agent/tools/history_tools.cpp
  agent/tools/offer.cpp
  agent/tools/period_summary.cpp
  agent/tools/settings_tools.cpp
  agent/tools/shape.cpp
  agent/tools/site_link.cpp
  agent/tools/status_tools.cpp
  agent/tools/table.cpp
)
target_link_libraries(daemon_agent PUBLIC daemon_agent_config daemon_ctl Threads::Threads PRIVATE fmt::fmt)

add_executable(volt-agent agent/main.cpp)
target_link_libraries(volt-agent PRIVATE daemon_agent)
# The manual: pages as they are, and the manual pages as Markdown.
set(manual_out ${CMAKE_BINARY_DIR}/generated/manual)
foreach(page agent/manual/alarms=alarms agent/manual/reasons=reasons ../schema/README=database ../systemd/README=service
    ../systemd/package/README=installation ../systemd/hardware=hardware ../systemd/devices=devices ../systemd/topics=topics)
  string(REPLACE "=" ";" page ${page})
  list(GET page 0 from)
  list(GET page 1 to)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/${from}.md ${manual_out}/${to}.md COPYONLY)
endforeach()
list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator)
set(manual_made "")
foreach(page voltctl.1 voltd.8 voltd.yaml.5 voltd-settings.5)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/man/${page})
  add_custom_command(OUTPUT ${manual_out}/${page}.md COMMAND sh -c "${emulator} $<TARGET_FILE:voltd-manual> markdown < ${source} > ${manual_out}/${page}.md"
    DEPENDS voltd-manual ${source} VERBATIM)
  list(APPEND manual_made ${manual_out}/${page}.md)
endforeach()
add_custom_target(volt-agent-manual DEPENDS ${manual_made})
add_dependencies(volt-agent volt-agent-manual)
set_target_properties(volt-agent PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
