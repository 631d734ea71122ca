// The charge guard by register 210 on the simulated inverter, whose charger obeys it: end to end, with the real voltd and
// voltctl.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/integration/site.hpp"

using namespace volt::testing;
using nlohmann::json;

namespace {

/// One inverter that charges with all the sun of the late morning, unless ordered not to.
struct Inverter : Site {
    explicit Inverter(const std::string& control = "") {
        write_config(control, "");
        std::string yaml = read_file(config_path());
        yaml.erase(yaml.find("victron:"), yaml.find("sol_ark:") - yaml.find("victron:"));
        yaml.replace(yaml.find("poll_s: 0.2 }"), 13, "poll_s: 0.2, charge_limit: write, charge_limit_a: 100 }");
        write_file(config_path(), yaml);
        start_broker();
        start_listener();
        start_sol_ark({"--start", "2025-06-21T11:00", "--speed", "1"});
        tell("sol_ark", {"set", "all", "auto"});
    }

    json plant() const { return json::parse(ask("sol_ark", "status")); }
    int limit() { return plant().value("sol_ark_charge_limit_a", -99); }
    std::string stored(const std::string& key) const {
        const std::string text = sql("SELECT json_extract(state, '$." + key + "') FROM rule_state");
        return text.substr(0, text.find('\n'));
    }
    bool charges() {
        const auto battery = state("battery");
        return battery.contains("current_a") && battery["current_a"].is_number() && battery["current_a"] > 50 &&
               battery.value("quality", "") == "good";
    }
    std::unique_ptr<Process> voltctl(std::vector<std::string> words) const {
        words.insert(words.begin(), VOLT_BINARY_DIR "/voltctl");
        words.insert(words.end(), {"--config", config_path()});
        return std::make_unique<Process>(words);
    }
    std::string said(std::vector<std::string> words) const {
        const auto process = voltctl(std::move(words));
        process->wait();
        return process->text();
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the next start restores a killed proof") {
    if (std::getenv("VOLT_OUTPUTS_LONG") == nullptr) return;  // a register is written once a minute
    Inverter site;
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return site.charges(); }), site.voltd->text());
    CHECK(has(site.voltd->text(), "it was never proven that this stops charging"));
    CHECK(has(site.said({"config", "check"}), "it was never proven"));
    CHECK(has(site.said({"status"}), "Charge guard: below 0.0 °C, not proven"));
    const std::string unasked = VOLT_BINARY_DIR "/voltctl charge prove --config " + site.config_path() + " </dev/null";
    CHECK(has(shell(unasked).out, "not confirmed"));
    CHECK(site.limit() == 185);

    auto proof = site.voltctl({"charge", "prove", "--yes"});
    const bool blocked = eventually([&] { return site.limit() == 0; });
    REQUIRE_MESSAGE(blocked, std::string(proof->text() + site.voltd->text()));
    CHECK(eventually([&] { return site.plant().value("battery_w", 1) <= 0; }));
    CHECK(site.stored("charge_write_sol_ark.ours") == "1");
    CHECK(site.stored("charge_write_sol_ark.found_a") == "185");
    CHECK(site.state("charge").value("order", "") == "allowed");
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    CHECK_MESSAGE(proof->wait().value_or(-1) == 3, proof->text());
    CHECK(site.limit() == 0);
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return site.limit() == 185; }), site.voltd->text());
    CHECK(eventually([&] { return site.stored("charge_write_sol_ark.ours") == "0"; }));
    CHECK(site.stored("charge_proof").empty());

    REQUIRE(eventually([&] {
        proof = site.voltctl({"charge", "prove", "--yes"});
        return proof->wait() == 0 || !has(proof->text(), "cannot run the test now");
    }));
    CHECK_MESSAGE(has(proof->text(), "Proven: the battery current fell from"), proof->text());
    CHECK(site.limit() == 185);
    CHECK(eventually([&] { return site.state("charge").at("proven").is_string(); }));
    CHECK(eventually([&] { return !site.stored("charge_proof.at_utc").empty(); }));
    site.voltd->signal(SIGKILL);
    site.voltd->wait();
    site.start_voltd();
    CHECK(eventually([&] { return site.charges() && site.state("charge").at("proven").is_string(); }));
    CHECK_FALSE(has(site.voltd->text(), "never proven"));
    CHECK_FALSE(has(site.said({"config", "check"}), "never proven"));
    CHECK(has(site.said({"status"}), "Charge guard: below 0.0 °C, proven 2"));
}

TEST_CASE("cold: blocks charging by register, and restores the limit when warm") {
    if (std::getenv("VOLT_OUTPUTS_LONG") == nullptr) return;  // a register is written once a minute
    Inverter site(", charge_release_hold_s: 1");
    site.tell("sol_ark", {"fault", "sol_ark", "refuses-write", "86400"});
    site.tell("sol_ark", {"set", "battery-temperature", "-5"});
    site.start_voltd();
    REQUIRE(eventually([&] { return site.state("charge").value("order", "") == "blocked"; }));
    const auto alarm = [&] { return site.last("voltd/solar-shack/alarm/charge_not_blocked").value_or(""); };
    REQUIRE_MESSAGE(eventually([&] { return has(alarm(), "exception 3"); }), site.voltd->text());
    CHECK(has(alarm(), "2 writes had no effect"));
    CHECK(eventually([&] { return site.state("charge").value("carried_out", "") == "failed"; }));
    CHECK(eventually([&] { return has(site.state("charge").value("text", ""), "Charging should be blocked"); }));
    CHECK(site.limit() == 185);

    site.voltd->signal(SIGTERM);
    site.voltd->wait();
    site.tell("sol_ark", {"fault", "sol_ark", "none", "1"});
    site.start_voltd();
    REQUIRE_MESSAGE(eventually([&] { return site.limit() == 0; }), site.voltd->text());
    CHECK(eventually([&] { return site.plant().value("battery_w", 1) <= 0; }));
    CHECK(eventually([&] { return site.state("charge").value("carried_out", "") == "write" && alarm().empty(); }));
    CHECK(has(site.state("charge").value("text", ""), "Charging is blocked: -5.0 °C"));
    CHECK(has(site.said({"charge", "prove", "--yes"}), "charging is blocked now"));
    if (std::getenv("VOLT_OUTPUTS_LONG") == nullptr) return;
    site.tell("sol_ark", {"set", "battery-temperature", "10"});
    REQUIRE_MESSAGE(eventually([&] { return site.limit() == 185; }), site.voltd->text());
    CHECK(eventually([&] { return site.plant().value("battery_w", 0) > 1000; }));
}
