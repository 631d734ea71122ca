volt_test(drivers_modbus_tests COST 55
  LIBS drivers_modbus drivers_sim test_processes PkgConfig::MODBUS
  SOURCES
    drivers/modbus/backoff_test.cpp
    drivers/modbus/charge_write_test.cpp
    drivers/modbus/connection_test.cpp
    drivers/modbus/frame_test.cpp
    drivers/modbus/gx_registers_test.cpp
    drivers/modbus/known_holes_test.cpp
    drivers/modbus/joined_read_test.cpp
    drivers/modbus/moved_test.cpp
    drivers/modbus/copy_watch_test.cpp
    drivers/modbus/pack_watch_test.cpp
    drivers/modbus/poller_test.cpp
    drivers/modbus/polling_test.cpp
    drivers/modbus/register_board_test.cpp
    drivers/modbus/registers_test.cpp
    drivers/modbus/resolve_test.cpp
    drivers/modbus/scale_watch_test.cpp
    drivers/modbus/scan_test.cpp
    drivers/modbus/slow_round_test.cpp
    drivers/modbus/sol_ark_registers_test.cpp
    drivers/modbus/sol_ark_test.cpp
    drivers/modbus/stop_event_test.cpp
    drivers/modbus/transport_test.cpp
    drivers/modbus/victron_gx_test.cpp
)

include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(drivers_modbus_wire_tests
  LIBS drivers_modbus test_fakes PkgConfig::MODBUS
  SOURCES drivers/modbus/device_look_test.cpp drivers/modbus/probe_test.cpp drivers/modbus/second_opinion_test.cpp drivers/modbus/wire_test.cpp
)
