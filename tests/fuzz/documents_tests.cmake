# Document readers and the search's question parser with arbitrary bytes. VOLT_FUZZ (clang) builds a libFuzzer program; every
# build replays the corpus.
add_executable(documents_fuzz_replay fuzz/documents_fuzz.cpp fuzz/replay.cpp)
target_link_libraries(documents_fuzz_replay PRIVATE volt_flags daemon_agent)
add_test(NAME documents_fuzz_replay COMMAND documents_fuzz_replay ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/documents_corpus)
if(VOLT_FUZZ AND NOT TARGET documents_fuzz)
  add_executable(documents_fuzz fuzz/documents_fuzz.cpp)
  target_link_libraries(documents_fuzz PRIVATE volt_flags daemon_agent)
  target_link_options(documents_fuzz PRIVATE -fsanitize=fuzzer)
endif()
