if(VOLT_BENCH)
  add_executable(site_bench ${CMAKE_CURRENT_LIST_DIR}/site_bench.cpp ${CMAKE_SOURCE_DIR}/tests/integration/site.cpp
                 ${CMAKE_SOURCE_DIR}/tests/fakes/process.cpp)
  find_program(VOLT_MOSQUITTO mosquitto PATHS /usr/sbin REQUIRED)
  target_compile_definitions(site_bench PRIVATE VOLT_BINARY_DIR="${CMAKE_BINARY_DIR}" VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
  target_link_libraries(site_bench PRIVATE volt_flags fmt::fmt Threads::Threads)
  add_dependencies(site_bench voltd voltsim)
endif()
