// Tests of the groups api, charge and rules, and that the catalog names every check.
#include "daemon/ctl/doctor/checks.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "tests/daemon/ctl/doctor/spoiled.hpp"

using namespace volt;
using namespace volt::ctl;
using namespace volt::ctl::doctor;

namespace site_checks_test {

TEST_CASE("doctor passes and fails each check of the API") {
    ApiFacts good{.host = "127.0.0.1", .sessions = 3};
    good.voltd.runs = good.voltd.reached = true;
    using Facts = ApiFacts;
    const auto silent = [](Facts& it) { it.voltd.reached = false, it.voltd.why = "voltd does not answer: timeout"; };
    check_each<Facts>(good, api_checks,
                      {{"api.reach", Outcome::fail, silent, "timeout"},
                       {"api.reach", Outcome::skipped, [&](Facts& it) { silent(it), it.voltd.runs = false; }},
                       {"api.reach", Outcome::skipped, [&](Facts& it) { silent(it), it.voltd.help = join_the_group; }},
                       {"api.lan", Outcome::warn, [](Facts& it) { it.host = "0.0.0.0", it.lan_plain = true; }},
                       {"api.sessions", Outcome::ok, [](Facts& it) { it.sessions = 20; }},
                       {"api.sessions", Outcome::warn, [](Facts& it) { it.sessions = 21; }, "21"},
                       {"api.sessions", Outcome::skipped, [](Facts& it) { it.sessions.reset(); }}});
}

TEST_CASE("doctor passes and fails each check of charging") {
    const ChargingFacts good{.guarded = true, .means = ChargeMeans::write, .proven = true, .registers = {{"victron", ""}}};
    using Facts = ChargingFacts;
    check_each<Facts>(
        good, charge_checks,
        {{"charge.guard", Outcome::warn, [](Facts& it) { it.finding = "never proven", it.remedy = "voltctl charge prove"; }},
         {"charge.guard", Outcome::fail,
          [](Facts& it) { it.finding = "not all", it.remedy = "write", it.means = ChargeMeans::none; }},
         {"charge.guard", Outcome::ok, [](Facts& it) { it.guarded = it.proven = false; }},
         {"charge.register", Outcome::fail, [](Facts& it) { it.registers.front().second = "silent"; },
          "victron cannot be read: silent"},
         {"charge.register", Outcome::skipped, [](Facts& it) { it.registers.clear(); }}});
}

TEST_CASE("doctor passes and fails each check of the rules") {
    const RuleFacts good{
        .reached = true, .idle = std::vector<IdleLoad>{}, .mode = "balanced", .mode_days = 90, .shadow_days = 90};
    using Facts = RuleFacts;
    const auto alarm = [](const char* severity) {
        return Json{{"text", "It is so"}, {"severity", severity}, {"remedy", "do this"}};
    };
    check_each<Facts>(good, rule_checks,
                      {{"rules.alarms", Outcome::warn,
                        [&](Facts& it) {
                            it.alarms = {{"not_drawing/x", alarm("warning")}};
                        },
                        "not_drawing/x: It is so"},
                       {"rules.alarms", Outcome::fail,
                        [&](Facts& it) {
                            it.alarms = {{"blind", alarm("critical")}};
                        }},
                       {"rules.alarms", Outcome::skipped, [](Facts& it) { it.reached = false; }},
                       {"rules.never", Outcome::warn,
                        [](Facts& it) {
                            it.idle = {{"s19", "voltage"}, {"s21", ""}};
                        },
                        "s19 (voltage), s21"},
                       {"rules.never", Outcome::skipped, [](Facts& it) { it.idle.reset(); }},
                       {"rules.reserve", Outcome::warn,
                        [](Facts& it) {
                            it.doubts = {{"nothing keeps the night", "set bank_wh"}};
                        }},
                       {"rules.mode_off", Outcome::warn, [](Facts& it) { it.mode = "off", it.mode_days = 7; }},
                       {"rules.mode_off", Outcome::ok, [](Facts& it) { it.mode = "off", it.mode_days = 6; }},
                       {"rules.shadow", Outcome::warn, [](Facts& it) { it.shadow = true, it.shadow_days = 8; }},
                       {"rules.shadow", Outcome::ok, [](Facts& it) { it.shadow = true, it.shadow_days = 1; }}});
}

TEST_CASE("doctor lists every group and name once in the catalog") {
    std::vector<std::string> groups;
    for (const auto& [group, names] : catalog()) {
        groups.push_back(group);
        CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
        CHECK_FALSE(names.empty());
    }
    CHECK(groups == std::vector<std::string>{"machine", "clock", "disk", "permissions", "config", "database", "service", "gx",
                                             "sol_ark", "broker", "ha", "outputs", "sensors", "api", "charge", "rules", "fleet"});
}

}  // namespace site_checks_test
