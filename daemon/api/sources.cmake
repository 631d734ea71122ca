# Local HTTP. cpp-httplib is a shared library on Debian, so its flags (OpenSSL, zlib, brotli) must match its build.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
# Handlers of settings and history are independent: without a running voltd, voltctl uses them in its own process.
add_library(daemon_routes STATIC
  api/http/answers.cpp
  api/history_file.cpp
  api/routes/history_routes.cpp
  api/plot.cpp
  api/routes/plot_routes.cpp
  api/access/qr.cpp
  api/routes/register_routes.cpp
  api/http/roles.cpp
  api/http/router.cpp
  api/settings_file.cpp
  api/routes/settings_routes.cpp
)
target_link_libraries(daemon_routes PUBLIC daemon_settings daemon_config daemon_explain drivers_modbus PRIVATE PkgConfig::QRENCODE)
# HTTP server without voltd's endpoints, because volt-agent has others.
add_library(daemon_http STATIC
  api/server/connection.cpp
  api/server/door.cpp
  api/server/exchange.cpp
  api/access/guard.cpp
  api/access/listening.cpp
  api/server/places.cpp
  api/access/token.cpp
)
target_link_libraries(daemon_http PUBLIC daemon_routes Threads::Threads PRIVATE drivers_crypto PkgConfig::HTTPLIB fmt::fmt)
add_library(daemon_api STATIC
  api/access/access.cpp
  api/backup.cpp
  api/routes/backup_routes.cpp
  api/server/binding.cpp
  api/routes/command_routes.cpp
  api/routes/dry_run.cpp
  api/routes/file_routes.cpp
  api/server/lifecycle.cpp
  api/live_changes.cpp
  api/routes/live_routes.cpp
  api/access/login_codes.cpp
  api/metrics.cpp
  api/metrics_text.cpp
  api/output_probe.cpp
  api/access/refusals.cpp
  api/server/server.cpp
  api/routes/session_routes.cpp
  api/access/sessions.cpp
  api/routes/stats_routes.cpp
  api/routes/status_routes.cpp
  api/routes/system_routes.cpp
  api/routes/whatif_routes.cpp
)
target_link_libraries(daemon_api PUBLIC daemon_http daemon_routes daemon_whatif_question daemon_loop daemon_description daemon_web Threads::Threads PRIVATE drivers_crypto PkgConfig::HTTPLIB fmt::fmt)
set_property(SOURCE api/server/server.cpp APPEND PROPERTY COMPILE_DEFINITIONS VOLT_WEB_DIR="${VOLT_WEB_DIR}")
# On systems with a 32-bit time_t by default, the library was built that way, and its classes hold times.
set_source_files_properties(api/server/connection.cpp api/server/door.cpp api/server/exchange.cpp PROPERTIES COMPILE_OPTIONS "-U_TIME_BITS" SKIP_PRECOMPILE_HEADERS ON)
# Embed the API description into the program, which serves it.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/schema/openapi.json)
file(READ ${CMAKE_SOURCE_DIR}/schema/openapi.json openapi_text)
# A string literal, even a joined one, may have at most 64 kB, so the program joins it at start.
set(openapi_pieces "")
string(LENGTH "${openapi_text}" openapi_length)
set(at 0)
while(at LESS openapi_length)
  string(SUBSTRING "${openapi_text}" ${at} 12000 piece)
  string(FIND "${piece}" "\n" line_end REVERSE)  # do not split a character
  string(SUBSTRING "${openapi_text}" ${at} ${line_end} piece)
  string(APPEND openapi_pieces "\n    std::string(R\"openapi(${piece})openapi\") +")
  math(EXPR at "${at} + ${line_end} + 1")
endwhile()
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/generated/openapi_text.cpp CONTENT
"// Made from schema/openapi.json by daemon/api/sources.cmake.
#include \"daemon/api/description.hpp\"

namespace volt::api {

const std::string description_base =${openapi_pieces} \"\";

}  // namespace volt::api
")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/systemd/package/copyright)
file(READ ${CMAKE_SOURCE_DIR}/systemd/package/copyright licenses)
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/generated/licenses.cpp CONTENT
"// Made from systemd/package/copyright by daemon/api/sources.cmake.
#include \"daemon/api/licenses.hpp\"

namespace volt::api {

const std::string licenses = R\"license(${licenses})license\";

}  // namespace volt::api
")
add_library(daemon_description STATIC api/description.cpp ${CMAKE_BINARY_DIR}/generated/licenses.cpp
  ${CMAKE_BINARY_DIR}/generated/openapi_text.cpp)
target_link_libraries(daemon_description PUBLIC daemon_settings)
