volt_test(drivers_mqtt_link_tests LIBS drivers_mqtt test_fakes TIMEOUT 300 SOURCES
  drivers/mqtt/link_test.cpp
)
