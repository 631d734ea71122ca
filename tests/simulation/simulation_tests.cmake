# Seeded simulation: a library for the tests, and a separate program that is not installed.
set(dir ${CMAKE_CURRENT_LIST_DIR})
add_library(simulation STATIC
  ${dir}/device.cpp
  ${dir}/happening.cpp
  ${dir}/instruments.cpp
  ${dir}/liveness.cpp
  ${dir}/local_time.cpp
  ${dir}/log.cpp
  ${dir}/protection.cpp
  ${dir}/safety.cpp
  ${dir}/settings.cpp
  ${dir}/site.cpp
  ${dir}/stretch.cpp
  ${dir}/summary.cpp
)
target_compile_options(simulation PRIVATE $<$<CONFIG:Debug>:-O1>)
target_link_libraries(simulation PUBLIC rules daemon_rule_state drivers_sim_plant fmt::fmt)

add_executable(simulate ${dir}/simulate.cpp)
target_link_libraries(simulate PRIVATE simulation)
set_target_properties(simulate PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

volt_test(simulation_test COMPUTES LIBS simulation SOURCES ${dir}/protection_test.cpp ${dir}/simulation_test.cpp)
