# How far the service is shut in, by systemd's own measure.
add_test(NAME system_unit_test COMMAND ${CMAKE_CURRENT_LIST_DIR}/unit_test.sh)
set_tests_properties(system_unit_test PROPERTIES SKIP_RETURN_CODE 77)
