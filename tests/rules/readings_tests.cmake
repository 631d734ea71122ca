volt_test(rules_readings_tests LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/bank_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/charge_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/curve_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/fan_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/heat_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_cross_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_frozen_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_power_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_source_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_values_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings_voltage_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/stage_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/zones_test.cpp
)

volt_test(rules_purity_test LIBS rules SOURCES ${CMAKE_CURRENT_LIST_DIR}/purity_test.cpp)
