# Settings as JSON and as typed by an operator: shared by voltctl and HTTP.
add_library(daemon_settings STATIC
  settings/settings_json.cpp
  settings/settings_text.cpp
)
target_link_libraries(daemon_settings PUBLIC drivers_store)
