// The real voltd as a process: the content of its topics, its loads after it is killed, and the charge limit of a simulated GX.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <set>

#include "rules/alarm.hpp"
#include "tests/fakes/tasmota.hpp"
#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

using Keys = std::set<std::string>;

Keys keys_of(const json& object) {
    Keys keys;
    for (const auto& [key, value] : object.items()) keys.insert(key);
    return keys;
}

const Keys miner_keys{"at",      "state",          "wanted",     "reason", "text",         "since",           "override",
                      "power_w", "override_until", "blocked_by", "next",   "starts_today", "runtime_today_s", "energy_wh"};
const Keys zone_keys{"at",   "temperature_c", "fan_level", "fan_wanted", "fan_override",
                     "heat", "heat_override", "heater",    "reason",     "text"};
const Keys output_keys{"at",        "commanded", "reported",     "measured_w",   "level",
                       "available", "lease",     "lease_left_s", "confirmed_ms", "since"};
const Keys source_keys{"at", "state", "age_s", "failures", "last_error", "rtt_ms"};
const Keys battery_source_keys{"at", "state", "age_s", "failures", "last_error", "rtt_ms", "temperature_c"};

/// Topics promised to owners, with their exact keys.
const std::map<std::string, Keys> promised{
    {"battery", {"at", "voltage_v", "source", "quality", "age_s", "soc_pct", "current_a", "power_w", "temperature_c", "stage"}},
    {"site", {"at", "mode", "commands", "degraded", "clock_trusted", "clock", "version", "started"}},
    {"power", {"at", "pv_w", "load_w", "grid_w", "base_load_w", "excess_w", "available_w", "allocated_w", "unexplained_w"}},
    {"miner/primary-s21-revenue", miner_keys},
    {"miner/dump-load-s19-1", miner_keys},
    {"zone/heat-room", zone_keys},
    {"zone/main-room", zone_keys},
    {"output/primary-s21", output_keys},
    {"output/dump-load-s19-1", output_keys},
    {"charge", {"at", "order", "reason", "text", "carried_out", "means", "proven"}},
    {"source/victron.system", source_keys},
    {"source/victron.battery", battery_source_keys},
    {"source/sol_ark", battery_source_keys},
    {"source/sensor.heat-room", source_keys},
    {"source/weather", source_keys},
    {"source/mqtt", source_keys},
    {"alarms", {"at", "critical", "warning", "worst", "text", "list"}},
};

const std::string root = "voltd/solar-shack/";

std::string code_of(const std::string& suffix) {
    const std::string rest = suffix.substr(6);
    return rest.substr(0, rest.find('/'));
}

/// Returns true if the alarm's code has this severity.
bool has_facts(const std::string& code, const std::string& severity) {
    return std::ranges::any_of(volt::alarm_facts, [&](const volt::AlarmFacts& facts) {
        return code == facts.name && severity == (facts.severity == volt::Severity::critical ? "critical" : "warning");
    });
}

