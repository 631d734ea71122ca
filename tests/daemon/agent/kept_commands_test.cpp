// Tests of conversations and memory through volt-agent and voltctl, on a real file.
#include <doctest/doctest.h>

#include "drivers/store/agent/conversations.hpp"
#include "tests/daemon/api/api_fixture.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using volt::testing::Ended;
using volt::testing::shell;

namespace kept_commands_test {

namespace {

struct Kept {
    volt::testing::TempDir directory{};
    AgentStore store{directory / "agent.db"};
    std::string config = directory / "agent.yaml";
    Kept() { volt::testing::write_file(config, "store: " + (directory / "") + "\n"); }
    Ended agent(const std::string& words) const { return shell(VOLT_AGENT " " + words + " --config " + config); }
};

bool has(const Ended& ended, const std::string& part) { return ended.out.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("lists nothing and creates no file at first") {
    const Kept at;
    CHECK(at.agent("conversations list").code == 0);
    CHECK(at.agent("conversations list --json").out == "[]\n");
    CHECK(at.agent("conversations search x").code == 1);
    CHECK(at.agent("conversations show 12345678").code == 1);
    CHECK(at.agent("memory list --json").out == "[]\n");
    CHECK(at.agent("proposals --json").out == "[]\n");
    CHECK(has(at.agent("proposals"), "no proposals are waiting"));
    CHECK(!std::filesystem::exists(at.store.path()));
}

TEST_CASE("lists, shows, finds and removes a conversation") {
    Kept at;
    const std::string id =
        begin_conversation(at.store,
                           {.agent_role = "ask", .client = "pi", .title = "Why off?\x1b[31m", .created_ms = 1'750'000'000'000})
            .value();
    const AgentMessage answer{.created_ms = 1'750'000'000'500,
                              .role = "assistant",
                              .content = "the voltage\nis low \x1b]0;x\x07",
                              .tool_calls = "[{\"name\":\"explain\"}]",
                              .duration_ms = 500};
    REQUIRE(add_message(at.store, id, answer));
    const Ended listed = at.agent("conversations list");
    CHECK_MESSAGE(has(listed, id.substr(0, 8)), listed.out);
    CHECK(has(listed, "Why off?"));
    const Ended shown = at.agent("conversations show " + id.substr(0, 8));
    CHECK(has(shown, "the voltage\nis low"));
    CHECK(has(shown, "500 ms"));
    for (const Ended& it : {listed, shown}) CHECK(it.out.find('\x1b') == std::string::npos);
    const auto object = nlohmann::json::parse(at.agent("conversations show " + id + " --json").out);
    CHECK(object["messages"][0]["tool_calls"][0]["name"] == "explain");
    CHECK(object["created_at"] == "2025-06-15T15:06:40Z");
    CHECK(has(at.agent("conversations search voltage low"), "Why off?"));
    CHECK(at.agent("conversations rm").code == 2);
    CHECK(at.agent("conversations rm " + id + " --all").code == 2);
    CHECK(at.agent("conversations rm 00000000").code == 1);
    CHECK(has(at.agent("conversations rm " + id.substr(0, 8)), "removed 1 conversation"));
    CHECK(has(at.agent("conversations rm --all"), "removed 0 conversations"));
    CHECK(at.agent("conversations").code == 2);
}

TEST_CASE("manages the owner's memory") {
    const Kept at;
    CHECK(has(at.agent("memory add --kind preference quiet nights matter"), "remembered as 1"));
    CHECK(at.agent("memory add --kind order x").code == 2);
    CHECK(at.agent("memory add " + std::string(501, 'x')).code == 1);
    CHECK(has(at.agent("memory list"), "quiet nights matter"));
    CHECK(has(at.agent("memory search night"), "quiet nights matter"));
    const auto list = nlohmann::json::parse(at.agent("memory list --json --kind preference").out);
    CHECK(list[0]["role"] == "owner");
    CHECK(list[0]["importance"] == 1.0);
    CHECK(at.agent("memory rm 1").code == 0);
    CHECK(at.agent("memory rm 1").code == 1);
}

TEST_CASE("passes these commands on from voltctl") {
    CHECK(shell(VOLTCTL " conversations nonsense").code == 2);
    CHECK(has(shell(VOLTCTL " memory --help"), "memory add"));
    CHECK(has(shell(VOLTCTL " proposals --help"), "approve"));
}

}  // namespace kept_commands_test
