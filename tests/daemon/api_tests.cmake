volt_test(daemon_api_test COMPUTES
  LIBS daemon_api PkgConfig::HTTPLIB
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/api/backup_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/command_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/connection_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/door_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/dry_run_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/loop/requests_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/file_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/guard_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/live_changes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/live_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/login_codes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/metrics_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/openapi_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/places_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/qr_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/refusals_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/register_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/plot_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/plot_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/roles_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/router_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/server_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/session_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/sessions_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/settings_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/journal/status_snapshot_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/system_routes_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/token_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/api/whatif_routes_test.cpp
)
target_compile_options(daemon_api_test PRIVATE -U_TIME_BITS)
