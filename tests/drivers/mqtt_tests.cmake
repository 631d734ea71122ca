# Pure tests first, then those that need a real broker.
volt_test(drivers_mqtt_tests LIBS drivers_mqtt test_fakes SOURCES
  drivers/override_body_test.cpp
  drivers/mqtt/access_test.cpp
  drivers/mqtt/announce/announcements_test.cpp
  drivers/mqtt/commands_test.cpp
  drivers/mqtt/dialects_test.cpp
  drivers/mqtt/discovery_test.cpp
  drivers/mqtt/esphome_test.cpp
  drivers/mqtt/generic_test.cpp
  drivers/mqtt/home_assistant_test.cpp
  drivers/mqtt/inbox_test.cpp
  drivers/mqtt/outputs_dialects_test.cpp
  drivers/mqtt/outputs_test.cpp
  drivers/mqtt/password_test.cpp
  drivers/mqtt/payload_test.cpp
  drivers/mqtt/protection_test.cpp
  drivers/mqtt/publisher_test.cpp
  drivers/mqtt/rival_test.cpp
  drivers/mqtt/sensors_test.cpp
  drivers/mqtt/shared_topics_test.cpp
  drivers/mqtt/shelly_gen1_test.cpp
  drivers/mqtt/shelly_gen2_test.cpp
  drivers/mqtt/tasmota_test.cpp
  drivers/mqtt/zigbee2mqtt_test.cpp
)
volt_test(drivers_mqtt_broker_tests COST 100 LIBS drivers_mqtt test_fakes SOURCES
  drivers/mqtt/broker_connection_test.cpp
  drivers/mqtt/broker_look_test.cpp
  drivers/mqtt/guest_test.cpp
  drivers/mqtt/no_delay_test.cpp
  drivers/mqtt/relay_test.cpp
  drivers/mqtt/subscriptions_test.cpp
)
