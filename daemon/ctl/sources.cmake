# voltctl and its parts.
add_library(daemon_ctl STATIC
  ctl/backup/archive.cpp
  ctl/backup/making.cpp
  ctl/backup/manifest.cpp
  ctl/backup/restoring.cpp
  ctl/commands/agent_commands.cpp
  ctl/commands/backup_commands.cpp
  ctl/commands/charge_commands.cpp
  ctl/commands/commands.cpp
  ctl/commands/config_commands.cpp
  ctl/commands/control_ask.cpp
  ctl/commands/control_commands.cpp
  ctl/commands/db_commands.cpp
  ctl/commands/doctor_command.cpp
  ctl/commands/go_live_command.cpp
  ctl/commands/help_commands.cpp
  ctl/commands/history_commands.cpp
  ctl/commands/import_command.cpp
  ctl/commands/live_commands.cpp
  ctl/commands/login_commands.cpp
  ctl/commands/probe_command.cpp
  ctl/commands/range_options.cpp
  ctl/commands/replay.cpp
  ctl/commands/replay_input.cpp
  ctl/commands/settings_actions.cpp
  ctl/commands/settings_commands.cpp
  ctl/commands/shadow_ask.cpp
  ctl/commands/shadow_command.cpp
  ctl/commands/site_commands.cpp
  ctl/commands/watch.cpp
  ctl/commands/whatif_command.cpp
  ctl/docs/command_tree.cpp
  ctl/docs/completion.cpp
  ctl/doctor/broker_checks.cpp
  ctl/doctor/broker_facts.cpp
  ctl/doctor/bundle.cpp
  ctl/doctor/check.cpp
  ctl/doctor/computer_facts.cpp
  ctl/doctor/device_checks.cpp
  ctl/doctor/device_facts.cpp
  ctl/doctor/examination.cpp
  ctl/doctor/fleet_checks.cpp
  ctl/doctor/fleet_facts.cpp
  ctl/doctor/machine_checks.cpp
  ctl/doctor/output_checks.cpp
  ctl/doctor/program_checks.cpp
  ctl/doctor/program_facts.cpp
  ctl/doctor/redact.cpp
  ctl/doctor/report.cpp
  ctl/doctor/run_program.cpp
  ctl/doctor/site_checks.cpp
  ctl/doctor/voltd_facts.cpp
  ctl/import/cloud_csv.cpp
  ctl/import/cloud_rows.cpp
  ctl/init/answers.cpp
  ctl/init/bank.cpp
  ctl/init/conversation.cpp
  ctl/init/init_command.cpp
  ctl/init/site_file.cpp
  ctl/init/site_rows.cpp
  ctl/init/step_broker.cpp
  ctl/init/step_loads.cpp
  ctl/init/step_output.cpp
  ctl/init/step_page.cpp
  ctl/init/step_site.cpp
  ctl/init/step_sources.cpp
  ctl/init/summary.cpp
  ctl/init/talk.cpp
  ctl/init/terminal_console.cpp
  ctl/init/world.cpp
  ctl/init/writing.cpp
  ctl/init/yaml_text.cpp
  ctl/program.cpp
  ctl/shadow/shadow_facts.cpp
  ctl/shadow/shadow_report.cpp
  ctl/shadow/shadow_view.cpp
  ctl/talk/address.cpp
  ctl/talk/api_client.cpp
  ctl/talk/api_errors.cpp
  ctl/talk/database_option.cpp
  ctl/talk/error_output.cpp
  ctl/talk/in_force.cpp
  ctl/talk/line.cpp
  ctl/talk/reload.cpp
  ctl/talk/suggest.cpp
  ctl/talk/voltd.cpp
  ctl/talk/whole_file.cpp
  ctl/views/control_view.cpp
  ctl/views/explain_view.cpp
  ctl/views/history_view.cpp
  ctl/views/plot.cpp
  ctl/views/probe_view.cpp
  ctl/views/settings_view.cpp
  ctl/views/site_view.cpp
  ctl/views/status_view.cpp
  ctl/views/table.cpp
  ctl/views/terminal.cpp
  ctl/views/text.cpp
  ctl/views/time_argument.cpp
  ctl/views/whatif_view.cpp
)
target_link_libraries(daemon_ctl PUBLIC daemon_routes daemon_whatif_question daemon_explain daemon_settings daemon_config daemon_host drivers_store drivers_modbus drivers_mqtt Threads::Threads PRIVATE PkgConfig::HTTPLIB fmt::fmt)
# The command line library is slow to compile, and tests need no speed here.
target_compile_options(daemon_ctl PRIVATE $<$<CONFIG:Debug>:-O0>)
# Use the library's own time_t, as for api/server/server.cpp.
set_source_files_properties(ctl/talk/api_client.cpp PROPERTIES COMPILE_OPTIONS "-U_TIME_BITS" SKIP_PRECOMPILE_HEADERS ON)

# Prints the manual pages; for `./dev man` and the tests.
add_library(daemon_manual STATIC EXCLUDE_FROM_ALL ctl/docs/answers.cpp ctl/docs/manual.cpp ctl/docs/markdown.cpp
  ctl/docs/terms.cpp)
target_link_libraries(daemon_manual PUBLIC daemon_ctl PRIVATE fmt::fmt)
add_executable(voltd-manual EXCLUDE_FROM_ALL ctl/manual_main.cpp)
target_link_libraries(voltd-manual PRIVATE daemon_manual)
set_target_properties(voltd-manual PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

add_executable(voltctl ctl/main.cpp)
target_link_libraries(voltctl PRIVATE daemon_ctl)
set_target_properties(voltctl PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

include(GNUInstallDirs)
install(FILES man/voltctl.1 man/voltsim.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES man/voltd.yaml.5 man/voltd-settings.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES man/voltd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ctl/docs/completion/voltctl.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME voltctl)
install(FILES ctl/docs/completion/_voltctl DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
