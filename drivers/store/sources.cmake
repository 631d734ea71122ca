# Settings in, history out: the one place that knows SQLite. The schema is embedded from schema/*.sql.
set(schema_names 001_settings 002_defaults 003_telemetry 004_history 005_views 006_reading 007_bank 008_budget)
set(schema_sql)
foreach(name IN LISTS schema_names)
  foreach(part up down verify)
    list(APPEND schema_sql ${CMAKE_SOURCE_DIR}/schema/${name}.${part}.sql)
  endforeach()
endforeach()
string(REPLACE ";" "," schema_list "${schema_names}")
set(schema_cpp ${CMAKE_BINARY_DIR}/generated/schema_files.cpp)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${schema_cpp}
  COMMAND ${CMAKE_COMMAND} -DSCHEMA_DIR=${CMAKE_SOURCE_DIR}/schema -DNAMES=${schema_list} -DOUTPUT=${schema_cpp}
          -P ${CMAKE_CURRENT_LIST_DIR}/embed_schema.cmake
  DEPENDS ${schema_sql} ${CMAKE_CURRENT_LIST_DIR}/embed_schema.cmake
  COMMENT "Embedding the schema"
  VERBATIM)

add_library(drivers_store STATIC
  store/age_clock.cpp
  store/backup.cpp
  store/copies.cpp
  store/database.cpp
  store/decimal.cpp
  store/file_watch.cpp
  store/files.cpp
  store/history.cpp
  store/inbox.cpp
  store/inspect.cpp
  store/lock.cpp
  store/maintenance.cpp
  store/metrics_book.cpp
  store/peek.cpp
  store/migrations.cpp
  store/notes.cpp
  store/polling_book.cpp
  store/raw_rows.cpp
  store/reading.cpp
  store/recent.cpp
  store/rescue.cpp
  store/retention.cpp
  store/schema_difference.cpp
  store/series.cpp
  store/settings.cpp
  store/settings_checks.cpp
  store/settings_edit.cpp
  store/settings_fields.cpp
  store/settings_log.cpp
  store/settings_miners.cpp
  store/settings_open.cpp
  store/settings_preferences.cpp
  store/settings_record.cpp
  store/settings_row.cpp
  store/settings_rules.cpp
  store/settings_sum.cpp
  store/settings_undo.cpp
  store/settings_value.cpp
  store/settings_write.cpp
  store/settings_zones.cpp
  store/sha256.cpp
  store/slug.cpp
  store/sqlite.cpp
  store/store.cpp
  store/telemetry_rows.cpp
  store/uuid.cpp
  store/writer.cpp
  store/writer_batch.cpp
  store/writer_history.cpp
  store/writer_settings.cpp
  ${schema_cpp})
target_link_libraries(drivers_store PUBLIC drivers_base PRIVATE SQLite::SQLite3 Threads::Threads)
