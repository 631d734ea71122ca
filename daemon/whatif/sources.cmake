# Replay with other settings: recorded readings through the rules. The engine is independent and pure. The rest reads the record
# from the database and asks the question.
add_library(daemon_whatif STATIC
  whatif/battery_fit.cpp
  whatif/comparison.cpp
  whatif/followed_outputs.cpp
  whatif/record.cpp
  whatif/replay_site.cpp
  whatif/stored_energy.cpp
  whatif/suggestion.cpp
)
target_link_libraries(daemon_whatif PUBLIC rules daemon_report daemon_explain PRIVATE fmt::fmt)
add_library(daemon_whatif_question STATIC
  whatif/answer_json.cpp
  whatif/proposal.cpp
  whatif/question.cpp
  whatif/read_policies.cpp
  whatif/read_record.cpp
  whatif/read_runs.cpp
)
target_link_libraries(daemon_whatif_question PUBLIC daemon_whatif daemon_settings daemon_config daemon_rule_state daemon_host drivers_store PRIVATE fmt::fmt)
