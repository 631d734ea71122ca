# Site as the loop sees it: readings in, orders out, the charge limit, system alarms.
add_library(daemon_site STATIC
  site/charge_block.cpp
  site/charge_limit_controller.cpp
  site/charge_orders.cpp
  site/charge_proof.cpp
  site/ha_devices.cpp
  site/lease_proof.cpp
  site/mailbox.cpp
  site/mqtt_site_io.cpp
  site/output_release.cpp
  site/override_request.cpp
  site/pollers.cpp
  site/snapshot_builder.cpp
  site/system_alarms.cpp
)
target_link_libraries(daemon_site PUBLIC daemon_host daemon_config daemon_explain drivers_modbus drivers_mqtt drivers_base)
