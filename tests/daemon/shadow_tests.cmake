set(dir ${CMAKE_CURRENT_LIST_DIR}/ctl/shadow)
volt_test(daemon_shadow_tests COMPUTES COST 40
  LIBS daemon_ctl daemon_journal simulation
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/whatif/recorded_days.cpp
    ${dir}/shadow_report_test.cpp
    ${dir}/two_days_test.cpp
)
