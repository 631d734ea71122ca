// Tests of the offer: groups, resources, prompts, completion.
#include "daemon/agent/tools/offer.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/agent/agent_site.hpp"

using namespace volt;
using namespace volt::agent;

namespace offer_test {

namespace {

std::size_t tools_of(SiteLink& site, const std::vector<ToolGroup>& groups) { return catalog_of(site, groups).tools.size(); }

}  // namespace

TEST_CASE("omits excluded groups, and SQL without a database") {
    agent::testing::AgentSite at;
    REQUIRE(make_agent_key(at.config) == "");
    const SiteAccess here = access_of(at.config);
    AgentConfig of_url = at.config;
    of_url.voltd.url = here.url;
    const SiteAccess elsewhere = access_of(of_url);
    CHECK(elsewhere.troubles.empty());
    CHECK(tools_of(*here.site, {ToolGroup::status}) == 2);
    CHECK(tools_of(*here.site, at.config.groups()) == tool_table().size() - 5);
    at.config.proposals = ProposalsMode::approve;
    CHECK(tools_of(*here.site, at.config.groups()) == tool_table().size());
    CHECK(tools_of(*elsewhere.site, at.config.groups()) == tool_table().size() - 1);
    of_url.proposals = ProposalsMode::approve;  // which could not be approved there
    CHECK(tools_of(*elsewhere.site, of_url.groups()) == tool_table().size() - 6);
    CHECK(access_of(of_url).troubles.back().starts_with("the tools that propose are not listed: "));
    CHECK(catalog_of(*here.site, {}).resources.size() == 3);
    CHECK(catalog_of(*elsewhere.site, {}).resources.size() == 2);
}

TEST_CASE("omits SQL if the database cannot be read") {
    const agent::testing::AgentSite at;
    const std::pair<const char*, const char*> troubles[] = {
        {"INSERT INTO schema_migrations SELECT max(number) + 1, 'later', sha256, applied_at, duration_ms FROM schema_migrations",
         "newer than this program"},
        {"DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)", "older than this program"},
        {"PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", "locked"}};
    int number = 0;
    for (const auto& trouble : troubles) {
        const std::string file = at.directory.path + "/" + std::to_string(++number) + ".db";
        open_store(file).value().store->close(Duration{2000});
        Connection db = std::move(Connection::open(file, OpenMode::read_write).value());
        REQUIRE(db.execute(trouble.first).ok());
        volt::testing::write_file(at.config.voltd.config, "database: " + file + "\n");
        const SiteAccess access = access_of(at.config);
        CHECK(access.site->database() == "");
        const std::string& why = access.troubles.back();
        CHECK_MESSAGE(why.starts_with("query_history is not listed: "), why);
        CHECK_MESSAGE(why.find(trouble.second) != std::string::npos, why);
        for (const Json& tool : catalog_of(*access.site, at.config.groups()).tools) CHECK(tool.at("name") != "query_history");
    }
}

TEST_CASE("lists resources, prompts and completions of a site") {
    agent::testing::AgentSite at;
    REQUIRE(make_agent_key(at.config) == "");
    const SiteAccess access = access_of(at.config);
    const Catalog catalog = catalog_of(*access.site, at.config.groups());
    const auto read = [&](const char* uri) {
        const auto content = catalog.read(uri, {});
        return content ? content->at("text").get<std::string>() : "nothing";
    };
    for (const Json& resource : catalog.resources) CHECK(read(resource.at("uri").get<std::string>().c_str()).size() > 1);
    CHECK(Json::parse(read("volt://status"))["battery"]["voltage_v"] == 52.3);
    CHECK(Json::parse(read("volt://alarms")).is_array());
    CHECK(Json::parse(read("volt://settings/zones"))["table"] == "zones");
    CHECK(Json::parse(read("volt://load/heat-room/fan"))["loads"][0]["load"] == "heat-room/fan");
    CHECK(read("volt://schema").find("v_decisions (id, at, load, from, to, reason") != std::string::npos);
    CHECK(read("volt://schema").find("web_sessions") == std::string::npos);
    CHECK(read("volt://manual/reasons.md").starts_with("# Reasons"));
    CHECK(read("volt://manual/reasons.md").find("Answers: ") == std::string::npos);
    for (const char* none : {"volt://manual/x.md", "volt://manual/../x", "volt://settings/users", "volt://load/x", "volt://load/",
                             "volt://nothing", "file:///etc/passwd", ""})
        CHECK_MESSAGE(read(none) == "nothing", none);

    for (const Json& prompt : catalog.prompts) {
        CHECK(prompt.at("description").get<std::string>().size() > 10);
        Json arguments = Json::object();
        for (const Json& argument : prompt.value("arguments", Json::array()))
            arguments[argument.at("name").get<std::string>()] = "THIS";
        CHECK(catalog.prompt(prompt.at("name"), arguments).ends_with("THIS") == !arguments.empty());
    }
    CHECK(catalog.complete("load", "dump", {}) == std::vector<std::string>{"dump-load-s19-1"});
    CHECK(catalog.complete("slug", "heat-room/", {}) == std::vector<std::string>{"heat-room/fan", "heat-room/heat"});
    CHECK(catalog.complete("table", "m", {}) == std::vector<std::string>{"miners"});
    CHECK(catalog.complete("page", "al", {}) == std::vector<std::string>{"alarms.md"});
    CHECK(catalog.complete("series", "battery.voltage_m", {}) ==
          std::vector<std::string>{"battery.voltage_min_v", "battery.voltage_max_v"});
    CHECK(catalog.complete("goal", "", {}).empty());
    CHECK(catalog.watched == "volt://alarms");
    CHECK(catalog.look({}) == read("volt://alarms"));
    CHECK(catalog_of(*access.site, at.config.groups(), {.transport = "http"}).watched == "volt://alarms");
    at.server.stop();
    CHECK_THROWS_WITH(catalog.look({}), doctest::Contains("cannot reach voltd"));
    CHECK_THROWS_WITH(catalog.read("volt://status", {}), doctest::Contains("cannot reach voltd"));
}

}  // namespace offer_test
