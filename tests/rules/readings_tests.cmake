volt_test(rules_readings_tests LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/battery/bank_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/battery/charge_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/curve_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/zones/fan_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/zones/heat_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/copies_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/cross_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/frozen_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/power_values_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/hold_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/powers_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/site_power_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/source_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/readings_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/temperatures_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/values_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/readings/voltage_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/battery/stage_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/zones/zones_test.cpp
)

volt_test(rules_purity_test LIBS rules SOURCES ${CMAKE_CURRENT_LIST_DIR}/purity_test.cpp)
volt_test(rules_allocation_tests LIBS rules SOURCES ${CMAKE_CURRENT_LIST_DIR}/allocations_test.cpp)
