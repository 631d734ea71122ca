# voltctl, and what it is made of.
add_library(daemon_ctl STATIC
  ctl/api_client.cpp
  ctl/commands.cpp
  ctl/database_option.cpp
  ctl/db_commands.cpp
  ctl/explain_view.cpp
  ctl/history_commands.cpp
  ctl/history_view.cpp
  ctl/live_commands.cpp
  ctl/moment.cpp
  ctl/plot.cpp
  ctl/probe_command.cpp
  ctl/probe_view.cpp
  ctl/program.cpp
  ctl/replay.cpp
  ctl/replay_input.cpp
  ctl/settings_actions.cpp
  ctl/settings_commands.cpp
  ctl/settings_view.cpp
  ctl/status_view.cpp
  ctl/table.cpp
  ctl/terminal.cpp
  ctl/text.cpp
  ctl/watch.cpp
)
target_link_libraries(daemon_ctl PUBLIC daemon_explain daemon_settings daemon_config daemon_base drivers_store drivers_modbus Threads::Threads PRIVATE PkgConfig::HTTPLIB fmt::fmt)
# As for api/server.cpp: the library's own idea of time_t.
set_source_files_properties(ctl/api_client.cpp PROPERTIES COMPILE_OPTIONS "-U_TIME_BITS")

add_executable(voltctl ctl/main.cpp)
target_link_libraries(voltctl PRIVATE daemon_ctl)
set_target_properties(voltctl PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
