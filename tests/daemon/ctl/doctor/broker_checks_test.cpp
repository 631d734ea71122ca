// Tests of the group broker.
#include "daemon/ctl/doctor/checks.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt;
using namespace volt::ctl::doctor;

namespace broker_checks_test {

namespace {

using Facts = BrokerFacts;

OutputConfig tasmota(const char* id, const char* topic) {
    OutputConfig output;
    output.id = id;
    output.topic = topic;
    return output;
}

OutputReport answering() {
    OutputReport report;
    report.available = true;
    report.state = OutputState::off;
    return report;
}

BrokerFacts good() {
    BrokerFacts facts;
    facts.config.host = "127.0.0.1";
    facts.outputs = {tasmota("s21", "miner1"), tasmota("s19", "miner2")};
    facts.look.connected = true;
    facts.look.echo = Duration{3};
    facts.look.reports = {answering(), answering()};
    facts.voltd_runs = facts.voltd_reached = true;
    facts.listeners = {"0.0.0.0", "::"};
    facts.beside_agent = facts.has_nft = true;
    return facts;
}

}  // namespace

TEST_CASE("doctor passes and fails each check of the broker") {
    const auto deny = [](const char* topic) { return [topic](Facts& it) { it.look.denied = {topic}; }; };
    const auto cut = [](Facts& it, const char* why) {
        it.look = {};
        it.look.why = why;
    };
    check_each<Facts>(
        good(), broker_checks,
        {{"broker.reach", Outcome::fail, [&](Facts& it) { cut(it, "no connection to the broker"); }, "no connection"},
         {"broker.auth", Outcome::fail, [&](Facts& it) { cut(it, "rejected"), it.look.login_refused = true; }, "rejects"},
         {"broker.version", Outcome::warn, [](Facts& it) { it.look.version = 3; }, "speaks only MQTT 3.1.1"},
         {"broker.version", Outcome::warn, [](Facts& it) { it.look.version = it.config.version = 3; }, "voltd uses MQTT 3.1.1"},
         {"broker.echo", Outcome::fail, [](Facts& it) { it.look.echo.reset(); }, "deliver it back"},
         {"broker.echo", Outcome::fail, [](Facts& it) { it.look.echo = Duration{1000}; }, "1000 ms"},
         {"broker.acl_own", Outcome::fail, deny("voltd/shack/doctor"), "denies voltd/shack/doctor"},
         {"broker.acl_out.s21", Outcome::fail, deny("stat/miner1/+"), "denies stat/miner1/+"},
         {"broker.acl_out.s19", Outcome::fail, deny("cmnd/miner2/POWER"), "denies cmnd/miner2/POWER"},
         {"broker.listener", Outcome::fail,
          [](Facts& it) {
              it.listeners = {"127.0.0.1", "::1"}, it.look.reports = {};
          },
          "this computer only"},
         {"broker.listener", Outcome::ok, [](Facts& it) { it.listeners = {"127.0.0.1"}; }},
         {"broker.listener", Outcome::skipped, [](Facts& it) { it.listeners.reset(); }},
         {"broker.retained", Outcome::fail,
          [](Facts& it) {
              it.look.retained = {{0, "cmnd/miner1/POWER"}};
          },
          "cmnd/miner1/POWER"},
         {"broker.hung", Outcome::fail, [](Facts& it) { it.hung = "The broker hangs"; }},
         {"broker.client_id", Outcome::fail, [](Facts& it) { it.client_id = "Another program uses it"; }},
         {"broker.client_id", Outcome::fail, [](Facts& it) { it.voltd_runs = false, it.look.site_online = true; },
          "two controllers"},
         {"broker.agent", Outcome::fail, [](Facts& it) { it.open_ports = {1883}; }, "port 1883 lets in anyone"},
         {"broker.agent", Outcome::fail, [](Facts& it) { it.open_ports = {1883}, it.no_password = "cannot be read"; },
          "could switch relays"},
         {"broker.agent", Outcome::warn, [](Facts& it) { it.has_nft = false; }, "nft, which would block the port, is missing"},
         {"broker.agent", Outcome::skipped, [](Facts& it) { it.beside_agent = false, it.open_ports = {1883}; }},
         {"broker.client_id", Outcome::ok, [](Facts& it) { it.look.site_online = true; }}});
}

TEST_CASE("doctor checks this voltd's Home Assistant messages") {
    const auto message = [](const std::string& version) {
        return R"({"origin":{"name":"voltd","sw_version":")" + version + R"("}})";
    };
    BrokerFacts facts = good();
    facts.discovery = true;
    facts.look.discovery = {{"homeassistant/device/voltd_shack/config", message(VOLT_VERSION)}};
    const std::map<std::string, std::string> none;
    check_each<Facts>(
        facts, home_assistant_checks,
        {{"ha.announced", Outcome::fail, [&](Facts& it) { it.look.discovery = none; }, "holds none"},
         {"ha.announced", Outcome::fail,
          [&](Facts& it) { it.look.discovery["homeassistant/device/x/config"] = message("0.0.1"); },
          "x/config was published by voltd 0.0.1"},
         {"ha.announced", Outcome::fail, [&](Facts& it) { it.look.discovery["homeassistant/device/x/config"] = "{"; },
          "unknown version"},
         {"ha.announced", Outcome::fail, [](Facts& it) { it.look.denied = {"homeassistant/device/+/config"}; }, "denies reading"},
         {"ha.announced", Outcome::warn, [](Facts& it) { it.discovery = false; }, "still holds 1"},
         {"ha.announced", Outcome::skipped, [&](Facts& it) { it.discovery = false, it.look.discovery = none; }}});
}

TEST_CASE("doctor skips broker checks without the password") {
    BrokerFacts facts = good();
    facts.look = {};
    facts.no_password = "the broker's password cannot be read";
    for (const Check& check : broker_checks(facts)) {
        CAPTURE(described(check));
        if (check.id == "broker.listener") continue;
        CHECK(check.opinion.outcome == Outcome::skipped);
        CHECK(check.opinion.remedy == "run with sudo");
    }
}

TEST_CASE("doctor skips checks that need switching") {
    BrokerFacts facts = good();
    facts.outputs[0].dialect = DialectName::generic;
    facts.outputs[0].command_topic = "shed/set";
    facts.look.version = facts.config.version = 3;
    facts.look.reports[1] = {};
    for (const Check& check : broker_checks(facts))
        if (check.id.starts_with("broker.acl_out.")) CHECK_MESSAGE(check.opinion.outcome == Outcome::skipped, described(check));
}

}  // namespace broker_checks_test
