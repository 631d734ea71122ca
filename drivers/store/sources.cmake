# Settings in, history out: the only part that uses SQLite. The schema is embedded from schema/*.sql.
set(schema_names 001_settings 002_defaults 003_telemetry 004_history 005_views 006_reading 007_bank 008_budget 009_sessions
  010_first_hour)
# embed_schema(<source> <function> <folder> <names…>) converts the migrations of a folder to a C++ source.
function(embed_schema source function folder)
  set(files)
  foreach(name IN LISTS ARGN)
    foreach(part up down verify)
      list(APPEND files ${folder}/${name}.${part}.sql)
    endforeach()
  endforeach()
  list(JOIN ARGN "," names)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DSCHEMA_DIR=${folder} -DNAMES=${names} -DFUNCTION=${function} -DOUTPUT=${source}
            -P ${CMAKE_SOURCE_DIR}/drivers/store/schema/embed_schema.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/drivers/store/schema/embed_schema.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
endfunction()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
set(schema_cpp ${CMAKE_BINARY_DIR}/generated/schema_files.cpp)
embed_schema(${schema_cpp} built_in_migrations ${CMAKE_SOURCE_DIR}/schema ${schema_names})
set(agent_schema_cpp ${CMAKE_BINARY_DIR}/generated/agent_schema_files.cpp)
embed_schema(${agent_schema_cpp} agent_migrations ${CMAKE_SOURCE_DIR}/schema/agent 001_conversations 002_memory 003_proposals)

# Bounds of settings, without SQLite: the tests of the rules make their sites from them.
add_library(drivers_settings STATIC
  store/settings/fields.cpp
  store/settings/rules.cpp
)
target_link_libraries(drivers_settings PUBLIC drivers_base)

add_library(drivers_store STATIC
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

# Storage of volt-agent in a separate file. voltd does not link it.
add_library(drivers_agent_store STATIC
  store/agent/agent_limits.cpp
  store/agent/agent_log.cpp
  store/agent/agent_memory.cpp
  store/agent/agent_store.cpp
  store/agent/conversations.cpp
  store/agent/knowledge_history.cpp
  store/agent/knowledge_query.cpp
  store/agent/knowledge_search.cpp
  store/agent/knowledge_store.cpp
  store/agent/proposal_rows.cpp
  ${agent_schema_cpp})
target_link_libraries(drivers_agent_store PUBLIC drivers_store PRIVATE drivers_crypto SQLite::SQLite3)
