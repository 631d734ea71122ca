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

TEST_CASE("every key may be left out, and each problem is told with its place") {
    CHECK(problems_of("") == "");
    CHECK(problems_of("# nothing\n") == "");
    CHECK(problems_of("voltd: { url: 'http://192.168.1.5:8480', key_file: /k }\ntools: [status]\n") == "");
    CHECK(problems_of("tool: [status]\n").starts_with("a.yaml:1:1: tool: unknown key"));
    CHECK(problems_of("tools: [status, wires]\n").starts_with("a.yaml:1:17: tools[1]: "));
    CHECK(problems_of("tools: []\n") != "");
    CHECK(problems_of("voltd:\n  url: ftp://x\n").starts_with("a.yaml:2:8: voltd.url: "));
    CHECK(problems_of("[]\n") != "");
    CHECK(problems_of("tools: [status\n") != "");
}

TEST_CASE("the values of a file; a file that is named must be there") {
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

TEST_CASE("the schema knows the keys") {
    const auto schema = Json::parse(agent_config_schema());
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["properties"]["voltd"]["properties"]["key_file"]["default"] == "/etc/volt-agent/voltd.key");
    CHECK(schema["properties"]["tools"]["items"]["enum"] == Json{"status", "history", "settings", "documents"});
}

}  // namespace agent_config_test
