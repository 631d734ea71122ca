# The parts of the loop that need no concrete driver.
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
add_library(daemon_base STATIC
  clock.cpp
  freeze.cpp
  housekeeper.cpp
  log.cpp
  mailbox.cpp
  supervisor.cpp
  wake.cpp
)
target_link_libraries(daemon_base PUBLIC rules drivers_base fmt::fmt Threads::Threads PRIVATE PkgConfig::SYSTEMD date::date-tz)
