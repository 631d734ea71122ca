# Requests to other machines: a language model.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib)
add_library(drivers_http STATIC http/model_client.cpp)
target_link_libraries(drivers_http PUBLIC drivers_base PRIVATE PkgConfig::HTTPLIB OpenSSL::SSL Threads::Threads)
# If time_t has 32 bits by default, the library uses it: its classes contain times.
set_source_files_properties(http/model_client.cpp PROPERTIES COMPILE_OPTIONS "-U_TIME_BITS" SKIP_PRECOMPILE_HEADERS ON)
