// volt-agent as a process: what a client starts, and what its owner does before.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/daemon/agent/agent_site.hpp"
#include "tests/fakes/process.hpp"

using namespace volt::agent;
using volt::testing::Ended;
using volt::testing::shell;

namespace program_test {

namespace {

constexpr const char* two_lines =
    R"(printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"ping"}' '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' | )";

bool has(const Ended& ended, const std::string& part) { return ended.out.find(part) != std::string::npos; }

/// The command with the files of a site.
std::string of(const volt::agent::testing::AgentSite& at, const char* word) {
    return std::string(VOLT_AGENT " ") + word + " --voltd-config " + at.config.voltd.config + " --key-file " +
           at.config.voltd.key_file;
}

}  // namespace

TEST_CASE("setup, check, mcp; voltctl mcp is the same program") {
    const volt::agent::testing::AgentSite at;
    const Ended before = shell(of(at, "check"));
    CHECK(before.code == 1);
    CHECK(has(before, "make one: sudo volt-agent setup"));
    const Ended made = shell(of(at, "setup"));
    CHECK(made.code == 0);
    CHECK(has(made, "The key is in " + at.config.voltd.key_file));
    const Ended checked = shell(of(at, "check"));
    CHECK_MESSAGE(checked.code == 0, checked.out);
    CHECK(has(checked, "the key has the role propose"));
    CHECK(has(checked, "  query_history: "));
    for (const std::string& command : {of(at, "mcp"), std::string(VOLTCTL " mcp --config ") + at.config.voltd.config}) {
        const Ended served = shell(two_lines + command + " 2>/dev/null");
        CHECK(served.code == 0);
        CHECK_MESSAGE(has(served, R"({"jsonrpc":"2.0","id":1,"result":{}})"), served.out);
        CHECK(has(served, R"("name":"get_status")"));
    }
}

TEST_CASE("the manual from the command line: hits with file and lines, pages as they are") {
    const Ended found = shell(VOLTCTL " docs search 'output stuck on' --limit 3");
    CHECK(found.code == 0);
    CHECK_MESSAGE(has(found, "1  manual/alarms.md:"), found.out);
    CHECK(has(found, "Alarms > output_stuck_on"));
    CHECK(shell(VOLTCTL " docs search xyzzy").code == 1);
    CHECK(has(shell(VOLT_AGENT " docs show manual/alarms.md"), "# Alarms\n"));
    CHECK(has(shell(VOLT_AGENT " docs show alarm.md"), "alarms.md"));
    const Ended pages = shell(VOLTCTL " docs list");
    for (const char* page :
         {"manual/alarms.md", "manual/reasons.md", "manual/voltctl.1.md", "manual/voltd.yaml.5.md", "manual/devices.md"})
        CHECK_MESSAGE(has(pages, page), std::string(page));
    CHECK(shell(VOLTCTL " docs").code == 2);
}

TEST_CASE("a wrong file or word is refused; without volt-agent voltctl names the package") {
    const volt::testing::TempDir directory;
    volt::testing::write_file(directory / "agent.yaml", "tool: []\n");
    const Ended wrong = shell(VOLT_AGENT " mcp --config " + (directory / "agent.yaml") + " < /dev/null");
    CHECK(wrong.code == 1);
    CHECK(has(wrong, "agent.yaml:1:1: tool: unknown key"));
    CHECK(shell(VOLT_AGENT " serve").code == 2);
    CHECK(shell(VOLT_AGENT).code == 2);
    CHECK(has(shell(VOLT_AGENT " --version"), "volt-agent 0"));
    std::filesystem::copy_file(VOLTCTL, directory / "voltctl");
    const Ended none = shell("PATH=/nowhere " + (directory / "voltctl") + " mcp");
    CHECK(none.code == 1);
    CHECK_MESSAGE(has(none, "apt install voltd-agent"), none.out);
}

}  // namespace program_test
