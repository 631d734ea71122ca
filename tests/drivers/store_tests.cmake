volt_test(drivers_store_tests TIMEOUT 600 LIBS drivers_store SQLite::SQLite3 SOURCES
  drivers/hidden_test.cpp
  drivers/near_match_test.cpp
  drivers/task_thread_test.cpp
  drivers/store/bank_migration_test.cpp
  drivers/store/books_test.cpp
  drivers/store/database_test.cpp
  drivers/store/decimal_test.cpp
  drivers/store/file_watch_test.cpp
  drivers/store/inbox_test.cpp
  drivers/store/kill_test.cpp
  drivers/store/maintenance_test.cpp
  drivers/store/migrations_test.cpp
  drivers/store/raw_rows_test.cpp
  drivers/store/reading_test.cpp
  drivers/store/retention_test.cpp
  drivers/store/schema_edges_test.cpp
  drivers/store/schema_test.cpp
  drivers/store/settings_edit_test.cpp
  drivers/store/settings_log_test.cpp
  drivers/store/settings_names_test.cpp
  drivers/store/settings_test.cpp
  drivers/store/sha256_test.cpp
  drivers/store/slug_test.cpp
  drivers/store/sqlite_test.cpp
  drivers/store/store_test.cpp
  drivers/store/triggers_test.cpp
  drivers/store/views_test.cpp)
# Quick rounds here; `./dev test store-long` sets VOLT_STORE_LONG for the full ones.
volt_test(drivers_store_proof_tests TIMEOUT 900 LIBS drivers_store SQLite::SQLite3 SOURCES
  drivers/store/proof_damage_test.cpp
  drivers/store/proof_disk_test.cpp
  drivers/store/proof_kill_test.cpp)
