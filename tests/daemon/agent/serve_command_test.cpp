// Tests of volt-agent serve as a process.
#include "daemon/agent/serve_command.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "tests/daemon/agent/agent_site.hpp"

using volt::testing::Process;
using volt::testing::shell;

namespace serve_command_test {

TEST_CASE("serves only with http, on loopback, until SIGTERM") {
    const volt::agent::testing::AgentSite at;
    const std::string file = at.directory.path + "/agent.yaml", base = "voltd: { config: " + at.config.voltd.config +
                                                                       ", key_file: " + at.config.voltd.key_file +
                                                                       " }\nstore: " + at.directory.path + "\n";
    volt::testing::write_file(file, base);
    const auto off = shell(VOLT_AGENT " serve --config " + file);
    CHECK(off.code == 1);
    CHECK(off.out.find("http is off in agent.yaml") != std::string::npos);
    volt::testing::write_file(file, base + "http: { listen: '0.0.0.0:8481' }\n");
    const auto open = shell(VOLT_AGENT " serve --config " + file);
    CHECK(open.code == 1);
    CHECK_MESSAGE(open.out.find("a loopback address") != std::string::npos, open.out);
    const int port = volt::testing::free_port();
    volt::testing::write_file(file, base + "http: { listen: '127.0.0.1:" + std::to_string(port) +
                                        "', token_file: " + at.directory.path + "/token.agent }\n");
    Process serving({VOLT_AGENT, "serve", "--config", file});
    REQUIRE(serving.wait_for("the token is in"));
    const volt::fixture::RawClient client(port);
    client.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(client.hear().find(R"("status":"ok")") != std::string::npos);
    CHECK(shell(VOLT_AGENT " serve --config " + file).out.find("another program is using this port") != std::string::npos);
    serving.signal(SIGTERM);
    CHECK(serving.wait() == 0);
}

}  // namespace serve_command_test
