#include "daemon/explain/explain_flip.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/phrase.hpp"
#include "daemon/explain/topics.hpp"
#include "rules/names.hpp"
#include "tests/daemon/site_fixture.hpp"

using namespace volt;
using fixture::Site;

namespace {

Gate blocked(GateName name, Unit unit, std::int64_t have, std::int64_t need) {
    Gate gate;
    gate.name = name;
    gate.passes = false;
    gate.unit = unit;
    gate.have = have;
    gate.need = need;
    return gate;
}

Gate bare(GateName name) {
    Gate gate;
    gate.name = name;
    gate.passes = false;
    return gate;
}

/// The text has these pieces, in this order; sentences.txt has it whole.
bool has(const std::string& text, std::initializer_list<std::string_view> pieces) {
    std::size_t at = 0;
    for (const std::string_view piece : pieces) {
        const std::size_t found = text.find(piece, at);
        if (found == std::string::npos) {
            MESSAGE("'" << piece << "' is not in: " << text);
            return false;
        }
        at = found + piece.size();
    }
    return true;
}
/// Checks a sentence for an owner: no placeholder, no internal name, starts with a capital or a number.
void check_sentence(const std::string& text) {
    CAPTURE(text);
    CHECK(text.size() > 7);
    CHECK(text.find('?') == std::string::npos);
    CHECK(text.find('_') == std::string::npos);
    CHECK(text.find("  ") == std::string::npos);
    CHECK(text.find("{}") == std::string::npos);
    CHECK(std::islower(static_cast<unsigned char>(text.front())) == 0);
}

}  // namespace

TEST_CASE("explains the worked case word for word") {
    const Site site;
    CHECK(has(explain_load(site.scene(), 0), {"Start Primary S21+", "52.30 V (65 %)"}));
    CHECK(has(explain_change(site.scene(), 0), {"Start Primary S21+", "52.30 V (65 %)"}));
    CHECK(has(explain_load(site.scene(), 1), {"52.30 V", "2.20 V", "54.50 V"}));
}

TEST_CASE("has a sentence for every reason in every state") {
    for (int i = 0; i < static_cast<int>(reason_count); ++i)
        for (const LoadState state :
             {LoadState::off, LoadState::starting, LoadState::on, LoadState::stopping, LoadState::unknown, LoadState::fault})
            for (const bool wanted : {false, true})
                for (std::size_t load = 0; load < 3; ++load) {
                    Site site;
                    site.verdict(load).reason = static_cast<Reason>(i);
                    site.verdict(load).state = state;
                    site.verdict(load).wanted = wanted;
                    CAPTURE(name_of(static_cast<Reason>(i)));
                    check_sentence(explain_load(site.scene(), load));
                    check_sentence(explain_change(site.scene(), load));
                    site.verdict(load).have = 4690;
                    site.verdict(load).need = 4700;
                    site.verdict(load).unit = Unit::volts;
                    site.verdict(load).remaining = 12s;
                    site.decision.battery.voltage.reset();
                    check_sentence(explain_load(site.scene(), load));
                }
}

TEST_CASE("has a sentence for every gate, with and without numbers") {
    const Site site;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < gate_count; ++i) {
        const auto name = static_cast<GateName>(i);
        CAPTURE(name_of(name));
        for (std::size_t load = 0; load < 3; ++load) {
            check_sentence(explain_gate(site.scene(), load, bare(name)));
            check_sentence(explain_gate(site.scene(), load, blocked(name, Unit::watts, 3100, 3878)));
        }
        seen.insert(explain_gate(site.scene(), 0, bare(name)));
    }
    CHECK(seen.size() == gate_count);
}

TEST_CASE("names the crossed limit of a stop") {
    Site site;
    Verdict& verdict = site.verdict(0);
    verdict.wanted = false;
    verdict.state = LoadState::stopping;
    verdict.reason = Reason::voltage;
    verdict.have = 4690;
    verdict.need = 4700;
    verdict.unit = Unit::volts;
    CHECK(has(explain_change(site.scene(), 0), {"Stop Primary S21+", "46.90 V", "0.10 V", "stop voltage", "47.00 V"}));
    SUBCASE("deciding source differs") {
        verdict.source = 1;
        CHECK(has(explain_load(site.scene(), 0), {"46.90 V (sol_ark)", "47.00 V"}));
    }
    SUBCASE("reserve") {
        site.policy.preferences.reserve = 4800_cV;
        verdict.reserve = true;
        verdict.need = 4800;
        CHECK(has(explain_load(site.scene(), 0), {"46.90 V", "1.10 V", "reserve", "48.00 V"}));
    }
    SUBCASE("emergency") {
        verdict.reason = Reason::emergency;
        verdict.need = 4500;
        verdict.have = 4480;
        CHECK(has(explain_load(site.scene(), 0), {"44.80 V", "0.20 V", "emergency", "45.00 V"}));
    }
    SUBCASE("exactly at the critical level") {
        verdict.reason = Reason::critical;
        verdict.have = 4500;
        CHECK(has(explain_load(site.scene(), 0), {"45.00 V", "critical"}));
    }
}

