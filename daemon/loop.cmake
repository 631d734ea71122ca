# The parts of the loop that need no concrete driver, then the daemon itself.
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET GLOBAL libsystemd)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET GLOBAL libcrypto)
add_library(daemon_base STATIC
  certificate.cpp
  clock.cpp
  end_limit.cpp
  footprint.cpp
  freeze.cpp
  log.cpp
  log_writer.cpp
  mailbox.cpp
  pace.cpp
  safe_mode.cpp
  source_log.cpp
  supervisor.cpp
  timedate.cpp
  under_voltage.cpp
  wake.cpp
  wish.cpp
)
target_link_libraries(daemon_base PUBLIC rules drivers_base fmt::fmt Threads::Threads PRIVATE PkgConfig::SYSTEMD PkgConfig::CRYPTO date::date-tz)

add_library(daemon_loop STATIC
  api_keeper.cpp
  budget_state.cpp
  charge_block.cpp
  charge_carrier.cpp
  charge_proof.cpp
  cycle.cpp
  digest.cpp
  housekeeper.cpp
  leaving.cpp
  ledger.cpp
  machine_id.cpp
  rule_state.cpp
  site_alarms.cpp
  source_book.cpp
  state_keeper.cpp
  teller.cpp
)
target_link_libraries(daemon_loop PUBLIC daemon_base daemon_config daemon_explain daemon_api drivers_base)

add_executable(voltd
  main.cpp
  application.cpp
  farewell.cpp
  mqtt_field.cpp
  reload.cpp
)
target_link_libraries(voltd PRIVATE daemon_loop drivers)
set_target_properties(voltd PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
install(TARGETS voltd RUNTIME)
