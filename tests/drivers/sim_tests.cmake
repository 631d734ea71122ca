include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(drivers_sim_tests LIBS drivers_sim test_fakes SOURCES
  drivers/sim/bank_test.cpp
  drivers/sim/clouds_test.cpp
  drivers/sim/control_test.cpp
  drivers/sim/esphome_fan_test.cpp
  drivers/sim/frame_test.cpp
  drivers/sim/gx_server_test.cpp
  drivers/sim/house_test.cpp
  drivers/sim/level_fan_test.cpp
  drivers/sim/miner_test.cpp
  drivers/sim/modbus_server_test.cpp
  drivers/sim/options_test.cpp
  drivers/sim/plain_relay_test.cpp
  drivers/sim/plant_test.cpp
  drivers/sim/relays_test.cpp
  drivers/sim/rooms_test.cpp
  drivers/sim/shelly_gen2_test.cpp
  drivers/sim/site_test.cpp
  drivers/sim/sol_ark_server_test.cpp
  drivers/sim/sun_test.cpp
  drivers/sim/tasmota_test.cpp
  drivers/sim/view_test.cpp
  drivers/sim/voltsim_test.cpp
  drivers/sim/zigbee_plug_test.cpp
)
add_dependencies(drivers_sim_tests voltsim)
