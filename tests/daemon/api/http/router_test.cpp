#include "daemon/api/http/router.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace volt::api;

namespace {

HttpAnswer echo(const HttpRequest& request) { return {200, request.argument}; }

Router made() {
    Router router;
    router.add({{"GET", "/health", echo},
                {"GET", "/api/explain/{}", echo},
                {"POST", "/api/mode", echo, Body::json, {"dry_run", "again"}},
                {"GET", "/api/broken", [](const HttpRequest&) -> HttpAnswer { throw std::runtime_error("oh \"no\""); }}});
    return router;
}

HttpRequest ask(const char* method, const char* path, Role role = Role::owner) {
    return {.method = method, .path = path, .caller = {role, false, "owner"}};
}

}  // namespace

TEST_CASE("finds rows by method and path with an argument") {
    const Router router = made();
    CHECK(router.answer(ask("GET", "/health")).status == 200);
    CHECK(router.answer(ask("GET", "/api/explain/heat-room/heat")).body == "heat-room/heat");
    CHECK(router.answer(ask("GET", "/api/explain/")).status == 404);
    CHECK(router.answer(ask("GET", "/nothing")).status == 404);
    CHECK(router.answer(ask("GET", "/api/mode")).status == 405);
    CHECK(router.answer(ask("POST", "/api/mode")).status == 200);
}

TEST_CASE("rejects unknown and repeated query keys") {
    const Router router = made();
    HttpRequest request = ask("POST", "/api/mode");
    request.query = {{"dry_run", "1"}};
    CHECK(router.answer(request).status == 200);
    request.query = {{"dryrun", "1"}};
    CHECK(router.answer(request).body == R"({"error":"unknown query: dryrun","field":"dryrun","need":"dry_run, again"})");
    request.query = {{"dry_run", "1"}};
    request.repeated = "dry_run";
    CHECK(router.answer(request).status == 400);
    HttpRequest health = ask("GET", "/health");
    health.query = {{"a", ""}};
    CHECK(router.answer(health).body == R"({"error":"unknown query: a","field":"a","need":"no query"})");
}

TEST_CASE("answers 500 with the text of an exception") {
    const HttpAnswer answer = made().answer(ask("GET", "/api/broken"));
    CHECK(answer.status == 500);
    CHECK(answer.body == R"({"error":"oh \"no\""})");
}

TEST_CASE("hides existing paths from callers without a role") {
    const Router router = made();
    CHECK(router.answer(ask("GET", "/health", Role::none)).status == 200);
    CHECK(router.answer(ask("POST", "/health", Role::none)).status == 405);
    for (const char* path : {"/health/", "/api/mode", "/nothing", "/api/broken"})
        CHECK(router.answer(ask("GET", path, Role::none)).status == 401);
    CHECK(router.answer(ask("POST", "/api/mode", Role::none)).status == 401);
}

TEST_CASE("names the limits of too small a role") {
    const Router router = made();
    HttpRequest mode = ask("POST", "/api/mode", Role::propose);
    CHECK(router.answer(mode).body == R"({"error":"this key may only read and try"})");
    for (const char* yes : {"1", "true"}) {
        mode.query = {{"dry_run", yes}};
        CHECK(router.answer(mode).status == 200);
    }
    for (const char* no : {"0", "false", "maybe", ""}) {
        mode.query = {{"dry_run", no}};
        CHECK(router.answer(mode).status == 403);
    }
    CHECK(router.answer(ask("POST", "/api/mode", Role::view)).status == 403);
    // Not in the table, so only for the owner.
    CHECK(router.answer(ask("GET", "/api/broken", Role::operate)).status == 403);
}

TEST_CASE("passes a body only to routes that read one") {
    const Router router = made();
    CHECK(router.most_body(ask("POST", "/api/mode")) == most_body_bytes);
    CHECK(router.most_body(ask("GET", "/health")) == 0);
    CHECK(router.most_body(ask("POST", "/nothing")) == 0);
}
