# Settings in, history out: the one place that knows SQLite. The schema is embedded from schema/*.sql.
set(schema_names 001_settings 002_defaults 003_telemetry 004_history 005_views 006_reading 007_bank 008_budget 009_sessions
  010_first_hour)
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
          -P ${CMAKE_CURRENT_LIST_DIR}/schema/embed_schema.cmake
  DEPENDS ${schema_sql} ${CMAKE_CURRENT_LIST_DIR}/schema/embed_schema.cmake
  COMMENT "Embedding the schema"
  VERBATIM)

# What a setting may be, without SQLite: the tests of the rules make their sites by it.
add_library(drivers_settings STATIC
  store/settings/fields.cpp
  store/settings/rules.cpp
)
target_link_libraries(drivers_settings PUBLIC drivers_base)

add_library(drivers_store STATIC
  store/knowledge/passage_index.cpp
  store/recovery/backup.cpp
  store/recovery/backup_log.cpp
  store/recovery/database.cpp
  store/recovery/inspect.cpp
  store/recovery/maintenance.cpp
  store/recovery/rescue.cpp
  store/recovery/restore_notes.cpp
  store/recovery/settings_copies.cpp
  store/schema/difference.cpp
  store/schema/migrations.cpp
  store/schema/settings_sum.cpp
  store/settings/accounts.cpp
  store/settings/checks.cpp
  store/settings/edit.cpp
  store/settings/log.cpp
  store/settings/open.cpp
  store/settings/read_only.cpp
  store/settings/record.cpp
  store/settings/row.cpp
  store/settings/settings.cpp
  store/settings/slug.cpp
  store/settings/sum.cpp
  store/settings/undo.cpp
  store/settings/uuid.cpp
  store/settings/value.cpp
  store/settings/write.cpp
  store/sqlite/file_watch.cpp
  store/sqlite/files.cpp
  store/sqlite/lock.cpp
  store/sqlite/sqlite.cpp
  store/telemetry/age_clock.cpp
  store/telemetry/guarded_query.cpp
  store/telemetry/history_reader.cpp
  store/telemetry/imported_rows.cpp
  store/telemetry/metrics_accumulator.cpp
  store/telemetry/polling_accumulator.cpp
  store/telemetry/raw_rows.cpp
  store/telemetry/recent.cpp
  store/telemetry/retention.cpp
  store/telemetry/series.cpp
  store/telemetry/telemetry_rows.cpp
  store/writer/batch.cpp
  store/writer/history_rows.cpp
  store/writer/open.cpp
  store/writer/queue_history.cpp
  store/writer/settings_reload.cpp
  store/writer/write_queue.cpp
  store/writer/writer.cpp
  ${schema_cpp})
target_link_libraries(drivers_store PUBLIC drivers_settings drivers_base PRIVATE drivers_crypto SQLite::SQLite3 Threads::Threads)
