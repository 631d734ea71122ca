// Tests of the MCP methods in both eras, over a small catalog.
#include "daemon/agent/protocol/service.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace volt::agent;

namespace service_test {

namespace {

Catalog small_catalog() {
    Catalog catalog;
    catalog.instructions = "Read.";
    catalog.tools = Json::array({{{"name", "echo"}, {"inputSchema", {{"type", "object"}}}}});
    catalog.resources = Json::array({{{"uri", "volt://a"}, {"name", "a"}}});
    catalog.resource_templates = Json::array({{{"uriTemplate", "volt://load/{slug}"}, {"name", "load"}}});
    catalog.prompts = Json::array(
        {{{"name", "why"}, {"description", "Why"}, {"arguments", Json::array({{{"name", "load"}, {"required", true}}})}}});
    catalog.call = [](const std::string&, const Json& arguments, const CallTime&) {
        if (arguments.contains("fail")) return ToolOutcome{{}, "no such load"};
        if (arguments.contains("throw")) throw std::runtime_error("broken");
        return ToolOutcome{{{"got", arguments}}, ""};
    };
    catalog.read = [](const std::string& uri, const CallTime&) {
        return uri == "volt://a" ? std::optional(Json{{"mimeType", "text/plain"}, {"text", "A"}}) : std::nullopt;
    };
    catalog.prompt = [](const std::string&, const Json& arguments) {
        return "Why is " + arguments.at("load").get<std::string>() + " off?";
    };
    catalog.complete = [](const std::string&, const std::string& begun, const CallTime&) {
        return std::vector<std::string>(begun == "many" ? 150 : 2, begun + "x");
    };
    return catalog;
}

std::string answered(Era era, const std::string& method, const Json& params = Json::object()) {
    return answer_line({1, method, params, era}, small_catalog(), {});
}
Json result(Era era, const std::string& method, const Json& params = Json::object()) {
    return Json::parse(answered(era, method, params)).value("result", Json());
}
int code(Era era, const std::string& method, const Json& params = Json::object()) {
    return Json::parse(answered(era, method, params)).value("error", Json::object()).value("code", 0);
}

}  // namespace

TEST_CASE("answers the handshake with a supported revision") {
    for (const char* revision : {"2025-11-25", "2025-06-18", "2025-03-26"})
        CHECK(result(Era::legacy, "initialize", {{"protocolVersion", revision}})["protocolVersion"] == revision);
    CHECK(result(Era::legacy, "initialize", {{"protocolVersion", "2024-11-05"}})["protocolVersion"] == "2025-11-25");
    const Json hello = result(Era::legacy, "initialize", {{"protocolVersion", "2026-07-28"}});
    CHECK(hello["protocolVersion"] == "2025-11-25");
    CHECK(hello["serverInfo"]["name"] == "volt-agent");
    CHECK(hello["instructions"] == "Read.");
    for (const char* offered : {"tools", "resources", "prompts", "completions"}) CHECK(hello["capabilities"].contains(offered));
    CHECK(answered(Era::legacy, "ping") == R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

TEST_CASE("separates the methods of each era") {
    for (const char* method : {"initialize", "ping", "logging/setLevel", "subscriptions/listen", "tasks/get", "nonsense"})
        CHECK_MESSAGE(code(Era::modern, method) == unknown_method, method);
    for (const char* method : {"logging/setLevel", "resources/subscribe", "nonsense"})
        CHECK_MESSAGE(code(Era::legacy, method) == unknown_method, method);
    const Json found = result(Era::modern, "server/discover");
    CHECK(found["supportedVersions"] == Json::array({"2026-07-28"}));
    CHECK(found["ttlMs"] == 3600000);
    CHECK(found["cacheScope"] == "public");
}

TEST_CASE("returns lists on one page, cacheable in the stateless era") {
    for (const auto& [method, key] : {std::pair("tools/list", "tools"),
                                      {"resources/list", "resources"},
                                      {"resources/templates/list", "resourceTemplates"},
                                      {"prompts/list", "prompts"}}) {
        const Json old = result(Era::legacy, method), now = result(Era::modern, method);
        CHECK(old.size() == 1);
        CHECK(old[key].size() == 1);
        CHECK(now[key] == old[key]);
        CHECK(now["ttlMs"] == 3600000);
        CHECK(now["cacheScope"] == "public");
        CHECK(now["resultType"] == "complete");
        CHECK(code(Era::modern, method, {{"cursor", "x"}}) == invalid_params);
    }
}

TEST_CASE("returns objects with text and fixable errors as results") {
    const Json well = result(Era::legacy, "tools/call", {{"name", "echo"}, {"arguments", {{"a", 1}}}});
    CHECK(well["structuredContent"] == Json{{"got", {{"a", 1}}}});
    CHECK(Json::parse(well["content"][0]["text"].get<std::string>()) == well["structuredContent"]);
    CHECK(well["isError"] == false);
    const Json bad = result(Era::modern, "tools/call", {{"name", "echo"}, {"arguments", {{"fail", 1}}}});
    CHECK(bad["isError"] == true);
    CHECK(bad["content"][0] == Json{{"type", "text"}, {"text", "no such load"}});
    CHECK_FALSE(bad.contains("structuredContent"));
    CHECK(code(Era::legacy, "tools/call", {{"name", "echo"}, {"arguments", {{"throw", 1}}}}) == internal_error);
    CHECK(code(Era::legacy, "tools/call", {{"name", "rm"}}) == invalid_params);
    CHECK(code(Era::legacy, "tools/call", {{"name", 5}}) == invalid_params);
    CHECK(code(Era::legacy, "tools/call", {{"name", "echo"}, {"arguments", "x"}}) == invalid_params);
}

TEST_CASE("reports a call of an unlisted tool with its client") {
    std::vector<std::string> heard;
    Catalog catalog = small_catalog();
    catalog.unlisted = [&](const std::string& name, const CallTime& time) { heard.push_back(time.client + ": " + name); };
    for (const char* name : {"rm", "echo"})
        answer_line({1, "tools/call", Json{{"name", name}, {"arguments", Json::object()}}, Era::legacy, "claude"}, catalog, {});
    CHECK(heard == std::vector<std::string>{"claude: rm"});
}

TEST_CASE("offers subscriptions only in the stateless era") {
    Catalog catalog = small_catalog();
    const auto resources_of = [&](Era era, const char* method) {
        return Json::parse(answer_line({1, method, Json::object(), era}, catalog, {}))["result"]["capabilities"]["resources"];
    };
    CHECK(resources_of(Era::modern, "server/discover") == Json::object());
    catalog.watched = "volt://a";
    CHECK(resources_of(Era::modern, "server/discover") == Json{{"subscribe", true}});
    CHECK(resources_of(Era::legacy, "initialize") == Json::object());
}

TEST_CASE("serves resources, prompts and completion") {
    const Json read = result(Era::modern, "resources/read", {{"uri", "volt://a"}});
    CHECK(read["contents"] == Json::array({{{"uri", "volt://a"}, {"mimeType", "text/plain"}, {"text", "A"}}}));
    CHECK(read["ttlMs"] == 1000);
    CHECK(read["cacheScope"] == "private");
    CHECK(answered(Era::legacy, "resources/read", {{"uri", "volt://b"}}) ==
          R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"unknown resource","data":{"uri":"volt://b"}}})");

    const Json why = result(Era::legacy, "prompts/get", {{"name", "why"}, {"arguments", {{"load", "s19"}}}});
    CHECK(why["messages"] == Json::array({{{"role", "user"}, {"content", {{"type", "text"}, {"text", "Why is s19 off?"}}}}}));
    CHECK(code(Era::legacy, "prompts/get", {{"name", "why"}}) == invalid_params);
    CHECK(code(Era::legacy, "prompts/get", {{"name", "why"}, {"arguments", {{"load", 1}}}}) == invalid_params);
    CHECK(code(Era::legacy, "prompts/get", {{"name", "who"}}) == invalid_params);

    const auto complete = [](const Json& ref, const char* value) {
        return Json{{"ref", ref}, {"argument", {{"name", "load"}, {"value", value}}}};
    };
    const Json prompt{{"type", "ref/prompt"}, {"name", "why"}}, load{{"type", "ref/resource"}, {"uri", "volt://load/{slug}"}};
    CHECK(result(Era::legacy, "completion/complete", complete(prompt, "s"))["completion"] ==
          Json{{"values", {"sx", "sx"}}, {"total", 2}, {"hasMore", false}});
    const Json many = result(Era::legacy, "completion/complete", complete(load, "many"))["completion"];
    CHECK(many["values"].size() == 100);
    CHECK(many["total"] == 150);
    CHECK(many["hasMore"] == true);
    for (const Json& ref : {Json{{"type", "ref/prompt"}, {"name", "who"}}, Json{{"type", "ref/resource"}, {"uri", "volt://x"}},
                            Json{{"type", "x"}}, Json(5), Json()})
        CHECK(code(Era::legacy, "completion/complete", complete(ref, "s")) == invalid_params);
    CHECK(code(Era::legacy, "completion/complete", {{"ref", prompt}}) == invalid_params);
}

}  // namespace service_test
