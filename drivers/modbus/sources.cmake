# Polled devices over Modbus TCP (and RTU frames in a TCP stream), by libmodbus.
add_library(drivers_modbus STATIC
  modbus/block.cpp
  modbus/charge_write.cpp
  modbus/connection.cpp
  modbus/copy_watch.cpp
  modbus/device_look.cpp
  modbus/unit_finder.cpp
  modbus/frame.cpp
  modbus/gx_alarms.cpp
  modbus/gx_registers.cpp
  modbus/known_holes.cpp
  modbus/joined_read.cpp
  modbus/pack_watch.cpp
  modbus/poller.cpp
  modbus/polling.cpp
  modbus/probe.cpp
  modbus/probe_kinds.cpp
  modbus/probe_yaml.cpp
  modbus/register_board.cpp
  modbus/registers.cpp
  modbus/resolve.cpp
  modbus/scale_watch.cpp
  modbus/scan.cpp
  modbus/serial_watch.cpp
  modbus/sol_ark.cpp
  modbus/sol_ark_registers.cpp
  modbus/stop_event.cpp
  modbus/transport.cpp
  modbus/unit_blocks.cpp
  modbus/victron_gx.cpp
)
target_link_libraries(drivers_modbus PUBLIC drivers_base Threads::Threads PRIVATE PkgConfig::MODBUS)
