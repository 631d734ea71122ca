if(VOLT_BENCH)
  add_executable(control_bench
    ${CMAKE_CURRENT_LIST_DIR}/control_bench.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_foresight.cpp
    ${CMAKE_CURRENT_LIST_DIR}/control_week.cpp
  )
  target_link_libraries(control_bench PRIVATE rules drivers_sim_plant volt_flags fmt::fmt)
endif()
