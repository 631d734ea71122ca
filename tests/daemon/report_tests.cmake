volt_test(daemon_report_tests LIBS daemon_report SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/report/runs_test.cpp
)
