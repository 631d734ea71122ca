volt_test(rules_scenarios_tests COMPUTES COST 55 LIBS rules daemon_rule_state SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/bank.cpp
  ${CMAKE_CURRENT_LIST_DIR}/device.cpp
  ${CMAKE_CURRENT_LIST_DIR}/run.cpp
  ${CMAKE_CURRENT_LIST_DIR}/scenarios_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/settings.cpp
  ${CMAKE_CURRENT_LIST_DIR}/site.cpp
  ${CMAKE_CURRENT_LIST_DIR}/story.cpp
  ${CMAKE_CURRENT_LIST_DIR}/watch.cpp
)
# Optimize these, which run in every tick.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/bank.cpp ${CMAKE_CURRENT_LIST_DIR}/device.cpp ${CMAKE_CURRENT_LIST_DIR}/site.cpp
  TARGET_DIRECTORY rules_scenarios_tests PROPERTIES COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
