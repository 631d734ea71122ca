include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_ctl_db_test COMPUTES LIBS drivers_store test_processes SOURCES
  daemon/ctl/commands/backup_commands_test.cpp
  daemon/ctl/commands/db_commands_test.cpp)
target_compile_definitions(daemon_ctl_db_test PRIVATE VOLTCTL="$<TARGET_FILE:voltctl>")
add_dependencies(daemon_ctl_db_test voltctl)
