include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_loop_tests LIBS daemon_loop test_processes PkgConfig::MODBUS SOURCES
  daemon/host/clock_test.cpp
  daemon/host/zone_rule_test.cpp
  daemon/host/end_limit_test.cpp
  daemon/host/memory_trim_test.cpp
  daemon/site/snapshot_builder_test.cpp
  daemon/host/log_test.cpp
  daemon/site/ha_devices_test.cpp
  daemon/site/mailbox_test.cpp
  daemon/site/pollers_test.cpp
  daemon/loop/turn_timing_test.cpp
  daemon/host/safe_mode_test.cpp
  daemon/journal/energy_counters_test.cpp
  daemon/journal/rule_state_saver_test.cpp
  daemon/journal/source_fault_log_test.cpp
  daemon/journal/source_health_test.cpp
  daemon/journal/turn_reporter_test.cpp
  daemon/host/supervisor_test.cpp
  daemon/host/under_voltage_test.cpp
  daemon/host/event_wait_test.cpp
)
volt_test(daemon_cycle_tests COMPUTES LIBS daemon_api test_processes PkgConfig::SYSTEMD SOURCES
  daemon/api/server/lifecycle_test.cpp
  daemon/site/charge_limit_controller_test.cpp
  daemon/site/charge_proof_test.cpp
  daemon/site/lease_proof_test.cpp
  daemon/loop/cycle_test.cpp
  daemon/loop/lease_trials_test.cpp
  daemon/host/background_io_test.cpp
  daemon/loop/shadow_transition_test.cpp
  daemon/journal/run_recorder_test.cpp
  daemon/journal/rule_state_codec_test.cpp
  daemon/site/system_alarms_test.cpp
  daemon/host/sun_test.cpp
  daemon/host/timedate_test.cpp
)
# Replaces operator new, so it is a separate program.
volt_test(daemon_allocation_tests LIBS daemon_loop SOURCES daemon/loop/turn_allocations_test.cpp)
