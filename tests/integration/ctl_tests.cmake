find_program(VOLT_MOSQUITTO mosquitto PATHS /usr/sbin REQUIRED)
volt_test(ctl_site_tests TIMEOUT 300 LIBS fmt::fmt Threads::Threads util SOURCES
  fakes/process.cpp
  integration/site.cpp
  integration/ctl_test.cpp
)
target_compile_definitions(ctl_site_tests PRIVATE VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
add_dependencies(ctl_site_tests voltd voltctl voltsim)
