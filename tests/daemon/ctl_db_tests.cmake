volt_test(daemon_ctl_db_test LIBS drivers_store SOURCES fakes/process.cpp daemon/ctl/db_commands_test.cpp)
target_compile_definitions(daemon_ctl_db_test PRIVATE VOLTCTL="$<TARGET_FILE:voltctl>")
add_dependencies(daemon_ctl_db_test voltctl)
