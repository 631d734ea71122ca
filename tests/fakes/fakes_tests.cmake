# Fakes that make hardware and brokers fail, and code that runs the programs. Compiled once for all tests and benches.
if(NOT TARGET test_processes)
  add_library(test_processes STATIC fakes/process.cpp)
  target_link_libraries(test_processes PUBLIC volt_flags Threads::Threads)

  add_library(test_fakes STATIC
    fakes/colour_server.cpp
    fakes/fault_proxy.cpp
    fakes/mosquitto.cpp
    fakes/mqtt_peer.cpp
    fakes/tasmota.cpp
    fakes/tasmota_fleet.cpp)
  target_link_libraries(test_fakes PUBLIC volt_flags drivers_modbus test_processes)

  find_program(VOLT_MOSQUITTO mosquitto PATHS /usr/sbin REQUIRED)
  add_library(test_site STATIC integration/api_site.cpp integration/http.cpp integration/site.cpp)
  target_compile_definitions(test_site PRIVATE VOLT_BINARY_DIR="${CMAKE_BINARY_DIR}" VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
  target_link_libraries(test_site PUBLIC volt_flags fmt::fmt drivers_sim test_processes)
  foreach(helper test_processes test_fakes test_site)
    target_compile_options(${helper} PRIVATE $<$<CONFIG:Debug>:-O0>)
  endforeach()
endif()

# volt_site_test(<name> [LIBS <libraries>] SOURCES <files>): a test of voltd, voltsim and voltctl as processes.
function(volt_site_test name)
  volt_test(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE test_site)
  add_dependencies(${name} voltd voltctl voltsim)
endfunction()
