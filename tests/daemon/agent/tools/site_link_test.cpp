#include "daemon/agent/tools/site_link.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace site_link_test {

namespace {

ctl::ApiReply not_reached() {
    ctl::ApiReply reply;
    reply.error = "nothing is listening there";
    return reply;
}

/// Answers with the name of the source asked, and records the requests.
struct Asked {
    std::vector<api::HttpRequest> requests;
    ctl::RequestLimits limits{};
    SiteLink::Ask by(const char* name) {
        return [this, name](const api::HttpRequest& request, const ctl::RequestLimits& given) {
            limits = given;
            requests.push_back(request);
            return ctl::reply_of(200, std::string(R"({"from":")") + name + "\"}");
        };
    }
};

}  // namespace

TEST_CASE("reads stored data from the database without voltd") {
    Asked file;
    const SiteLink site([](const api::HttpRequest&, const ctl::RequestLimits&) { return not_reached(); }, file.by("file"),
                        "/x.db");
    CHECK(site.get("/api/events", {}, {}).body["from"] == "file");
    CHECK(site.get("/api/status", {}, {}).error == "cannot reach voltd: nothing is listening there");
    CHECK(site.what_if(Json::object(), {}).error == "cannot reach voltd: nothing is listening there");
    for (const api::HttpRequest& request : file.requests) CHECK(request.method == "GET");
}

TEST_CASE("reads settings from the database first") {
    Asked voltd, file;
    const SiteLink site(voltd.by("voltd"), file.by("file"), "/x.db");
    for (const char* path : {"/api/preferences", "/api/miners", "/api/hvac/zones", "/api/settings/history"})
        CHECK(site.get(path, {}, {}).body["from"] == "file");
    CHECK(voltd.requests.empty());
    CHECK(site.get("/api/events", {}, {}).body["from"] == "voltd");
    const SiteLink broken(
        voltd.by("voltd"),
        [](const api::HttpRequest&, const ctl::RequestLimits&) { return ctl::reply_of(503, R"({"error":"damaged"})"); }, "/x.db");
    CHECK(broken.get("/api/miners", {}, {}).body["from"] == "voltd");
}

TEST_CASE("accepts any answer of a running voltd") {
    Asked file;
    const SiteLink refused(
        [](const api::HttpRequest&, const ctl::RequestLimits&) { return ctl::reply_of(503, R"({"error":"late"})"); },
        file.by("file"), "/x.db");
    CHECK(refused.get("/api/events", {}, {}).error == "late");
    const SiteLink odd([](const api::HttpRequest&, const ctl::RequestLimits&) { return ctl::reply_of(200, "<html>"); },
                       file.by("file"), "");
    CHECK(odd.get("/api/events", {}, {}).error == "the answer is not voltd's");
    CHECK(file.requests.empty());
}

TEST_CASE("lists series from an unknown one's error") {
    const auto refusal = [](const api::HttpRequest& request, const ctl::RequestLimits&) {
        return ctl::reply_of(request.path == "/api/history" ? 400 : 200, R"({"error":"none","known":["a.b_v","c.d_w"]})");
    };
    const std::vector<std::string> both = {"a.b_v", "c.d_w"};
    CHECK(SiteLink(refusal, nullptr, "").known_series({}) == both);
    const auto away = [](const api::HttpRequest&, const ctl::RequestLimits&) { return not_reached(); };
    CHECK(SiteLink(away, refusal, "/x.db").known_series({}) == both);
    CHECK(SiteLink(away, nullptr, "").known_series({}).empty());
}

TEST_CASE("asks nothing for a canceled call") {
    Asked voltd;
    const SiteLink site(voltd.by("voltd"), nullptr, "");
    const std::atomic<bool> cancelled = true;
    CHECK(site.get("/api/events", {}, {.cancelled = &cancelled}).error == "the time ran out");
    CHECK(site.get("/api/events", {}, {.deadline = std::chrono::steady_clock::now()}).error == "the time ran out");
    CHECK(site.known_series({.cancelled = &cancelled}).empty());
    CHECK(voltd.requests.empty());
}

TEST_CASE("limits an answer to the remaining time") {
    Asked voltd;
    const SiteLink site(voltd.by("voltd"), nullptr, "");
    CHECK(site.get("/api/events", {}, {.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{4}}).error == "");
    CHECK(voltd.limits.timeout <= std::chrono::seconds{4});
    CHECK_FALSE(voltd.limits.retry);
    CHECK(site.get("/api/events", {}, {}).error == "");
    CHECK(voltd.limits.timeout == ctl::answer_limit);
    CHECK(voltd.limits.retry);
}

TEST_CASE("parses times with Z or an offset") {
    CHECK(parse_iso_offset("1970-01-02T00:00:00Z") == 86400);
    CHECK(parse_iso_offset("1970-01-02T02:00:00+02:00") == 86400);
    CHECK(parse_iso_offset("1970-01-01T17:00-07:00") == 86400);
    for (const char* wrong :
         {"", "now", "1970-01-02", "1970-01-02T00:00:00", "1970-01-02T00:00:00+2:00", "1970-01-02T00:00:00+99:00", "-07:00"})
        CHECK_MESSAGE(parse_iso_offset(wrong) == std::nullopt, wrong);
}

}  // namespace site_link_test
