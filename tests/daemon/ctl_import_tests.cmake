volt_test(daemon_import_tests
  LIBS daemon_ctl test_processes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/ctl/commands/import_command_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/import/cloud_csv_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/import/cloud_rows_test.cpp
)
target_compile_definitions(daemon_import_tests PRIVATE VOLTCTL="$<TARGET_FILE:voltctl>")
add_dependencies(daemon_import_tests voltctl)
