# Sentences, topics and changes: pure text of what was decided.
add_library(daemon_explain STATIC
  changes.cpp
  explain_alarm.cpp
  explain_gate.cpp
  explain_json.cpp
  explain_load.cpp
  explain_parts.cpp
  explain_site.cpp
  facts.cpp
  history_json.cpp
  json_parts.cpp
  phrase.cpp
  topics.cpp
)
target_link_libraries(daemon_explain PUBLIC rules fmt::fmt drivers_base)
