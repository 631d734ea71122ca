if(VOLT_BENCH)
  add_executable(store_bench ${CMAKE_CURRENT_LIST_DIR}/store_bench.cpp ${CMAKE_CURRENT_LIST_DIR}/store_aged.cpp
                 ${CMAKE_CURRENT_LIST_DIR}/store_causes.cpp ${CMAKE_CURRENT_LIST_DIR}/store_day.cpp)
  target_link_libraries(store_bench PRIVATE drivers_store volt_flags fmt::fmt)
endif()
