# Sentences, topics and changes: pure text about decisions.
add_library(daemon_explain STATIC
  explain/active_alarms.cpp
  explain/alarm_remedies.cpp
  explain/changes.cpp
  explain/budget_json.cpp
  explain/explain_alarm.cpp
  explain/explain_budget.cpp
  explain/explain_flip.cpp
  explain/explain_gate.cpp
  explain/explain_json.cpp
  explain/explain_load.cpp
  explain/explain_needs.cpp
  explain/explain_parts.cpp
  explain/explain_reading.cpp
  explain/explain_site.cpp
  explain/change_facts.cpp
  explain/history_json.cpp
  explain/json_parts.cpp
  explain/notice.cpp
  explain/phrase.cpp
  explain/topics.cpp
)
target_link_libraries(daemon_explain PUBLIC rules fmt::fmt drivers_store)
