// Tests of one MCP POST: its headers against its body, and the status of each answer.
#include "daemon/agent/protocol/http_post.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace http_post_test {

namespace {

Catalog echo_catalog() {
    Catalog catalog;
    catalog.tools = Json::array({{{"name", "echo"}}});
    catalog.resources = Json::array({{{"uri", "volt://a"}, {"name", "a"}}});
    catalog.call = [](const std::string&, const Json& arguments, const CallTime&) {
        return ToolOutcome{{{"got", arguments}}, ""};
    };
    catalog.read = [](const std::string& uri, const CallTime&) {
        return uri == "volt://a" ? std::optional(Json{{"mimeType", "text/plain"}, {"text", "A"}}) : std::nullopt;
    };
    return catalog;
}

Json modern(const std::string& method, Json params = Json::object(), const char* revision = modern_revision) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", revision},
                       {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
    return {{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params}};
}

Json legacy(const std::string& method, const Json& params = Json::object()) {
    return {{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params}};
}

struct Said {
    int status = 0, code = 0;
    Json body;
};

Said post(const Json& body, const std::string& revision, const std::string& method = {}, const std::string& name = {}) {
    const McpReply reply = answer_post({"application/json", revision, method, name, body.dump()}, echo_catalog(), {});
    Said said{reply.status, 0, Json::parse(reply.body, nullptr, false)};
    if (said.body.is_object() && said.body.contains("error")) said.code = said.body["error"]["code"];
    return said;
}

const Json echo_call = modern("tools/call", {{"name", "echo"}, {"arguments", {{"a", 1}}}});

}  // namespace

TEST_CASE("answers a modern request with matching headers") {
    const Said called = post(echo_call, modern_revision, "tools/call", "echo");
    CHECK(called.status == 200);
    CHECK(called.body["result"]["structuredContent"]["got"]["a"] == 1);
    CHECK(post(modern("tools/list"), modern_revision, "tools/list").status == 200);
    CHECK(post(modern("resources/read", {{"uri", "volt://a"}}), modern_revision, "resources/read", "volt://a").status == 200);
}

TEST_CASE("rejects a missing or mismatched header") {
    for (const auto& [revision, method, name] : {std::tuple("", "tools/call", "echo"),
                                                 {"2025-11-25", "tools/call", "echo"},
                                                 {modern_revision, "", "echo"},
                                                 {modern_revision, "Tools/Call", "echo"},
                                                 {modern_revision, "tools/call", ""},
                                                 {modern_revision, "tools/call", "other"}}) {
        const std::string headers = std::string(revision) + " " + method + " " + name;
        CAPTURE(headers);
        const Said refused = post(echo_call, revision, method, name);
        CHECK(refused.status == 400);
        CHECK(refused.code == header_mismatch);
        CHECK(refused.body["id"] == 7);
    }
    CHECK(post(modern("resources/read", {{"uri", "volt://a"}}), modern_revision, "resources/read", "volt://b").code ==
          header_mismatch);
}

TEST_CASE("answers 404 for an unknown method, else 400") {
    const Said unknown = post(modern("no/such"), modern_revision, "no/such");
    CHECK(unknown.status == 404);
    CHECK(unknown.code == unknown_method);
    CHECK(post(modern("ping"), modern_revision, "ping").status == 404);
    const Said newer = post(modern("tools/list", Json::object(), "2030-01-01"), "2030-01-01", "tools/list");
    CHECK(newer.status == 400);
    CHECK(newer.code == unsupported_revision);
    const Said differs = post(modern("tools/list", Json::object(), "2030-01-01"), modern_revision, "tools/list");
    CHECK(differs.status == 400);
    CHECK(differs.code == header_mismatch);
    const Said bare = post(legacy("tools/list"), modern_revision, "tools/list");
    CHECK(bare.status == 400);
    CHECK(bare.code == invalid_params);
    CHECK(post(modern("tools/call", {{"name", "none"}}), modern_revision, "tools/call", "none").code == invalid_params);
}

TEST_CASE("needs no headers for handshake requests") {
    CHECK(post(legacy("initialize", {{"protocolVersion", "2025-06-18"}}), "").body["result"]["protocolVersion"] == "2025-06-18");
    CHECK(post(legacy("ping"), "2025-06-18").body["result"] == Json::object());
    CHECK(post(legacy("tools/list"), "").status == 200);
    CHECK(post(legacy("no/such"), "2025-06-18").status == 200);
    const Said old = post(legacy("ping"), "2024-11-05");
    CHECK(old.status == 400);
    CHECK(old.code == unsupported_revision);
}

TEST_CASE("accepts a notification and rejects invalid messages") {
    const McpReply noted =
        answer_post({"application/json; charset=utf-8", "", "", "", R"({"jsonrpc":"2.0","method":"notifications/initialized"})"},
                    echo_catalog(), {});
    CHECK(noted.status == 202);
    CHECK(noted.body.empty());
    CHECK(answer_post({"application/json", "", "", "", "{"}, echo_catalog(), {}).status == 400);
    CHECK(answer_post({"text/plain", "", "", "", legacy("ping").dump()}, echo_catalog(), {}).status == 415);
    CHECK(answer_post({"", "", "", "", legacy("ping").dump()}, echo_catalog(), {}).status == 415);
}

}  // namespace http_post_test
