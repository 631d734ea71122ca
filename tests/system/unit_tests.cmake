# Checks the isolation of the service with systemd's own rating.
add_test(NAME system_unit_test COMMAND ${CMAKE_CURRENT_LIST_DIR}/unit_test.sh)
set_tests_properties(system_unit_test PROPERTIES SKIP_RETURN_CODE 77)
