# Local HTTP. cpp-httplib is a shared library on Debian: its flags (OpenSSL, zlib, brotli) must be those it was built with.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib)
add_library(daemon_api STATIC
  api/answers.cpp
  api/command_routes.cpp
  api/connection.cpp
  api/dry_run.cpp
  api/errands.cpp
  api/router.cpp
  api/server.cpp
  api/status_page.cpp
  api/status_routes.cpp
  api/token.cpp
)
target_link_libraries(daemon_api PUBLIC daemon_base daemon_config daemon_explain drivers_base Threads::Threads PRIVATE PkgConfig::HTTPLIB fmt::fmt)
# Where time_t has 32 bits by default the library was built so; its classes hold times.
set_source_files_properties(api/connection.cpp api/server.cpp PROPERTIES COMPILE_OPTIONS "-U_TIME_BITS")
