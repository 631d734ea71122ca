# Services of the machine for voltd: clock, log, systemd, files off the loop.
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET GLOBAL libsystemd)
add_library(daemon_host STATIC
  host/background_io.cpp
  host/certificate.cpp
  host/clock.cpp
  host/end_limit.cpp
  host/event_wait.cpp
  host/file_requests.cpp
  host/memory_trim.cpp
  host/host_checks.cpp
  host/log.cpp
  host/log_writer.cpp
  host/machine_id.cpp
  host/safe_mode.cpp
  host/sun.cpp
  host/supervisor.cpp
  host/timedate.cpp
  host/under_voltage.cpp
  host/zone_rule.cpp
)
target_link_libraries(daemon_host PUBLIC daemon_config rules drivers_base fmt::fmt Threads::Threads PRIVATE drivers_crypto OpenSSL::Crypto PkgConfig::SYSTEMD date::date-tz)
