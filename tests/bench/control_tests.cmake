if(VOLT_BENCH)
  find_package(nlohmann_json REQUIRED)
  find_package(Threads REQUIRED)
  add_executable(control_bench
    ${CMAKE_CURRENT_LIST_DIR}/control_bench.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_foresight.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_rules.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_week.cpp
    ${CMAKE_SOURCE_DIR}/daemon/journal/budget_state_codec.cpp
    ${CMAKE_SOURCE_DIR}/daemon/journal/rule_state_codec.cpp  # the stored form alone, for the restarts
  )
  target_link_libraries(control_bench PRIVATE rules drivers_sim_plant volt_flags fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)
endif()
