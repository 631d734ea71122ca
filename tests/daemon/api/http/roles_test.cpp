#include "daemon/api/http/roles.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "daemon/api/server/server.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;

namespace {

/// Returns who may call a route: one letter per role (n v p o O), `d` for propose with a dry run, `k` for a key that operates.
std::string who_may(const Router& router, const Route& route) {
    const auto lets = [&](Role role, bool key = false, bool dry_run = false) {
        std::string path = route.pattern;
        if (const auto place = path.find("{}"); place != std::string::npos) path.replace(place, 2, "x");
        HttpRequest request{.method = route.method, .path = path, .caller = {role, key, ""}};
        if (dry_run) request.query = {{"dry_run", "1"}};
        return !router.refuse(request);
    };
    std::string who;
    if (lets(Role::none)) who += 'n';
    if (lets(Role::view)) who += 'v';
    if (lets(Role::propose, true)) who += 'p';
    if (lets(Role::propose, true, true)) who += 'd';
    if (lets(Role::operate)) who += 'o';
    if (lets(Role::operate, true)) who += 'k';
    if (lets(Role::owner)) who += 'O';
    return who;
}

}  // namespace

TEST_CASE("admits exactly the roles of each route's kind") {
    fixture::TempDir directory;
    auto opened = open_store(directory.path + "/voltd.db");
    REQUIRE(opened);
    ApiServer server;
    server.serve_database(directory.path + "/voltd.db", *opened.value().store);
    const std::map<std::string, std::string> special = {{"GET /", "nvpdokO"},
                                                        {"GET /ui/{}", "nvpdokO"},
                                                        {"GET /manifest.webmanifest", "nvpdokO"},
                                                        {"GET /favicon.svg", "nvpdokO"},
                                                        {"GET /health", "nvpdokO"},
                                                        {"GET /session", "nvpdokO"},
                                                        {"POST /session", "nvpdokO"},
                                                        {"DELETE /session", "nvpdokO"},
                                                        {"GET /api/sessions", "oO"},
                                                        {"DELETE /api/sessions/{}", "oO"},
                                                        {"POST /api/sessions/code", "oO"},
                                                        {"POST /api/sessions/key", "oO"},
                                                        {"POST /api/whatif", "pdokO"},
                                                        {"GET /api/users", "O"},
                                                        {"POST /api/users", "O"},
                                                        {"DELETE /api/users/{}", "O"},
                                                        {"POST /api/outputs/{}/test", "okO"},
                                                        {"POST /api/safe-mode/end", "okO"},
                                                        {"POST /api/homeassistant/announce", "okO"},
                                                        {"POST /api/charge/prove", "O"},
                                                        {"POST /api/charge/accept/{}", "O"},
                                                        {"POST /api/outputs/{}/prove", "O"},
                                                        {"POST /db/init-schema", "O"},
                                                        {"POST /api/alarms/database_restored/acknowledge", "okO"},
                                                        {"POST /api/backup", "oO"},
                                                        {"GET /api/backup", "oO"}};
    for (const Route& route : server.router().routes()) {
        const std::string name = route.method + " " + route.pattern;
        CAPTURE(name);
        CHECK(has_row(route.method, route.pattern));
        const auto found = special.find(name);
        // Every role may read. Operators may change, and a proposing key may try.
        const std::string by_method = route.method == "GET" ? "vpdokO" : "dokO";
        CHECK(who_may(server.router(), route) == (found != special.end() ? found->second : by_method));
    }
}

TEST_CASE("needs no role for open routes when viewing is open") {
    ApiServer server;
    fixture::TempDir directory;
    auto opened = open_store(directory.path + "/voltd.db");
    REQUIRE(opened);
    server.serve_database(directory.path + "/voltd.db", *opened.value().store);
    std::set<std::string> open;
    for (const Route& route : server.router().routes()) {
        std::string path = route.pattern;
        if (const auto place = path.find("{}"); place != std::string::npos) path.replace(place, 2, "x");
        const HttpRequest request{.method = route.method, .path = path, .caller = {.open_view = true}};
        if (grant_of(route.method, route.pattern) != Grant::anyone && !server.router().refuse(request)) open.insert(path);
    }
    CHECK(open == std::set<std::string>{"/api/decisions", "/api/events", "/api/explain", "/api/explain/x", "/api/history",
                                        "/api/live", "/api/plot", "/api/runs"});
}

TEST_CASE("forbids some actions to every key") {
    CHECK(may(Grant::person, {Role::operate, false, ""}, false));
    CHECK_FALSE(may(Grant::person, {Role::operate, true, ""}, false));
    CHECK(may(Grant::person, {Role::owner, false, ""}, false));
    CHECK_FALSE(may(Grant::person, {Role::propose, false, ""}, true));
    CHECK(may(Grant::try_out, {Role::propose, true, ""}, false));
    CHECK_FALSE(may(Grant::try_out, {Role::view, true, ""}, false));
}
