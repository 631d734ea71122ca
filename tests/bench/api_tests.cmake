if(VOLT_BENCH)
  add_executable(api_bench ${CMAKE_CURRENT_LIST_DIR}/api_bench.cpp ${CMAKE_SOURCE_DIR}/tests/integration/site.cpp
                 ${CMAKE_SOURCE_DIR}/tests/integration/http.cpp ${CMAKE_SOURCE_DIR}/tests/integration/api_site.cpp
                 ${CMAKE_SOURCE_DIR}/tests/fakes/process.cpp)
  find_program(VOLT_MOSQUITTO mosquitto PATHS /usr/sbin REQUIRED)
  target_compile_definitions(api_bench PRIVATE VOLT_BINARY_DIR="${CMAKE_BINARY_DIR}" VOLT_MOSQUITTO="${VOLT_MOSQUITTO}")
  target_link_libraries(api_bench PRIVATE volt_flags fmt::fmt Threads::Threads)
  add_dependencies(api_bench voltd voltsim)
endif()
