include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_loop_tests LIBS daemon_base test_processes SOURCES
  daemon/clock_test.cpp
  daemon/end_limit_test.cpp
  daemon/footprint_test.cpp
  daemon/freeze_test.cpp
  daemon/log_test.cpp
  daemon/mailbox_test.cpp
  daemon/pace_test.cpp
  daemon/safe_mode_test.cpp
  daemon/source_log_test.cpp
  daemon/supervisor_test.cpp
  daemon/under_voltage_test.cpp
  daemon/wake_test.cpp
)
volt_test(daemon_cycle_tests LIBS daemon_loop test_processes PkgConfig::SYSTEMD SOURCES
  daemon/api_keeper_test.cpp
  daemon/charge_carrier_test.cpp
  daemon/charge_proof_test.cpp
  daemon/cycle_test.cpp
  daemon/housekeeper_test.cpp
  daemon/leaving_test.cpp
  daemon/ledger_test.cpp
  daemon/rule_state_test.cpp
  daemon/site_alarms_test.cpp
  daemon/timedate_test.cpp
)
