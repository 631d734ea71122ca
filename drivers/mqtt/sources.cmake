# MQTT by paho: the link, outputs, sensors, state topics and commands.
add_library(drivers_mqtt STATIC
  mqtt/access.cpp
  mqtt/announce/announced.cpp
  mqtt/announce/announced_home_assistant.cpp
  mqtt/announce/announced_shelly.cpp
  mqtt/announce/announced_tasmota.cpp
  mqtt/announce/announced_temperature.cpp
  mqtt/announce/announced_zigbee.cpp
  mqtt/announce/announcements.cpp
  mqtt/broker_connection.cpp
  mqtt/broker_look.cpp
  mqtt/client.cpp
  mqtt/commands.cpp
  mqtt/dialects.cpp
  mqtt/discovery.cpp
  mqtt/esphome.cpp
  mqtt/generic.cpp
  mqtt/home_assistant.cpp
  mqtt/guest.cpp
  mqtt/inbox.cpp
  mqtt/no_delay.cpp
  mqtt/outputs.cpp
  mqtt/outputs_retained.cpp
  mqtt/outputs_states.cpp
  mqtt/password.cpp
  mqtt/payload.cpp
  mqtt/protection.cpp
  mqtt/publisher.cpp
  mqtt/rival.cpp
  mqtt/sensors.cpp
  mqtt/shared_topics.cpp
  mqtt/shelly_gen1.cpp
  mqtt/shelly_gen2.cpp
  mqtt/tasmota.cpp
  mqtt/zigbee2mqtt.cpp
)
target_link_libraries(drivers_mqtt PUBLIC drivers_base PRIVATE PahoMqttCpp::paho-mqttpp3 Threads::Threads)
