# The simulated site. It shares no register table and no framing with drivers/modbus: one mistake must not hide in both.
# The physics is independent: the simulation of the tests links nothing else.
add_library(drivers_sim_plant STATIC
  sim/bank.cpp
  sim/clouds.cpp
  sim/house.cpp
  sim/miner.cpp
  sim/plant.cpp
  sim/rooms.cpp
  sim/sun.cpp
)
target_compile_options(drivers_sim_plant PRIVATE $<$<CONFIG:Debug>:-O1>)
target_link_libraries(drivers_sim_plant PUBLIC volt_flags)

add_library(drivers_sim STATIC
  sim/ambient.cpp
  sim/broker_link.cpp
  sim/control.cpp
  sim/esphome_fan.cpp
  sim/frame.cpp
  sim/gx_server.cpp
  sim/level_fan.cpp
  sim/modbus_server.cpp
  sim/options.cpp
  sim/plain_relay.cpp
  sim/registers.cpp
  sim/relays.cpp
  sim/shelly_gen2.cpp
  sim/site.cpp
  sim/sol_ark_server.cpp
  sim/tasmota.cpp
  sim/view.cpp
  sim/zigbee_plug.cpp
)
target_link_libraries(drivers_sim PUBLIC drivers_sim_plant drivers_base fmt::fmt Threads::Threads
  PRIVATE PahoMqttCpp::paho-mqttpp3 date::date-tz)

add_executable(voltsim sim/voltsim.cpp)
target_link_libraries(voltsim PRIVATE drivers_sim)
set_target_properties(voltsim PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
install(TARGETS voltsim RUNTIME DESTINATION bin)
