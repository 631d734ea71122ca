set(dir ${CMAKE_CURRENT_LIST_DIR}/whatif)
volt_test(daemon_whatif_test COMPUTES COST 60
  LIBS daemon_whatif_question daemon_journal simulation
  SOURCES
    ${dir}/agreement_test.cpp
    ${dir}/battery_fit_test.cpp
    ${dir}/comparison_test.cpp
    ${dir}/proposal_test.cpp
    ${dir}/question_test.cpp
    ${dir}/recorded_days.cpp
    ${dir}/replay_site_test.cpp
    ${dir}/stored_energy_test.cpp
    ${dir}/suggestion_test.cpp
)
