find_program(VOLT_MOSQUITTO mosquitto PATHS /usr/sbin REQUIRED)
volt_test(integration_tests TIMEOUT 600 LIBS fmt::fmt Threads::Threads SOURCES
  fakes/process.cpp
  integration/site.cpp
  integration/bad_input_test.cpp
  integration/settings_test.cpp
  integration/disk_full_test.cpp
  integration/main_job_test.cpp
)
volt_test(integration_devices_tests TIMEOUT 300 LIBS fmt::fmt Threads::Threads SOURCES
  fakes/process.cpp
  integration/site.cpp
  integration/devices_test.cpp
)
foreach(trial integration_tests integration_devices_tests)
  target_compile_definitions(${trial} PRIVATE VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
endforeach()
foreach(program voltd voltctl voltsim)
  if(TARGET ${program})
    add_dependencies(integration_tests ${program})
    add_dependencies(integration_devices_tests ${program})
  endif()
endforeach()

volt_test(integration_dialects_tests TIMEOUT 300 LIBS fmt::fmt Threads::Threads SOURCES
  fakes/process.cpp
  integration/site.cpp
  integration/dialects_test.cpp
)
target_compile_definitions(integration_dialects_tests PRIVATE VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
foreach(program voltd voltsim)
  if(TARGET ${program})
    add_dependencies(integration_dialects_tests ${program})
  endif()
endforeach()
