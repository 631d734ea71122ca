volt_test(rules_loads_tests COMPUTES LIBS rules SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/alarms_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/alarms_readings_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/align_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/allowance_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/decide_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/fans_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/follow_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/gates_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/heaters_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/load_list_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/names_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/subject_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/outputs/meter_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/outputs/exit_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/outputs/lease_trial_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/outputs/observe_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/outputs/orders_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/outputs/trip_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/power_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/preempt_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/runs_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/sag_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/starts_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/stops_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/loads/verdicts_test.cpp
  TIMEOUT 300
)
