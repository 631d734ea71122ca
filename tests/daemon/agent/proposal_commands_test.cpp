// Tests of proposals on the command line: a program gets no code and cannot approve. For a terminal see tests/agent/run.py.
#include <doctest/doctest.h>

#include "tests/daemon/agent/proposals/proposed.hpp"

using namespace volt;
using namespace volt::agent;
using volt::testing::Ended;
using volt::testing::shell;

namespace proposal_commands_test {

TEST_CASE("hides codes and refuses approval without a terminal") {
    agent::testing::Proposed at;
    const std::string file = at.directory.path + "/agent.yaml";
    volt::testing::write_file(file, "store: " + at.directory.path + "\nvoltd: { config: " + at.config.voltd.config + " }\n");
    const auto agent = [&](const std::string& words) {
        return shell(VOLT_AGENT " proposals " + words + " --config " + file + " < /dev/null");
    };
    REQUIRE(at.change({{"start_voltage", 54.8}}).error == "");
    const std::string code = at.newest_code();
    const std::int64_t before = at.revision();
    for (const char* words : {"", "--json"}) {
        const Ended shown = agent(words);
        CHECK(shown.code == 0);
        CHECK_MESSAGE(shown.out.find("start_voltage") != std::string::npos, shown.out);
        CHECK(shown.out.find(code) == std::string::npos);
        if (*words == '\0')
            CHECK_MESSAGE(shown.out.find("change_settings by claude (pi, stdio)") != std::string::npos, shown.out);
    }
    const Ended refused = agent("approve " + code);
    CHECK(refused.code == 2);
    CHECK(refused.out.find("needs a terminal") != std::string::npos);
    CHECK(agent("approve").code == 2);
    CHECK(agent("approve " + code + " --yes").code == 2);
    CHECK(at.revision() == before);
    CHECK(agent("reject AAAAAAAA").code == 1);
    std::string lower = code;
    for (char& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    CHECK(agent("reject " + lower.substr(0, 4) + "-" + lower.substr(4)).code == 0);
    CHECK(list_proposals(at.store, 1, agent_now()).value().front().state == "rejected");
    CHECK(agent("reject " + code).code == 1);
}

}  // namespace proposal_commands_test
