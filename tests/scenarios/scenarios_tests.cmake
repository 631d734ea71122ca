# The store's text form of the rules' memory is compiled in: nothing else of the daemon is needed here.
volt_test(rules_scenarios_tests TIMEOUT 1200 LIBS rules SOURCES
  ${CMAKE_SOURCE_DIR}/daemon/budget_state.cpp
  ${CMAKE_SOURCE_DIR}/daemon/rule_state.cpp
  ${CMAKE_CURRENT_LIST_DIR}/bank.cpp
  ${CMAKE_CURRENT_LIST_DIR}/device.cpp
  ${CMAKE_CURRENT_LIST_DIR}/run.cpp
  ${CMAKE_CURRENT_LIST_DIR}/scenarios_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/settings.cpp
  ${CMAKE_CURRENT_LIST_DIR}/site.cpp
  ${CMAKE_CURRENT_LIST_DIR}/story.cpp
  ${CMAKE_CURRENT_LIST_DIR}/watch.cpp
)
# These work in every tick.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/bank.cpp ${CMAKE_CURRENT_LIST_DIR}/device.cpp ${CMAKE_CURRENT_LIST_DIR}/site.cpp
  TARGET_DIRECTORY rules_scenarios_tests PROPERTIES COMPILE_OPTIONS -O1)
