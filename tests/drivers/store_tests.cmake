volt_test(drivers_store_tests TIMEOUT 300 LIBS drivers_store SQLite::SQLite3 SOURCES
  drivers/store/books_test.cpp
  drivers/store/database_test.cpp
  drivers/store/decimal_test.cpp
  drivers/store/inbox_test.cpp
  drivers/store/kill_test.cpp
  drivers/store/migrations_test.cpp
  drivers/store/raw_rows_test.cpp
  drivers/store/retention_test.cpp
  drivers/store/schema_test.cpp
  drivers/store/settings_test.cpp
  drivers/store/sha256_test.cpp
  drivers/store/slug_test.cpp
  drivers/store/sqlite_test.cpp
  drivers/store/store_test.cpp)
