# Modbus parsers with arbitrary bytes. VOLT_FUZZ (clang) builds a libFuzzer program; every build replays the corpus.
add_executable(modbus_fuzz_replay fuzz/modbus_fuzz.cpp fuzz/replay.cpp)
target_link_libraries(modbus_fuzz_replay PRIVATE volt_flags drivers_modbus)
add_test(NAME modbus_fuzz_replay COMMAND modbus_fuzz_replay ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/modbus_corpus)
if(VOLT_FUZZ AND NOT TARGET modbus_fuzz)
  add_executable(modbus_fuzz fuzz/modbus_fuzz.cpp)
  target_link_libraries(modbus_fuzz PRIVATE volt_flags drivers_modbus)
  target_link_options(modbus_fuzz PRIVATE -fsanitize=fuzzer)
endif()
