include(${CMAKE_CURRENT_SOURCE_DIR}/fakes/fakes_tests.cmake)
volt_test(daemon_backup_tests COST 30
  LIBS daemon_ctl test_fakes
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/ctl/backup/archive_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/backup/making_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/backup/manifest_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ctl/backup/restoring_test.cpp
)
