# A what-if replay runs only while the processor is idle.
volt_test(daemon_api_test COMPUTES
  LIBS daemon_api test_processes PkgConfig::HTTPLIB
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/backup_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/command_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/server/connection_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/server/door_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/dry_run_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/loop/requests_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/file_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/access/guard_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/live_changes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/live_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/access/login_codes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/metrics_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/openapi_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/server/places_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/access/qr_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/access/refusals_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/register_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/plot_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/plot_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/http/roles_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/http/router_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/server/server_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/session_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/access/sessions_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/settings_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/journal/status_snapshot_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/system_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/access/token_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/routes/whatif_routes_test.cpp
)
target_compile_options(daemon_api_test PRIVATE -U_TIME_BITS)
