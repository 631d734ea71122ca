volt_test(drivers_store_tests LIBS drivers_store SQLite::SQLite3 SOURCES
  drivers/store/decimal_test.cpp
  drivers/store/migrations_test.cpp
  drivers/store/schema_test.cpp
  drivers/store/sha256_test.cpp
  drivers/store/slug_test.cpp
  drivers/store/sqlite_test.cpp)
