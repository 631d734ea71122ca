# Property tests. They need only the text form of the rules' memory from the daemon, and no SQLite.
find_package(nlohmann_json REQUIRED)
add_library(proof_site STATIC
  ${CMAKE_CURRENT_LIST_DIR}/site_maker.cpp
)
target_link_libraries(proof_site PUBLIC rules daemon_rule_state drivers_settings nlohmann_json::nlohmann_json)

volt_test(rules_properties_tests COMPUTES LIBS proof_site SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/properties_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/case.cpp
  ${CMAKE_CURRENT_LIST_DIR}/examine.cpp
  ${CMAKE_CURRENT_LIST_DIR}/facts.cpp
  ${CMAKE_CURRENT_LIST_DIR}/numbers.cpp
  ${CMAKE_CURRENT_LIST_DIR}/print.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_budget.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_exit.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_power.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_protect.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_turns.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_voltage.cpp
  ${CMAKE_CURRENT_LIST_DIR}/proof_words.cpp
  ${CMAKE_CURRENT_LIST_DIR}/shrink.cpp
  ${CMAKE_CURRENT_LIST_DIR}/world.cpp
  ${CMAKE_CURRENT_LIST_DIR}/world_good.cpp
)
# Compile as one unit: the headers cost more than the code, and deliberate faults in the rules rebuild this often.
set_target_properties(rules_properties_tests PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
set_target_properties(proof_site PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
target_compile_options(proof_site PRIVATE $<$<CONFIG:Debug>:-O1>)
