# Results of a turn: topics, log lines, decisions, runs, the rules' memory. The text form of that memory is a separate library:
# the rules' tests need nothing else of the daemon.
add_library(daemon_rule_state STATIC
  journal/budget_state_codec.cpp
  journal/rule_state_codec.cpp
)
target_link_libraries(daemon_rule_state PUBLIC rules)

add_library(daemon_journal STATIC
  journal/change_fingerprint.cpp
  journal/energy_counters.cpp
  journal/output_history.cpp
  journal/rule_state_saver.cpp
  journal/run_recorder.cpp
  journal/source_fault_log.cpp
  journal/source_health.cpp
  journal/status_snapshot.cpp
  journal/turn_reporter.cpp
)
target_link_libraries(daemon_journal PUBLIC daemon_rule_state daemon_site daemon_host daemon_config daemon_explain)
