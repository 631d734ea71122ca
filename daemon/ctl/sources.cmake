# voltctl, and what it is made of.
set(config_schema_cpp ${CMAKE_BINARY_DIR}/generated/config_schema.cpp)
add_custom_command(
  OUTPUT ${config_schema_cpp}
  COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_SOURCE_DIR}/schema/voltd.schema.json -DHEADER=daemon/ctl/config_schema.hpp
          -DNAME=config_schema -DOUTPUT=${config_schema_cpp} -P ${CMAKE_CURRENT_LIST_DIR}/embed_text.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/schema/voltd.schema.json ${CMAKE_CURRENT_LIST_DIR}/embed_text.cmake
  COMMENT "Embedding the schema of voltd.yaml"
  VERBATIM)
add_library(daemon_ctl STATIC
  ${config_schema_cpp}
  ctl/api_client.cpp
  ctl/asking.cpp
  ctl/charge_commands.cpp
  ctl/command_tree.cpp
  ctl/commands.cpp
  ctl/completion.cpp
  ctl/config_commands.cpp
  ctl/control_ask.cpp
  ctl/control_commands.cpp
  ctl/database_option.cpp
  ctl/db_commands.cpp
  ctl/explain_view.cpp
  ctl/help_commands.cpp
  ctl/history_commands.cpp
  ctl/history_source.cpp
  ctl/history_view.cpp
  ctl/live_commands.cpp
  ctl/manual.cpp
  ctl/moment.cpp
  ctl/plot.cpp
  ctl/probe_command.cpp
  ctl/probe_view.cpp
  ctl/program.cpp
  ctl/refusal.cpp
  ctl/replay.cpp
  ctl/replay_input.cpp
  ctl/settings_actions.cpp
  ctl/settings_commands.cpp
  ctl/settings_remote.cpp
  ctl/settings_view.cpp
  ctl/site_commands.cpp
  ctl/site_view.cpp
  ctl/status_view.cpp
  ctl/suggest.cpp
  ctl/table.cpp
  ctl/terminal.cpp
  ctl/text.cpp
  ctl/watch.cpp
)
target_link_libraries(daemon_ctl PUBLIC daemon_explain daemon_settings daemon_config daemon_base drivers_store drivers_modbus Threads::Threads PRIVATE PkgConfig::HTTPLIB fmt::fmt)
# The command line library is heavy to compile, and nothing here is asked to be fast while it is tested.
target_compile_options(daemon_ctl PRIVATE $<$<CONFIG:Debug>:-O0>)
# As for api/server.cpp: the library's own idea of time_t.
set_source_files_properties(ctl/api_client.cpp PROPERTIES COMPILE_OPTIONS "-U_TIME_BITS")

add_executable(voltctl ctl/main.cpp)
target_link_libraries(voltctl PRIVATE daemon_ctl)
set_target_properties(voltctl PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

include(GNUInstallDirs)
install(FILES man/voltctl.1 man/voltsim.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES man/voltd.yaml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES man/voltd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ctl/completion/voltctl.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME voltctl)
install(FILES ctl/completion/_voltctl DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
