include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_ctl_test COMPUTES COST 75
  LIBS daemon_ctl daemon_manual daemon_api test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/settings/settings_json_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/talk/api_client_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/commands/control_ask_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/golden_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/help_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/login_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/history_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/commands/replay_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/commands/settings_commands_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/commands/whatif_command_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/views/text_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/views_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/voltctl_test.cpp
)
volt_test(daemon_doctor_test
  LIBS daemon_ctl test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/broker_checks_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/computer_facts_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/device_checks_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/device_facts_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/examination_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/fleet_checks_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/machine_checks_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/output_checks_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/program_checks_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/redact_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/report_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/run_program_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/doctor/site_checks_test.cpp
)
target_compile_definitions(daemon_ctl_test PRIVATE VOLTCTL="$<TARGET_FILE:voltctl>")
add_dependencies(daemon_ctl_test voltctl voltd voltd-manual voltsim)
