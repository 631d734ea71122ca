# What bends hardware and brokers, for the tests of drivers, daemon and the whole site.
if(NOT TARGET test_fakes)
  add_library(test_fakes STATIC
    fakes/colour_server.cpp
    fakes/fault_proxy.cpp
    fakes/mosquitto.cpp
    fakes/mqtt_peer.cpp
    fakes/process.cpp
    fakes/tasmota.cpp
    fakes/tasmota_fleet.cpp)
  target_link_libraries(test_fakes PUBLIC volt_flags drivers_modbus Threads::Threads)
endif()
