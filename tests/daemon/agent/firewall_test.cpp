#include "daemon/agent/firewall.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::agent;

namespace firewall_test {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("opens only ports of voltd, model and name servers") {
    const volt::testing::TempDir dir;
    AgentConfig config;
    config.voltd.config = dir.path() + "/voltd.yaml";
    std::ofstream(config.voltd.config) << "site: yard\napi: { listen: 127.0.0.1:8490 }\nmqtt: { url: mqtt://127.0.0.1:1883 }\n";
    CHECK(has(firewall_rules(config), "tcp dport { 53, 8490 } accept"));
    config.model = ModelConfig{};
    for (const auto& [url, ports] :
         {std::pair("https://api.example/v1", "53, 443, 8490"), std::pair("http://[fd00::2]:11434", "53, 8490, 11434"),
          std::pair("http://box", "53, 80, 8490")}) {
        config.model->url = url;
        CHECK_MESSAGE(has(firewall_rules(config), std::string("tcp dport { ") + ports + " } accept"), firewall_rules(config));
    }
    config.model.reset();
    config.voltd.url = "https://shack.example";
    CHECK(has(firewall_rules(config), "tcp dport { 53, 443 } accept"));
}

TEST_CASE("loads into nft, even twice") {
    if (volt::testing::shell("unshare -n nft list tables").code != 0) return;  // no nft here, or no right to create a network
    const volt::testing::TempDir dir;
    std::string rules = firewall_rules(AgentConfig{});
    rules.replace(rules.find("\"volt-agent\""), sizeof "\"volt-agent\"" - 1, "65534");
    std::ofstream(dir.path() + "/rules") << rules;
    const auto trial = volt::testing::shell("unshare -n sh -c 'nft -f " + dir.path() + "/rules && nft -f " + dir.path() +
                                            "/rules && nft list table inet volt_agent'");
    CHECK_MESSAGE(trial.code == 0, trial.out);
    CHECK(has(trial.out, "tcp dport { 53, 8480 } accept"));
}

}  // namespace firewall_test
