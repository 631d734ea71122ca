#include "daemon/agent/agent_config.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/api/api_fixture.hpp"

using namespace volt::agent;

namespace agent_config_test {

namespace {

std::string problems_of(const std::string& text) {
    std::vector<std::string> problems;
    parse_agent_config(text, "a.yaml", problems);
    std::string all;
    for (const std::string& it : problems) all += it + "\n";
    return all;
}

}  // namespace

TEST_CASE("allows every key to be omitted and reports problems with place") {
    CHECK(problems_of("") == "");
    CHECK(problems_of("# nothing\n") == "");
    CHECK(problems_of("voltd: { url: 'http://192.168.1.5:8480', key_file: /k }\ntools: [status]\n") == "");
    CHECK(problems_of("tool: [status]\n").starts_with("a.yaml:1:1: tool: unknown key"));
    CHECK(problems_of("tools: [status, wires]\n").starts_with("a.yaml:1:17: tools[1]: "));
    CHECK(problems_of("tools: []\n") != "");
    CHECK(problems_of("voltd:\n  url: ftp://x\n").starts_with("a.yaml:2:8: voltd.url: "));
    CHECK(problems_of("[]\n") != "");
    CHECK(problems_of("store: /s\nproposals: approve\nkeep: { conversations_days: 30, log_days: 7, megabytes: 8 }\n") == "");
    CHECK(problems_of("proposals: on\n").starts_with("a.yaml:1:12: proposals: "));
    CHECK(problems_of("keep: { megabytes: 0 }\n").starts_with("a.yaml:1:20: keep.megabytes: "));
    CHECK(problems_of("tools: [status\n") != "");
}

TEST_CASE("reads the values of a file and requires a named one") {
    volt::fixture::TempDir directory;
    const std::string path = directory.path + "/agent.yaml";
    std::vector<std::string> problems;
    load_agent_config(path, problems);
    CHECK(problems == std::vector<std::string>{path + ": cannot be read"});
    problems.clear();
    load_agent_config(directory.path, problems);
    CHECK(problems.size() == 1);
    problems.clear();
    std::ofstream(path) << "voltd: { config: /v.yaml }\ntools: [history, status]\n";
    const AgentConfig config = load_agent_config(path, problems);
    CHECK(problems.empty());
    CHECK(config.voltd.config == "/v.yaml");
    CHECK(config.groups() == std::vector<ToolGroup>{ToolGroup::status, ToolGroup::history});
}

TEST_CASE("offers proposals only if they are not off") {
    std::vector<std::string> problems;
    const auto offers = [&](const std::string& text) {
        const auto groups = parse_agent_config(text, "a.yaml", problems).groups();
        return std::find(groups.begin(), groups.end(), ToolGroup::proposals) != groups.end();
    };
    CHECK(!offers(""));
    CHECK(!offers("proposals: off\n"));
    CHECK(offers("proposals: approve\n"));
    CHECK(!offers("proposals: approve\ntools: [status]\n"));
    CHECK(!offers("proposals: approve\nvoltd: { url: 'http://192.168.1.5:8480' }\n"));
    const AgentConfig config = parse_agent_config("store: /s\nkeep: { log_days: 7 }\n", "a.yaml", problems);
    CHECK(config.agent_database() == "/s/agent.db");
    CHECK(config.keep.log_days == 7);
    CHECK(config.keep.conversations_days == 400);
    CHECK(problems.empty());
}

TEST_CASE("keeps http off by default and listens on loopback") {
    std::vector<std::string> problems;
    CHECK(!parse_agent_config("tools: [status]\n", "a.yaml", problems).http);
    const AgentConfig on = parse_agent_config(
        "http: { listen: '[::1]:9000', hosts: [volt.example.org], origins: ['https://volt.example.org'] }\n", "a.yaml", problems);
    CHECK(problems.empty());
    REQUIRE(on.http);
    CHECK(on.http->listen == "[::1]:9000");
    CHECK(on.http->token_file == "/run/volt-agent/token");
    CHECK(on.http->hosts == std::vector<std::string>{"volt.example.org"});
    REQUIRE(parse_agent_config("http: {}\n", "a.yaml", problems).http);
    for (const char* wrong : {"0.0.0.0:8481", "192.168.1.5:8481", "127.0.0.1", "example.org:80", "127.0.0.1.evil.com:80"})
        CHECK_MESSAGE(problems_of("http: { listen: '" + std::string(wrong) + "' }\n") != "", std::string(wrong));
    CHECK(problems_of("http: { origins: ['example.org'] }\n") != "");
}

TEST_CASE("requires address and name of a model") {
    std::vector<std::string> problems;
    CHECK(!parse_agent_config("tools: [status]\n", "a.yaml", problems).model);
    const AgentConfig some =
        parse_agent_config("store: /s\nmodel: { url: 'http://127.0.0.1:8080/v1', name: m, share: [] }\n", "a.yaml", problems);
    CHECK(problems.empty());
    CHECK(some.store == "/s");
    REQUIRE(some.model);
    CHECK(some.model->url == "http://127.0.0.1:8080/v1");
    CHECK(some.model->timeout_s == 300);
    CHECK(some.model->share.empty());
    CHECK(problems_of(
              "model: { url: 'https://api.example.org/v1', name: m, timeout_s: 60, share: [documents, wiring, location] }\n") ==
          "");
    CHECK(problems_of("model: { name: m }\n").starts_with("a.yaml:1:8: model.url: missing"));
    CHECK(problems_of("model: { url: 'https://a.b/v1?key=1', name: m }\n") != "");
    for (const char* open : {"http://api.example.org/v1", "http://8.8.8.8/v1"})
        CHECK(problems_of("model: { name: m, url: '" + std::string(open) + "' }\n") ==
              "a.yaml:1:24: model.url: \"" + std::string(open) +
                  "\" is not asked; model.url must be https, or http with localhost or a numeric address of a private network\n");
    CHECK(problems_of("model: { url: 'https://a.b', name: m, timeout_s: 0 }\n") != "");
    CHECK(problems_of("model: { url: 'https://a.b', name: m, share: [everything] }\n") != "");
}

TEST_CASE("lists the keys in the schema") {
    const auto schema = Json::parse(agent_config_schema());
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["properties"]["voltd"]["properties"]["key_file"]["default"] == "/etc/volt-agent/voltd.key");
    CHECK(schema["properties"]["tools"]["items"]["enum"] ==
          Json{"status", "history", "settings", "documents", "memory", "proposals"});
    CHECK(schema["properties"]["proposals"]["default"] == "off");
    CHECK(schema["properties"]["keep"]["properties"]["conversations_days"]["default"] == 400);
}

}  // namespace agent_config_test