TEST_CASE("shows the missing amount and its duration for a waiting load") {
    Site site;
    const auto why = [&site](const Gate& gate) { return explain_gate(site.scene(), 1, gate); };
    CHECK(has(why(blocked(GateName::sun, Unit::watts, 6200, 8000)), {"PV 6,200 W", "1,800 W", "8,000 W"}));
    CHECK(has(why(blocked(GateName::power, Unit::watts, 3100, 3250)), {"3,100 W", "150 W", "3,250 W"}));
    site.decision.power.discharge_limit = Amps{0};
    CHECK(has(why(blocked(GateName::power, Unit::watts, 0, 3250)), {"BMS", "0 A", "308"}));
    site.decision.battery.voltage = 5230_cV;
    site.decision.power.discharge_limit = Amps{500};
    CHECK(has(why(blocked(GateName::power, Unit::watts, 261, 3250)), {"BMS", "5.00 A", "308"}));
    site.decision.power.discharge_limit = Amps{10'000};
    CHECK_FALSE(has(why(blocked(GateName::power, Unit::watts, 3100, 3250)), {"BMS"}));
    site.decision.power.discharge_limit.reset();
    CHECK(has(why(blocked(GateName::inverter, Unit::watts, 12850, 12000)), {"12,850 W", "12,000 W"}));
    CHECK(has(why(blocked(GateName::starts, Unit::count, 1, 1)), {"once", "1 is"}));
    CHECK(has(why(blocked(GateName::starts, Unit::count, 6, 6)), {"6 times", "6 are"}));
    CHECK(has(why(blocked(GateName::zone, Unit::celsius, 412, 400)), {"Heat Room", "41.2 °C", "40.0 °C"}));
    CHECK(has(why(blocked(GateName::source, Unit::count, 2, 5)), {"2 of 5"}));
    CHECK(has(why(blocked(GateName::zone, Unit::celsius, 380, 400)), {"Heat Room", "38.0 °C", "fan"}));
    CHECK(has(explain_gate(site.scene(), 2, bare(GateName::zone)), {"No heat", "37.5 °C", "35.0 °C"}));
    Gate gate = bare(GateName::rest);
    gate.remaining = 200s;
    CHECK(has(why(gate), {"3 min 20 s"}));
    gate = bare(GateName::priority);
    gate.subject = 0;
    gate.remaining = 42min;
    CHECK(has(why(gate), {"Primary S21+ (Revenue)", "42 min"}));
    gate = blocked(GateName::voltage, Unit::volts, 5460, 5450);
    gate.hold = true;
    gate.remaining = 23s;
    CHECK(has(why(gate), {"54.60 V", "0.10 V", "54.50 V", "23 s"}));
    gate = bare(GateName::schedule);
    gate.remaining = 125min;
    CHECK(has(why(gate), {"18:00–10:00", "2 h 5 min"}));
    site.snapshot.clock_trusted = false;
    CHECK(has(why(gate), {"clock", "18:00–10:00"}));
}

TEST_CASE("shows the gate whose hold is not over") {
    Site site;
    Verdict& verdict = site.verdict(0);
    verdict.wanted = false;
    verdict.state = LoadState::off;
    verdict.reason = Reason::hold;
    Gate gate = blocked(GateName::sun, Unit::watts, 8100, 8000);
    gate.reason = Reason::sun;
    gate.hold = true;
    gate.remaining = 30s;
    verdict.gates.add(gate);
    CHECK(has(explain_load(site.scene(), 0), {"8,100 W", "8,000 W", "30 s"}));
}

TEST_CASE("names a problem of an output") {
    Site site;
    const auto why = [&site] { return explain_gate(site.scene(), 0, bare(GateName::output)); };
    CHECK(has(why(), {"primary-s21 did not obey"}));
    site.decision.next.outputs.resize(4);
    site.verdict(0).wanted = false;
    site.verdict(0).state = LoadState::off;
    site.verdict(0).reason = Reason::fault;
    CHECK(has(why(), {"primary-s21", "by itself", "lease timer"}));
    CHECK(has(explain_load(site.scene(), 0), {"turned off by itself"}));
    site.decision.next.outputs[0].fault_until = site.snapshot.now + 1h;
    CHECK(has(why(), {"primary-s21 did not obey"}));
    site.snapshot.outputs[0].state = OutputState::unknown;
    CHECK(has(why(), {"primary-s21", "not reported"}));
    site.snapshot.outputs[0].available = false;
    CHECK(has(why(), {"primary-s21", "offline"}));
    site.snapshot.broker_up = false;
    CHECK(has(why(), {"broker"}));
    site.policy.miners[0].output = no_index;
    CHECK(has(why(), {"primary-s21", "not in voltd.yaml"}));
}

TEST_CASE("shows a missing output before the most severe gate") {
    Site site;
    site.verdict(0).wanted = false;
    site.verdict(0).state = LoadState::fault;
    site.verdict(0).reason = Reason::disabled;
    site.policy.miners[0].output = no_index;
    CHECK(explain_load(site.scene(), 0).starts_with("Its output primary-s21 is not in voltd.yaml. "));
}

TEST_CASE("does not promise warmth will start a fan without output") {
    Site site;
    site.policy.zones[0].fan_id = "fan-4";
    site.policy.zones[0].fan = no_index;
    CHECK(explain_fan_flip(site.scene(), 0).starts_with("Add an output fan-4 to voltd.yaml"));
}

TEST_CASE("shows the margin of a running load and an override's author") {
    Site site;
    Verdict& verdict = site.verdict(0);
    verdict.state = LoadState::on;
    CHECK(has(explain_load(site.scene(), 0), {"Runs", "52.30 V (65 %)", "5.30 V", "47.00 V"}));
    verdict.reason = Reason::override_on;
    verdict.override_ = OverrideKind::on;
    verdict.override_until = site.snapshot.now + 42min;
    CHECK(has(explain_load(site.scene(), 0), {"Manually on", "42 min"}));
    CHECK(has(explain_change(site.scene(), 0), {"Start Primary S21+", "manually"}));
    verdict.reason = Reason::min_on;
    verdict.have = 4690;
    verdict.need = 4700;
    verdict.unit = Unit::volts;
    verdict.remaining = 4min;
    CHECK(has(explain_load(site.scene(), 0), {"46.90 V", "47.00 V", "minimum run", "4 min"}));
    verdict.waiting = Reason::power;
    verdict.have = 3000;
    verdict.need = 3378;
    verdict.unit = Unit::watts;
    CHECK(has(explain_load(site.scene(), 0), {"3,000 W", "378 W", "3,378 W", "minimum run", "4 min"}));
}

TEST_CASE("names a number or an action for every gate") {
    for (std::size_t load = 0; load < 3; ++load)
        for (std::size_t i = 0; i < gate_count; ++i)
            for (const Gate& gate : {bare(static_cast<GateName>(i)), blocked(static_cast<GateName>(i), Unit::watts, 100, 200)}) {
                Site site;
                Verdict& verdict = site.verdict(load);
                verdict.wanted = false;
                verdict.state = LoadState::off;
                verdict.gates.clear();
                verdict.gates.add(gate);
                verdict.flip.reset();
                const FlipWords flip = explain_flip(site.scene(), load);
                CAPTURE(flip.gate);
                CAPTURE(flip.text);
                CHECK(flip.gate == name_of(gate.name));
                CHECK(flip.text.size() > 7);
                CHECK(flip.text.find("{}") == std::string::npos);
            }
}

TEST_CASE("names heat, fan or temperature as a zone's condition") {
    const auto flip = [](const Gate& gate) {
        Site site;
        Verdict& verdict = site.verdict(0);
        verdict.wanted = false;
        verdict.state = LoadState::off;
        verdict.gates.clear();
        verdict.gates.add(gate);
        verdict.flip = Flip{GateName::zone, *gate.need - *gate.have, Unit::celsius, 0s};
        return explain_flip(site.scene(), 0).text;
    };
    CHECK(has(flip(blocked(GateName::zone, Unit::celsius, 425, 400)), {"Heat Room", "40.0 °C", "2.6 °C"}));
    CHECK(has(flip(blocked(GateName::zone, Unit::celsius, 400, 400)), {"Heat Room", "40.0 °C", "0.1 °C"}));
    CHECK(has(flip(blocked(GateName::zone, Unit::celsius, 375, 400)), {"Heat Room fan", "voltctl alarms"}));
    Gate trip = blocked(GateName::zone, Unit::celsius, 510, 350);
    trip.reason = Reason::trip;
    CHECK(has(flip(trip), {"Heat Room", "35.0 °C", "16.0 °C"}));
}

TEST_CASE("names the condition that would stop a running load") {
    Site site;
    Verdict& verdict = site.verdict(0);
    verdict.wanted = true;
    verdict.state = LoadState::on;
    verdict.flip = Flip{GateName::voltage, -531, Unit::volts, 30s};
    CHECK(has(explain_flip(site.scene(), 0).text, {"47.00 V", "30 s"}));
    verdict.reason = Reason::min_on;
    verdict.remaining = 240s;
    CHECK(has(explain_flip(site.scene(), 0).text, {"12:04", "minimum run"}));
}

TEST_CASE("has sentences for zones, charge and stages") {
    for (int i = 0; i <= static_cast<int>(ZoneReason::trip); ++i) {
        Site site;
        site.decision.zones[0].reason = static_cast<ZoneReason>(i);
        CHECK(explain_zone(site.scene(), 0).find('?') == std::string::npos);
        CHECK(explain_zone(site.scene(), 0).size() > 7);
        site.decision.zones[0].temperature.reset();
        CHECK(explain_zone(site.scene(), 0).size() > 7);
    }
    for (int i = 0; i <= static_cast<int>(ChargeReason::sensor_lost); ++i) {
        Site site;
        site.decision.charge.reason = static_cast<ChargeReason>(i);
        check_sentence(explain_charge(site.scene(), ChargeMeans::write).substr(0, 30));
    }
    for (int i = 0; i <= static_cast<int>(Stage::overvoltage); ++i) {
        Site site;
        site.decision.battery.stage = static_cast<Stage>(i);
        check_sentence(explain_stage(site.scene()));
    }
    const Site site;
    CHECK(has(explain_zone(site.scene(), 0), {"37.5 °C", "2.5 °C", "35.0 °C", "fan at 5"}));
    CHECK(has(explain_charge(site.scene(), ChargeMeans::write), {"allowed", "18.5 °C (victron.battery)", "0.0 °C"}));
}

TEST_CASE("compares a bank's settings with the evidence") {
    Site site;
    site.policy.preferences.bank_wh = 20'800;
    Misfit misfit;
    misfit.days = {Misfit::Day{{1, 5260_cV, wh(9'100)}, 67, 56}, Misfit::Day{{2, 5250_cV, wh(9'500)}, 66, 54},
                   Misfit::Day{{3, 5230_cV, wh(10'400)}, 65, 50}};
    site.decision.budget.misfit = misfit;
    const Alarm alarm{AlarmCode::bank_misfit, SubjectKind::none, no_index, {}, {}, {}, Unit::none};
    const std::string text = explain_alarm(site.scene(), alarm);
    CHECK(has(text, {"3 times at rest", "10.4 kWh", "50 %", "65 %", "52.30 V", "20.8 kWh", "52.60:56, 52.50:54, 52.30:50"}));
    site.decision.budget.misfit->bank_wh = 27'500;
    CHECK(has(explain_alarm(site.scene(), alarm), {text, "bank_wh=27500"}));
}

TEST_CASE("names the evidence against bank_wh and the remedy") {
    Site site;
    site.policy.preferences.bank_wh = 2'080;
    site.decision.budget.misfit = Misfit{};
    const auto text = [&](bool too_large, std::int64_t seen) {
        site.decision.budget.doubt = SizeDoubt{too_large, seen, 24h};
        return explain_alarm(site.scene(), {AlarmCode::bank_misfit, SubjectKind::none, no_index, {}, {}, {}, Unit::none});
    };
    CHECK(has(text(false, 5'100), {"5.1 kW", "into", "2.0 kWh", "too small"}));
    CHECK(has(text(false, -5'100), {"5.1 kW", "out of", "2.0 kWh", "too small"}));
    CHECK(has(text(true, 9), {"9 times", "too large"}));
    CHECK(has(text(true, 0), {"more than", "too large"}));
    Alarm alarm{AlarmCode::bank_misfit, SubjectKind::none, no_index, {}, {}, {}, Unit::none};
    alarm.cause = AlarmCause::bank_large;
    CHECK(has(remedy_for(site.policy, alarm), {"bank_wh=…"}));
}

TEST_CASE("shows energy and remaining time of a bridge") {
    Site site;
    Verdict& verdict = site.verdict(0);
    verdict.wanted = true;
    verdict.state = LoadState::on;
    verdict.reason = Reason::held_back;
    BudgetView& budget = site.decision.budget;
    budget.bridged = true;
    budget.bridge_left = wh(190);
    budget.bridge_time_left = 48min;
    CHECK(has(explain_load(site.scene(), 0), {"0.31 of 0.50 kWh", "48 min"}));
    budget.full = true;
    CHECK(explain_load(site.scene(), 0).find("sun that would otherwise be wasted") != std::string::npos);
}

TEST_CASE("explains an unknown budget and its remedy") {
    Site site;
    BudgetView& budget = site.decision.budget;
    budget.set = true;
    const auto texts = [&](BudgetGap gap) {
        budget.gap = gap;
        return explain_budget(site.scene()) + "; needs " + explain_budget_flip(site.scene(), 0, {});
    };
    CHECK(has(texts(BudgetGap::bank_wh), {"bank_wh", "needs", "bank_wh", "voltctl alarms"}));
    CHECK(has(texts(BudgetGap::powers_at_odds), {"powers", "needs", "voltctl alarms"}));
    CHECK(texts(BudgetGap::first_minutes).find("measured for 10 min") != std::string::npos);
    budget.known = true;
    budget.clock_trusted = true;
    budget.gap = BudgetGap::first_day;
    CHECK(explain_budget(site.scene()).find(" (learning, day 1)") != std::string::npos);
}

TEST_CASE("names the alarm or largest error of a missed night") {
    CHECK(explain_missed_night({0, MissedBy::none, {}}).empty());
    CHECK(has(explain_missed_night({0, MissedBy::powers_at_odds, {}}), {"powers"}));
    CHECK(has(explain_missed_night({0, MissedBy::house_not_measured, {}}), {"house"}));
    CHECK(has(explain_missed_night({0, MissedBy::clock_against_sun, {}}), {"time zone"}));
    CHECK(has(explain_missed_night({0, MissedBy::bank_misfit, {}}), {"bank_wh"}));
    CHECK(has(explain_missed_night({0, MissedBy::sun, wh(3'100)}), {"sun", "3.1 kWh"}));
}

TEST_CASE("explains a load that waits for the night") {
    Site site;
    site.policy.preferences.bank_wh = 20'800;
    BudgetView& budget = site.decision.budget;
    budget.set = budget.known = budget.clock_trusted = true;
    budget.charge = wh(9'100);
    budget.floor = wh(3'120);
    budget.sun = wh(1'200);
    budget.need = wh(11'300);
    budget.spare = wh(-1'000);
    budget.house = 1150_W;
    budget.times.dawn = 7 * 3600 + 40 * 60;
    Verdict& verdict = site.verdict(0);
    verdict.wanted = false;
    verdict.reason = Reason::budget;
    Gate gate;
    gate.name = GateName::budget;
    gate.reason = Reason::budget;
    gate.unit = Unit::watt_hours;
    gate.have = -1'000;
    gate.need = 3'878;
    gate.passes = false;
    verdict.gates = {};
    verdict.gates.add(gate);
    CHECK(has(explain_night(site.scene(), 0), {"9.1 kWh", "1.2 kWh", "11.3 kWh", "07:40", "1,150 W"}));
    CHECK(has(explain_budget(site.scene()), {"10.3 kWh", "11.3 kWh", "07:40", "1.0 kWh short"}));
    verdict.state = LoadState::off;
    CHECK(has(explain_load(site.scene(), 0), {"10.3 kWh", "11.3 kWh", "07:40", "4.8 kWh short", "60 min"}));
    budget.gap = BudgetGap::first_day;
    CHECK(explain_budget(site.scene()).ends_with(", so 1.0 kWh short (learning, day 1)"));
    budget.spare = wh(1'000);
    CHECK(has(explain_budget(site.scene()), {"10.3 kWh", "07:40", "1.0 kWh", "learning, day 1"}));
    budget.spare = wh(-1'000);
    budget.gap = BudgetGap::none;
    verdict.state = LoadState::stopping;
    CHECK(has(explain_change(site.scene(), 0), {"Stop Primary S21+", "10.3 kWh", "07:40"}));
    CHECK(has(explain_flip(site.scene(), 0).text, {"4.9 kWh more"}));
    const auto inputs = nlohmann::json::parse(inputs_json(site.view()));
    CHECK(inputs["budget"]["charge_wh"] == 9'100);
    CHECK(inputs["budget"]["spare_wh"] == -1'000);
    CHECK(inputs["budget"]["need_wh"] == 11'300);
    CHECK_FALSE(inputs["budget"].contains("text"));
    verdict.override_ = OverrideKind::on;
    CHECK(has(explain_night(site.scene(), 0), {"3.9 kWh", "10.3 kWh"}));
    budget.set = false;
    CHECK_FALSE(nlohmann::json::parse(inputs_json(site.view())).contains("budget"));
}

TEST_CASE("names topics of a silent output and seconds of a timer") {
    Site site;
    std::string scene_unread;
    const auto text = [&](AlarmCode code, AlarmCause cause) {
        Alarm alarm;
        alarm.code = code;
        alarm.kind = SubjectKind::output;
        alarm.subject = 0;
        alarm.cause = cause;
        ExplainContext scene = site.scene();
        scene.topics = {{"stat/miner1/+, tele/miner1/+", "", scene_unread}};
        return explain_alarm(scene, alarm);
    };
    CHECK(has(text(AlarmCode::output_not_following, AlarmCause::silent),
              {"Primary S21+ (Revenue)'s relay", "never answered", "stat/miner1/+, tele/miner1/+"}));
    scene_unread = "its last message was `on`, expected ON or OFF";
    CHECK(has(text(AlarmCode::output_not_following, AlarmCause::silent),
              {"never reported", "its last message was `on`, expected ON or OFF"}));
    scene_unread.clear();
    const std::string idle = text(AlarmCode::output_not_following, AlarmCause::idle_charger);
    CHECK(has(idle, {"Primary S21+ (Revenue)'s relay is off", "shadow mode"}));
    site.decision.charge.blocked = true;
    CHECK(has(text(AlarmCode::output_not_following, AlarmCause::idle_charger), {idle, "once charging is allowed"}));
    site.decision.charge.blocked = false;
    site.snapshot.outputs[0].own_timer = 60s;
    CHECK(has(text(AlarmCode::no_lease, AlarmCause::own_timer), {"60 s", "lease_s is 0", "60 s", "PulseTime"}));
    CHECK(text(AlarmCode::no_lease, AlarmCause::turns_on).find("PowerOnState 5") != std::string::npos);
    CHECK(has(text(AlarmCode::no_lease, AlarmCause::locked), {"refuses orders", "so voltd sets no lease timer"}));
    const Duration lease = std::exchange(site.policy.outputs[0].lease, Duration{});
    CHECK(text(AlarmCode::no_lease, AlarmCause::turns_on).find("would turn it on. Enter") != std::string::npos);
    CHECK(text(AlarmCode::no_lease, AlarmCause::locked).find("refuses orders. Enter") != std::string::npos);
    site.policy.outputs[0].lease = lease;
    CHECK(has(text(AlarmCode::no_lease, AlarmCause::usual), {"no confirmed lease timer", "voltctl outputs prove primary-s21"}));
}

TEST_CASE("has a remedy for every alarm code") {
    for (const char* name : names_of<AlarmCode>()) {
        CAPTURE(name);
        REQUIRE(alarm_code(name));
        CHECK(alarm_name(*alarm_code(name), "") == name);
        CHECK(alarm_code(alarm_name(*alarm_code(name), "mqtt")) == alarm_code(name));
        CHECK(std::string(remedy_of(*alarm_code(name))).size() > 10);
    }
    CHECK_FALSE(alarm_code("of_a_newer_voltd/mqtt"));
    CHECK(alarm_rank({}, true) == alarm_rank(AlarmCode::shutdown, true));
}

TEST_CASE("names the output in a remedy without placeholders") {
    const Site site;
    const Alarm deaf{AlarmCode::output_not_following, SubjectKind::output, 0, Time{}, {}, {}, Unit::none};
    CHECK(has(remedy_for(site.policy, deaf), {"voltctl outputs test primary-s21"}));
    const Alarm small{AlarmCode::reserve_too_small, SubjectKind::load, 1, Time{}, 5300, 5400, Unit::volts};
    CHECK(has(remedy_for(site.policy, small), {"voltctl miners set dump-load-s19-1 stop_voltage=54.00"}));
    for (const AlarmFacts& facts : alarm_facts)
        for (const char* placeholder : {"HOST", " ID", "NAME"})
            CHECK_MESSAGE(std::string(remedy_of(facts.code)).find(placeholder) == std::string::npos, facts.name);
}

TEST_CASE("has a sentence and a subject for every alarm") {
    const Site site;
    for (int i = 0; i <= static_cast<int>(last_of_rules); ++i) {
        Alarm alarm;
        alarm.code = static_cast<AlarmCode>(i);
        check_sentence(explain_alarm(site.scene(), alarm));
        alarm.have = 4690;
        alarm.unit = Unit::volts;
        check_sentence(explain_alarm(site.scene(), alarm));
    }
    Alarm alarm{AlarmCode::output_stuck_on, SubjectKind::output, 0, Time{}, 3247, 388, Unit::watts};
    CHECK(alarm_subject(site.policy, alarm) == "primary-s21");
    CHECK(has(explain_alarm(site.scene(), alarm), {"Primary S21+ (Revenue)'s relay", "3,247 W"}));
    alarm.cause = AlarmCause::meter_high;
    CHECK(has(explain_alarm(site.scene(), alarm), {"3,247 W", "the meter is wrong"}));
    alarm.kind = SubjectKind::zone;
    CHECK(alarm_subject(site.policy, alarm) == "heat-room");
    alarm.kind = SubjectKind::load;
    alarm.subject = 2;
    CHECK(alarm_subject(site.policy, alarm) == "heat-room/heat");
    alarm.subject = 99;
    CHECK(alarm_subject(site.policy, alarm).empty());
}

TEST_CASE("never claims all loads are off while one may be on") {
    Site site;
    Alarm alarm;
    alarm.code = AlarmCode::shutdown;
    for (Verdict& verdict : site.decision.verdicts) {
        verdict.wanted = false;
        verdict.state = LoadState::off;
    }
    CHECK(explain_alarm(site.scene(), alarm).ends_with("; all loads are off"));
    site.decision.verdicts[1].state = LoadState::stopping;
    CHECK(explain_alarm(site.scene(), alarm).ends_with("; all loads are ordered off"));
    site.decision.verdicts[1].state = LoadState::off;
    Verdict& denied = site.decision.verdicts[0];
    denied.denied = Watts{3250};
    for (const AlarmCode code : {AlarmCode::shutdown, AlarmCode::critical}) {
        alarm.code = code;
        CHECK(explain_alarm(site.scene(), alarm)
                  .ends_with("; all loads are ordered off; primary-s21 reports off, but its meter shows 3,250 W"));
    }
    denied.reason = Reason::override_off;
    denied.override_ = OverrideKind::off;
    CHECK(explain_load(site.scene(), 0)
              .starts_with("Its output primary-s21 reports off, but its meter shows 3,250 W. Manually off"));
    denied.reason = Reason::output;
    CHECK(has(explain_load(site.scene(), 0), {"primary-s21", "off", "3,250 W"}));
}

TEST_CASE("names the command that deletes a retained offline message") {
    Site site;
    ExplainContext scene = site.scene();
    scene.topics = {{"", "zigbee2mqtt/s21/availability"}};
    site.snapshot.outputs[0].available = false;
    site.decision.verdicts[0].wanted = false;
    site.decision.verdicts[0].reason = Reason::output;
    CHECK(explain_load(scene, 0).find("mosquitto_pub") == std::string::npos);
    site.snapshot.outputs[0].kept_offline = true;
    CHECK(explain_load(scene, 0).ends_with("delete it: mosquitto_pub -t 'zigbee2mqtt/s21/availability' -r -n"));
}

TEST_CASE("names the other source of a block with its temperature") {
    Site site;
    site.policy.battery_temperatures.push_back({"victron.vebus", 600s, true});
    ChargeVerdict& charge = site.decision.charge;
    charge.blocked = charge.by_other = charge.other_usable = true;
    charge.reason = ChargeReason::cold;
    charge.temperature = Celsius{80};
    charge.other = 1;
    charge.other_temperature = Celsius{-50};
    CHECK(has(explain_charge(site.scene(), ChargeMeans::write),
              {"blocked", "-5.0 °C (victron.vebus)", "0.0 °C", "2.0 °C", "10 min"}));
    CHECK(has(explain_charge_flip(site.scene()), {"2.0 °C", "10 min", "7.0 °C"}));
    charge.other_usable = false;
    CHECK(explain_charge(site.scene(), ChargeMeans::write)
              .starts_with("Charging is blocked: -5.0 °C (victron.vebus) when it was last read"));
}

TEST_CASE("calls charging blocked only if something carries it out") {
    Site site;
    ChargeVerdict& charge = site.decision.charge;
    charge.blocked = true;
    charge.reason = ChargeReason::cold;
    charge.temperature = Celsius{-50};
    const std::string rest = "; released at 2.0 °C, held for 10 min", cold = ": -5.0 °C (victron.battery), the limit is 0.0 °C";
    const std::string should = "Charging should be blocked" + cold + ", but nothing here can block it" + rest;
    CHECK(explain_charge(site.scene(), ChargeMeans::report) == should);
    CHECK(explain_charge(site.scene(), ChargeMeans::none) == should);
    CHECK(explain_charge(site.scene(), ChargeMeans::failed) ==
          "Charging should be blocked" + cold + ", but voltd's block has no effect" + rest);
    CHECK(explain_charge(site.scene(), ChargeMeans::write) == "Charging is blocked" + cold + rest);
    CHECK(explain_charge(site.scene(), ChargeMeans::output) == "Charging is blocked" + cold + rest);
    Alarm alarm;
    alarm.code = AlarmCode::charge_not_carried_out;
    CHECK(explain_alarm(site.scene(), alarm) == should);
    for (const ChargeReason reason : {ChargeReason::overvoltage, ChargeReason::hold, ChargeReason::sensor_lost}) {
        charge.reason = reason;
        for (const ChargeMeans how : {ChargeMeans::report, ChargeMeans::none}) {
            CHECK(explain_charge(site.scene(), how).starts_with("Charging should "));
            CHECK(explain_charge(site.scene(), how).find("but nothing here can block it") != std::string::npos);
        }
    }
    site.policy.control.live = false;
    CHECK(explain_charge(site.scene(), ChargeMeans::report).starts_with("Charging would be blocked"));
}

TEST_CASE("names the outputs whose reports a load waits for") {
    Site site;
    site.decision.next.outputs.resize(4);
    Verdict& verdict = site.verdict(0);
    verdict.wanted = false;
    verdict.reason = Reason::output;
    verdict.gates.clear();
    Gate gate = bare(GateName::output);
    gate.passes = false;
    gate.remaining = 12s;
    verdict.gates.add(gate);
    site.snapshot.outputs[1].state_received = false;
    CHECK(has(explain_gate(site.scene(), 0, gate), {"no report yet from dump-load-s19-1"}));
    site.snapshot.outputs[1].state_received = true;
    CHECK(explain_gate(site.scene(), 0, gate).find("without an order") == std::string::npos);
}

TEST_CASE("shows the heat sources and PV hold of a cold zone") {
    Site site;
    ZoneVerdict& zone = site.decision.zones[0];
    zone.temperature = Celsius{-20};
    zone.reason = ZoneReason::too_cold;
    zone.heat = HeatSource::heater;
    CHECK(explain_zone(site.scene(), 0).ends_with(", the heater will heat"));
    site.verdict(2).wanted = true;
    CHECK(explain_zone(site.scene(), 0).ends_with(", the heater heats"));
    zone.heat = HeatSource::miner;
    site.verdict(0).wanted = true;
    CHECK(explain_zone(site.scene(), 0).ends_with(", a miner heats"));
    site.verdict(0).wanted = site.verdict(1).wanted = false;
    CHECK(explain_zone(site.scene(), 0).ends_with(", a miner will heat"));
    zone.reason = ZoneReason::no_solar;
    site.decision.power.pv = 4000_W;
    zone.remaining = 35s;
    CHECK(has(explain_zone(site.scene(), 0), {"-2.0 °C", "4,000 W", "35 s"}));
    zone.remaining.reset();
    site.decision.power.pv = 3999_W;
    CHECK(has(explain_zone(site.scene(), 0), {"-2.0 °C", "3,999 W", "below", "4,000 W"}));
}

TEST_CASE("names the command for a disabled fan or heater") {
    Site site;
    Zone& zone = site.policy.zones[0];
    zone.slug = "greenhouse";
    zone.fan_id = "greenhouse-fan";
    zone.fan_enabled = false;
    auto& verdict = site.decision.zones[0];
    verdict.reason = ZoneReason::too_hot;
    verdict.temperature = zone.too_hot + Celsius{10};
    CHECK(explain_zone(site.scene(), 0)
              .ends_with(". The fan is switched off in the settings: voltctl zones set greenhouse exhaust_fan_enabled=true"));
    zone.fan_enabled = true;
    CHECK(explain_zone(site.scene(), 0).find("switched off") == std::string::npos);
    verdict.temperature = zone.too_cold - Celsius{10};
    verdict.reason = ZoneReason::idle;
    zone.heater_id = "stove";
    zone.heating_enabled = false;
    CHECK(explain_zone(site.scene(), 0)
              .ends_with(". The heater is switched off in the settings: voltctl zones set greenhouse heating_enabled=true"));
}

TEST_CASE("says that an override of a missing fan does nothing") {
    Site site;
    auto& verdict = site.decision.zones[0];
    verdict.reason = ZoneReason::override_;
    verdict.fan_override = OverrideKind::on;
    CHECK(explain_zone(site.scene(), 0).starts_with("Manually on"));
    site.policy.zones[0].fan_enabled = false;
    CHECK(explain_zone(site.scene(), 0).starts_with("Its fan is switched off in the settings: its override does nothing"));
    site.policy.zones[0].fan_enabled = true;
    site.policy.zones[0].fan = no_index;
    CHECK(explain_zone(site.scene(), 0).starts_with("Its fan has no output: its override does nothing"));
}

TEST_CASE("names the rejected voltage of a blind site") {
    Site site;
    site.decision.battery = {};
    site.decision.battery.refused = 2640_cV;
    site.decision.battery.refused_source = 0;
    CHECK(has(explain_stage(site.scene()), {"26.40 V", "35.00 to 65.00 V"}));
    Alarm alarm;
    alarm.code = AlarmCode::voltage_implausible;
    alarm.kind = SubjectKind::source;
    alarm.subject = 0;
    alarm.have = 2640;
    alarm.unit = Unit::volts;
    CHECK(has(explain_alarm(site.scene(), alarm), {"victron.battery", "26.40 V", "35.00 to 65.00 V"}));
}

TEST_CASE("says when a load that runs blind turns off") {
    Site site;
    site.verdict(0).reason = Reason::running;
    site.verdict(0).state = LoadState::on;
    site.verdict(0).wanted = true;
    site.decision.battery.voltage.reset();
    site.decision.battery.stage_since = site.snapshot.now - 15s;
    CHECK(has(explain_load(site.scene(), 0), {"without a usable voltage", "45 s"}));
}

TEST_CASE("shows the numbers of contradicting sources") {
    Site site;
    Alarm alarm;
    alarm.code = AlarmCode::source_failing;
    alarm.kind = SubjectKind::source;
    alarm.subject = 0;
    VoltageSample& sample = site.snapshot.voltages[0];
    sample.value = 5200_cV;
    sample.power = 5000_W;
    sample.current = Amps{1000};
    CHECK(has(explain_alarm(site.scene(), alarm), {"victron.battery", "5,000 W", "52.00 V", "10.00 A", "520 W"}));
    alarm.kind = SubjectKind::weather;
    CHECK(alarm_subject(site.policy, alarm) == "weather");
    CHECK(explain_alarm(site.scene(), alarm).starts_with("No usable weather for 15 min"));
    alarm.code = AlarmCode::voltage_frozen;
    alarm.kind = SubjectKind::source;
    alarm.have = 4650;
    alarm.need = 5240;
    alarm.unit = Unit::volts;
    CHECK(has(explain_alarm(site.scene(), alarm), {"victron.battery", "46.50 V", "52.40 V"}));
}

TEST_CASE("describes an unreachable relay and its timer's end") {
    Site site;  // it is 12:00
    site.decision.next.outputs.resize(site.policy.outputs.size());
    OutputMemory& memory = site.decision.next.outputs[0];
    memory.ordered = memory.on = memory.confirmed = true;
    memory.last_confirmed = OutputState::on;
    memory.last_on_at = site.snapshot.now - 120s;
    memory.lease_proven = true;
    memory.gone.since = site.snapshot.now - 60s;
    site.snapshot.broker_up = true;
    site.snapshot.outputs[0].available = false;
    site.verdict(0).state = LoadState::unknown;
    const Alarm alarm{AlarmCode::output_unreachable, SubjectKind::output, 0, Time{}, {}, {}, Unit::none};
    CHECK(has(explain_alarm(site.scene(), alarm), {"11:59", "it was on", "12:03"}));
    CHECK(has(explain_load(site.scene(), 0), {"primary-s21", "11:59", "it was on", "12:03"}));
    site.snapshot.broker_up = false;
    CHECK(has(explain_load(site.scene(), 0), {"broker", "12:03"}));
    site.verdict(0).wanted = true;
    CHECK(has(explain_flip(site.scene(), 0).text, {"broker", "12:03"}));
    site.snapshot.broker_up = true;
    site.advance(300s);
    site.snapshot.local.second_of_day += 300;
    CHECK(has(explain_alarm(site.scene(), alarm), {"11:59", "has turned it off", "12:03"}));
    memory.lease_proven = false;
    CHECK(has(explain_alarm(site.scene(), alarm), {"not proven", "may stay on"}));
    site.policy.outputs[0].lease = 0s;
    CHECK(explain_alarm(site.scene(), alarm).find("no lease timer, so it may stay on") != std::string::npos);
    const Alarm unwired{AlarmCode::output_unreachable, SubjectKind::load, 0, Time{}, {}, {}, Unit::none};
    CHECK(
        explain_alarm(site.scene(), unwired).starts_with("Primary S21+ (Revenue): its output primary-s21 is not in voltd.yaml"));
}

TEST_CASE("a topic that two devices share is named as the cause") {
    Site site;
    site.decision.next.outputs.resize(site.policy.outputs.size());
    site.snapshot.broker_up = true;
    OutputReport& report = site.snapshot.outputs[0];
    report.available = report.state_received = true;
    report.state = OutputState::off;
    report.timer_trap = TimerTrap::disputed;
    site.verdict(0).reason = Reason::output;
    site.verdict(0).state = LoadState::off;
    site.verdict(0).wanted = false;
    CHECK(explain_load(site.scene(), 0) == "Two devices share the topic of its output primary-s21");
}

TEST_CASE("explains how to map or remove a load without output") {
    Site site;
    const auto text = [&](SubjectKind kind, Index subject) {
        return explain_alarm(site.scene(), {AlarmCode::output_unreachable, kind, subject, Time{}, {}, {}, Unit::none});
    };
    const std::string miner = text(SubjectKind::load, 0), heater = text(SubjectKind::load, 2), fan = text(SubjectKind::zone, 0);
    CHECK(miner.find("voltctl miners set primary-s21-revenue device_id=…. If you do not have this miner: voltctl miners rm "
                     "primary-s21-revenue") != std::string::npos);
    CHECK(heater.starts_with("Heat Room heater: its output heat-room-heater is not in voltd.yaml"));
    CHECK(heater.find("voltctl zones set heat-room heating_enabled=false") != std::string::npos);
    CHECK(fan.starts_with("Heat Room fan: its output ac-infinity-1 is not in voltd.yaml"));
    CHECK(fan.find("voltctl zones set heat-room exhaust_fan_enabled=false") != std::string::npos);
    CHECK(fan.find("voltctl zones rm heat-room, after its miners") != std::string::npos);
}

TEST_CASE("follows temperature_unit and display_mode, including differences") {
    CHECK(in_units("18.2 K warmer: starts at 40.0 °C", false) == "18.2 °C warmer: starts at 40.0 °C");
    CHECK(in_units("18.2 K warmer: starts at 40.0 °C", true) == "32.8 °F warmer: starts at 104.0 °F");
    CHECK(in_units("-12.5 °C (S19 K pro, 5 Kids, K)", true) == "9.5 °F (S19 K pro, 5 Kids, K)");
    CHECK(in_units(in_units("-40.0 °C", true), true) == "-40.0 °F");
    Site site;
    const SiteView view = site.view();
    ExplainContext scene = view.scene;
    CHECK(has(explain_zone({scene.policy, scene.snapshot, scene.decision, {true, false}}, 0), {"99.5 °F", "4.5 °F", "95.0 °F"}));
    CHECK(has(explain_change({scene.policy, scene.snapshot, scene.decision, {false, true}}, 0),
              {"Start Primary S21+", "65 % (52.30 V)"}));
}
