# MQTT input with arbitrary bytes. VOLT_FUZZ (clang) builds a libFuzzer program; every build replays the corpus.
add_executable(mqtt_fuzz_replay fuzz/mqtt_fuzz.cpp fuzz/replay.cpp)
target_link_libraries(mqtt_fuzz_replay PRIVATE volt_flags drivers_mqtt)
add_test(NAME mqtt_fuzz_replay COMMAND mqtt_fuzz_replay ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/mqtt_corpus)
if(VOLT_FUZZ AND NOT TARGET mqtt_fuzz)
  add_executable(mqtt_fuzz fuzz/mqtt_fuzz.cpp)
  target_link_libraries(mqtt_fuzz PRIVATE volt_flags drivers_mqtt)
  target_link_options(mqtt_fuzz PRIVATE -fsanitize=fuzzer)
endif()
