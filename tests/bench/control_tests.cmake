if(VOLT_BENCH)
  find_package(nlohmann_json REQUIRED)
  find_package(Threads REQUIRED)
  add_executable(control_bench
    ${CMAKE_CURRENT_LIST_DIR}/control_bench.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_foresight.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_rivals.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_rules.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_settings.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_week.cpp
  )
  target_link_libraries(control_bench PRIVATE rules daemon_ctl daemon_host daemon_rule_state drivers_sim_plant volt_flags fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)
endif()
