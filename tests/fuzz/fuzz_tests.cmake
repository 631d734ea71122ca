# Replays the stored corpus in every run. ./dev fuzz runs the fuzzer itself and counts steps (clang, VOLT_FUZZ).
volt_test(rules_corpus_tests LIBS proof_site SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/corpus_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/input.cpp
)
set_target_properties(rules_corpus_tests PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)

if(VOLT_FUZZ)
  add_executable(rules_fuzzer ${CMAKE_CURRENT_LIST_DIR}/fuzz_main.cpp ${CMAKE_CURRENT_LIST_DIR}/input.cpp)
  target_link_libraries(rules_fuzzer PRIVATE proof_site)
  target_link_options(rules_fuzzer PRIVATE -fsanitize=fuzzer)

  get_target_property(rules_sources rules SOURCES)
  list(TRANSFORM rules_sources PREPEND ${CMAKE_SOURCE_DIR}/rules/)
  add_library(rules_counted STATIC EXCLUDE_FROM_ALL ${rules_sources})
  target_include_directories(rules_counted PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(rules_counted PRIVATE -fsanitize-coverage=trace-pc-guard)
  add_executable(rules_steps EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/steps_main.cpp)
  target_link_libraries(rules_steps PRIVATE rules_counted)
endif()