/// Checks that no message to an output is retained: a late subscriber would receive it.
void check_nothing_retained(const Site& site) {
    Process late(
        {"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(site.broker_port), "-t", "cmnd/#", "-W", "1", "-F", "%r %t"});
    late.wait();
    for (const std::string& line : late.lines()) CHECK_MESSAGE(!line.starts_with("1"), line);
}

}  // namespace

TEST_CASE("retains every promised topic, and clears ended alarms") {
    Site site;
    site.write_config();
    site.start_devices();
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(site.wait_for_command("miner1", "ON"), site.voltd->text());
    for (const auto& topic : promised) {
        const auto& suffix = topic.first;
        const auto& keys = topic.second;
        CAPTURE(suffix);
        REQUIRE(eventually([&] { return !site.state(suffix).empty(); }));
        const json object = site.state(suffix);
        CHECK(keys_of(object) == keys);
    }
    CHECK(site.last(root + "status") == "online");
    REQUIRE(eventually([&] { return site.state("output/primary-s21").value("reported", "") == "on"; }));
    REQUIRE(eventually([&] { return !site.state("miner/dump-load-s19-1").at("blocked_by").empty(); }));
    const json waiting = site.state("miner/dump-load-s19-1");
    for (const json& gate : waiting.at("blocked_by")) {
        const Keys known{"gate", "have", "need", "unit", "remaining_s", "from", "until"};
        for (const std::string& key : keys_of(gate)) CHECK_MESSAGE(known.contains(key), key);
    }
    // A new reader receives all of it at once.
    Process late({"stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(site.broker_port), "-t", root + "#",
                  "-F", "%r %t"});
    for (const auto& topic : promised) CHECK_MESSAGE(late.wait_for("1 " + root + topic.first), topic.first);

    // Blind by both devices: alarms by code and subject. When they return, empty messages clear them.
    site.gx->signal(SIGSTOP);
    site.sol_ark->signal(SIGSTOP);
    REQUIRE(eventually([&] { return !site.state("alarm/blind").empty(); }));
    REQUIRE(eventually([&] { return !site.state("alarm/source_failing/sol_ark").empty(); }));
    CHECK(eventually([&] { return site.state("battery").value("voltage_v", json(1)).is_null(); }));
    CHECK(site.state("battery").contains("last_voltage_v"));
    site.gx->signal(SIGCONT);
    site.sol_ark->signal(SIGCONT);
    CHECK(eventually([&] { return site.last(root + "alarm/blind") == ""; }));
    CHECK(eventually([&] { return site.last(root + "alarm/source_failing/sol_ark") == ""; }));

    site.publish(root + "miner/primary-s21-revenue/set", R"({"override":"off","minutes":5})");
    CHECK(eventually([&] { return site.last(root + "miner/primary-s21-revenue/result") == R"({"ok":true})"; }));
    CHECK(eventually([&] { return site.state("miner/primary-s21-revenue").value("override", "") == "off"; }));
    site.publish(root + "miner/nobody/set", "off");
    CHECK(eventually([&] { return !site.state("miner/nobody/result").empty(); }));
    CHECK(site.state("miner/nobody/result").value("ok", true) == false);

    const Keys whats{"miner", "zone", "charge", "stage", "mode", "source", "output", "override", "settings", "daemon"};
    for (const Heard& message : site.received()) {
        if (!message.topic.starts_with(root) || message.payload.empty()) continue;
        const std::string suffix = message.topic.substr(root.size());
        CAPTURE(suffix);
        if (suffix.starts_with("alarm/")) {
            const json alarm = json::parse(message.payload);
            CHECK(keys_of(alarm) == Keys{"at", "since", "text", "severity", "remedy"});
            CHECK_MESSAGE(has_facts(code_of(suffix), alarm.at("severity")), suffix);
        } else if (suffix == "event") {
            const json event = json::parse(message.payload);
            CHECK(keys_of(event) == Keys{"at", "what", "subject", "from", "to", "reason", "text"});
            CHECK(whats.contains(event.at("what").get<std::string>()));
        } else if (!suffix.ends_with("/set") && !suffix.ends_with("/result") && suffix != "echo" && suffix != "status" &&
                   suffix != "controller") {
            CHECK_MESSAGE(promised.contains(suffix), "a topic that nobody promised");
        }
    }
    check_nothing_retained(site);
}

TEST_CASE("a relay's own timer ends the load of a killed voltd") {
    Site site;
    site.write_config("", ", lease_s: 30");
    site.start_broker();
    site.start_listener();
    site.start_gx();
    site.start_sol_ark();
    FakeTasmota relay(site.broker_port, "miner1");
    REQUIRE(eventually([&] { return relay.connected(); }));
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(eventually([&] {
                        site.publish("zigbee2mqtt/heat-room", R"({"temperature":21.5})");
                        return relay.relay_on();
                    }),
                    site.voltd->text());
    REQUIRE(eventually([&] { return site.state("output/primary-s21").value("lease", "") == "armed"; }));
    CHECK(relay.pulse_time() == 130);
    // Renewed while voltd lives: twice in 25 s.
    REQUIRE(eventually([&] { return site.commands("miner1").size() >= 2; }));
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    REQUIRE(eventually([&] { return site.last(root + "status") == "offline"; }));
    const auto commands = site.commands("miner1").size();
    relay.set_timer_speed(20);
    CHECK(eventually([&] { return !relay.relay_on(); }));
    CHECK(site.commands("miner1").size() == commands);
    check_nothing_retained(site);
    for (const std::string& order : site.commands("miner1")) CHECK(order == "ON");
}

TEST_CASE("switches off an output that a reload removes or rewires") {
    Site site;
    site.write_config();
    site.start_broker();
    site.start_listener();
    site.start_gx();
    site.start_sol_ark();
    FakeTasmota first(site.broker_port, "miner1"), second(site.broker_port, "miner2"), other(site.broker_port, "miner9");
    REQUIRE(eventually([&] { return first.connected() && second.connected() && other.connected(); }));
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(eventually([&] {
                        site.publish("zigbee2mqtt/heat-room", R"({"temperature":21.5})");
                        return first.relay_on();
                    }),
                    site.voltd->text());
    REQUIRE(eventually([&] { return site.state("output/primary-s21").value("reported", "") == "on"; }));
    const auto reload_with = [&](const std::string& from, const std::string& to) {
        std::string yaml = read_file(site.config_path());
        yaml.replace(yaml.find(from), from.size(), to);
        write_file(site.config_path(), yaml);
        site.voltd->signal(SIGHUP);
    };
    SUBCASE("rewired") {
        reload_with("topic: miner1", "topic: miner9");
        REQUIRE(eventually([&] { return !first.relay_on(); }));
        CHECK(eventually([&] { return site.state("output/primary-s21").value("available", false); }));
    }
    SUBCASE("removed") {
        reload_with("  - { id: primary-s21, dialect: tasmota, topic: miner1, meter: true  }\n", "");
        REQUIRE(eventually([&] { return !first.relay_on(); }));
        CHECK(site.voltd->wait_for("was reloaded and is in force"));
    }
    CHECK(site.voltd->wait_for("Removed from voltd.yaml or changed: primary-s21: switched off"));
    CHECK(site.wait_for_command("miner1", "OFF"));
    CHECK(site.commands("miner1").back() == "OFF");
    for (const std::string& order : site.commands("miner2")) CHECK(order == "ON");  // the others are not changed
    CHECK(second.switchings() <= 1);
    check_nothing_retained(site);
}

TEST_CASE("a reload names outputs that it leaves on") {
    Site site;
    site.write_config();
    site.start_broker();
    site.start_listener();
    site.start_gx();
    site.start_sol_ark();
    FakeTasmota relay(site.broker_port, "miner1"), other(site.broker_port, "miner2");
    REQUIRE(eventually([&] { return relay.connected() && other.connected(); }));
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(eventually([&] {
                        site.publish("zigbee2mqtt/heat-room", R"({"temperature":21.5})");
                        return relay.relay_on();
                    }),
                    site.voltd->text());
    REQUIRE(eventually([&] { return site.state("output/primary-s21").value("reported", "") == "on"; }));
    const std::string yaml = read_file(site.config_path());
    const auto reload_with = [&](const std::string& from, const std::string& to) {
        std::string changed = yaml;
        changed.replace(changed.find(from), from.size(), to);
        write_file(site.config_path(), changed);
        site.voltd->signal(SIGHUP);
    };
    SUBCASE("a deaf relay") {
        const std::string alarm = root + "alarm/output_not_following/primary-s21";
        relay.set_deaf(true);
        reload_with("  - { id: primary-s21, dialect: tasmota, topic: miner1, meter: true  }\n", "");
        CHECK(eventually([&] { return site.last(alarm).value_or("").find("did not confirm OFF") != std::string::npos; }));
        reload_with("weather/sunny", "weather/sky");  // and back again: the alarm was seen
        CHECK(site.voltd->wait_for("Cleared: The device that was primary-s21"));
    }
    SUBCASE("a deaf relay, removed during a reload to shadow") {
        relay.set_deaf(true);
        reload_with("confirm_s: 2", "confirm_s: 2, commands: shadow");
        REQUIRE(site.wait_for_command("miner1", "OFF"));
        std::string changed = read_file(site.config_path());
        const std::string line = "  - { id: primary-s21, dialect: tasmota, topic: miner1, meter: true  }\n";
        changed.replace(changed.find(line), line.size(), "");
        write_file(site.config_path(), changed);
        site.voltd->signal(SIGHUP);
        const std::string alarm = root + "alarm/output_not_following/primary-s21";
        CHECK(eventually([&] { return site.last(alarm).value_or("").find("did not confirm OFF") != std::string::npos; }));
    }
    SUBCASE("another broker") {
        reload_with("127.0.0.1:" + std::to_string(site.broker_port), "127.0.0.1:" + std::to_string(free_port()));
        CHECK(eventually([&] { return !relay.relay_on(); }));
        CHECK(site.voltd->wait_for("No longer controlled at the broker 127.0.0.1:" + std::to_string(site.broker_port) +
                                   ": primary-s21"));
    }
}

TEST_CASE("charge guard: register 2705 blocks cold charging, even after a kill") {
    Site site;
    site.write_config("", "");
    std::string yaml = read_file(site.config_path());
    yaml.replace(yaml.find("poll_s: 0.2, units"), 18, "poll_s: 0.2, charge_limit: write, units");
    yaml.replace(yaml.find("start_stagger_s: 1"), 18, "start_stagger_s: 1, charge_release_hold_s: 1");
    yaml.erase(yaml.find("sol_ark:"), yaml.find("mqtt:") - yaml.find("sol_ark:"));
    write_file(site.config_path(), yaml);
    site.start_broker();
    site.start_listener();
    site.start_gx();
    const auto limit = [&] { return json::parse(site.ask("gx", "status")).value("charge_limit_a", 12345); };
    const auto write_2705 = [&](const std::string& value) {
        Process poll({"mbpoll", "-m", "tcp", "-a", "100", "-p", std::to_string(site.gx_port), "-0", "-r", "2705", "-t", "4",
                      "127.0.0.1", value});
        REQUIRE_MESSAGE(poll.wait() == 0, poll.text());
    };
    write_2705("60");
    REQUIRE(limit() == 60);
    site.tell("gx", {"set", "battery-temperature", "-5"});
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return limit() == 0; }), site.voltd->text());
    CHECK(eventually([&] { return site.state("charge").value("order", "") == "blocked"; }));
    CHECK(eventually([&] { return site.state("charge").value("carried_out", "") == "write"; }));
    const auto found = [&] { return site.sql("SELECT json_extract(state, '$.charge_write.found_a') FROM rule_state"); };
    CHECK(eventually([&] { return found() == "60\n"; }));

    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.start_voltd();
    REQUIRE(eventually([&] {
        return site.state("charge").value("order", "") == "blocked" && site.state("battery").value("quality", "") == "good";
    }));
    CHECK(limit() == 0);
    CHECK(found() == "60\n");
    if (std::getenv("VOLT_OUTPUTS_LONG") == nullptr) return;  // the register is written once a minute
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.tell("gx", {"set", "battery-temperature", "10"});
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return limit() == 60; }), site.voltd->text());
    CHECK(eventually([&] { return site.state("charge").value("order", "") == "allowed"; }));
    CHECK(eventually([&] { return site.sql("SELECT json_extract(state, '$.charge_write.ours') FROM rule_state") == "0\n"; }));
}
