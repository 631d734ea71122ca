#include "daemon/explain/changes.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/explain/topics.hpp"
#include "tests/daemon/site_fixture.hpp"

using namespace volt;
using fixture::Site;

namespace {

/// Site whose S21+ waits, compared once.
struct Watched : Site {
    Changes changes;
    Watched() {
        want(false, Reason::voltage, LoadState::off);
        CHECK(tick().empty());
    }
    void want(bool on, Reason reason, LoadState state) {
        verdict(0).wanted = on;
        verdict(0).reason = reason;
        verdict(0).state = state;
    }
    std::vector<Change> tick() {
        advance(1s);
        return changes.compare(view());
    }
    void pass(Duration time) {
        for (Duration gone{}; gone < time; gone += 1s) CHECK(tick().empty());
    }
};

}  // namespace

TEST_CASE("reports a start once") {
    Watched site;
    site.want(true, Reason::running, LoadState::starting);
    const auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].what == "miner");
    CHECK(reported[0].subject == "primary-s21-revenue");
    CHECK(reported[0].from == "off");
    CHECK(reported[0].to == "on");
    CHECK(reported[0].reason == "running");
    CHECK(reported[0].text == "Start Primary S21+ (Revenue): 52.30 V (65 %)");
    site.verdict(0).state = LoadState::on;
    site.pass(3s);
    CHECK(event_json(reported[0]) ==
          R"({"at":"2025-06-21T19:00:02Z","what":"miner","subject":"primary-s21-revenue","from":"off","to":"on",)"
          R"x("reason":"running","text":"Start Primary S21+ (Revenue): 52.30 V (65 %)"})x");
}

TEST_CASE("reports the same change once a minute, later if it holds") {
    Watched site;
    site.want(true, Reason::running, LoadState::on);
    CHECK(site.tick().size() == 1);
    site.want(false, Reason::voltage, LoadState::off);
    CHECK(site.tick().size() == 1);
    site.want(true, Reason::running, LoadState::on);
    site.pass(57s);
    const auto late = [&site] {
        for (int i = 0; i < 5; ++i)
            if (auto reported = site.tick(); !reported.empty()) return reported;
        return std::vector<Change>{};
    }();
    REQUIRE(late.size() == 1);
    CHECK(late[0].to == "on");
}

TEST_CASE("ignores a change that reverts within the minute") {
    Watched site;
    site.want(true, Reason::running, LoadState::on);
    site.tick();
    site.want(false, Reason::voltage, LoadState::off);
    site.tick();
    site.want(true, Reason::running, LoadState::on);
    site.pass(5s);
    site.want(false, Reason::voltage, LoadState::off);
    site.pass(100s);
}

TEST_CASE("always reports shedding at once") {
    const auto told_when = [](Reason reason) {
        Watched site;
        site.want(true, Reason::running, LoadState::on);
        CHECK(site.tick().size() == 1);
        site.pass(58s);
        site.want(false, reason, LoadState::stopping);
        CHECK(site.tick().size() == 1);
        site.want(true, Reason::running, LoadState::on);
        site.advance(2s);
        CHECK(site.tick().size() == 1);
        site.want(false, reason, LoadState::stopping);
        return site.tick();
    };
    CHECK(told_when(Reason::voltage).empty());
    const auto shed = told_when(Reason::critical);
    REQUIRE(shed.size() == 1);
    CHECK(shed[0].shedding);
    CHECK(shed[0].level == "warning");
    Watched other;
    other.decision.battery.stage = Stage::critical;
    const auto reported = other.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].what == "stage");
    CHECK(reported[0].level == "critical");
}

TEST_CASE("reports each kind of change") {
    Watched site;
    const auto only = [&site](const char* what, const char* from, const char* to) {
        const auto reported = site.tick();
        REQUIRE(reported.size() == 1);
        CHECK(reported[0].what == what);
        CHECK(reported[0].from == from);
        CHECK(reported[0].to == to);
        CHECK_FALSE(reported[0].text.empty());
    };
    site.decision.battery.stage = Stage::low;
    only("stage", "optimal", "low");
    site.policy.preferences.mode = SiteMode::aggressive;
    only("mode", "balanced", "aggressive");
    site.sources[0].state = SourceState::failing;
    site.sources[0].last_error = "no answer within 1000 ms";
    only("source", "ok", "failing");
    site.decision.battery.source = 1;
    only("source", "victron.battery", "sol_ark");
    site.snapshot.outputs[1].available = false;
    CHECK(site.tick().empty());
    site.advance(5s);
    only("output", "available", "unavailable");
    site.verdict(1).override_ = OverrideKind::off;
    only("override", "auto", "off");
    site.decision.zones[0].fan_wanted = 7;
    only("zone", "5", "7");
    site.decision.zones[0].heat = HeatSource::miner;
    site.decision.zones[0].heat_wanted = true;
    only("zone", "off", "miner");
    site.verdict(2).wanted = true;
    only("zone", "off", "on");
    site.decision.charge.blocked = true;
    only("charge", "allowed", "blocked");
    site.facts.settings_change = 8;
    site.facts.settings_text = "Settings changed";
    only("settings", "0", "8");
    site.verdict(1).state = LoadState::fault;
    only("miner", "ok", "fault");
}

TEST_CASE("reports alarms when they are raised and cleared") {
    Site site;
    site.alarms.push_back({AlarmCode::broker_auth, "", site.snapshot.now, "The broker rejects user voltd", "warning"});
    Changes changes;
    auto reported = changes.compare(site.view());
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].what == "alarm");
    CHECK(reported[0].subject == "broker_auth");
    CHECK(reported[0].to == "raised");
    CHECK(event_json(reported[0]).empty());
    site.alarms.clear();
    site.advance(1s);
    reported = changes.compare(site.view());
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].to == "cleared");
    CHECK(reported[0].text == "Cleared: The broker rejects user voltd");
    site.advance(61s);
    CHECK(changes.compare(site.view()).empty());
}

TEST_CASE("names a disagreement between order, report and meter") {
    Watched site;
    Alarm alarm;
    alarm.code = AlarmCode::output_stuck_on;
    alarm.kind = SubjectKind::output;
    alarm.subject = 1;
    site.decision.alarms.push_back(alarm);
    auto reported = site.tick();
    std::erase_if(reported, [](const Change& change) { return change.what != "output"; });
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].subject == site.policy.outputs[1].id);
    CHECK(reported[0].from == "agrees");
    CHECK(reported[0].to == "output_stuck_on");
    CHECK(reported[0].reason == "output_stuck_on");
    CHECK(reported[0].text.find("commanded") != std::string::npos);
    site.decision.alarms.clear();
    reported = site.tick();
    std::erase_if(reported, [](const Change& change) { return change.what != "output"; });
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].to == "agrees");
}

TEST_CASE("reports a relay's trip and its own ON in different words") {
    Watched site;
    site.decision.moved.push_back({0, OutputMove::tripped, false});
    auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].text.ends_with("is off: its own protection opened it"));
    site.decision.moved.clear();
    site.pass(60s);
    site.decision.moved.push_back({0, OutputMove::tripped, true});
    reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].text.ends_with("is on: it switched itself on; voltd switches it off"));
}

TEST_CASE("reports an uncommanded move with its cause, flapping once a minute") {
    Watched site;
    site.decision.moved.push_back({0, OutputMove::external, false});
    auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].what == "output");
    CHECK(reported[0].from == "on");
    CHECK(reported[0].to == "off");
    CHECK(reported[0].reason == "foreign_hand");
    CHECK(reported[0].text.find("switched externally") != std::string::npos);
    CHECK(site.tick().empty());
    site.decision.moved[0].move = OutputMove::lease_ended;
    reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].reason == "lease_ended");
    site.decision.moved.clear();
    site.pass(60s);
    site.decision.moved.push_back({0, OutputMove::external, false});
    CHECK(site.tick().size() == 1);
}

TEST_CASE("forgets removed parts and does not report new ones") {
    Watched site;
    site.policy.miners.pop_back();
    site.decision.verdicts.erase(site.decision.verdicts.begin() + 1);
    CHECK(site.tick().empty());
    site.policy.miners.push_back(fixture::s19());
    site.decision.verdicts.insert(site.decision.verdicts.begin() + 1, Verdict{});
    CHECK(site.tick().empty());
}

TEST_CASE("writes rows with sentence, inputs and gates") {
    Watched site;
    site.verdict(1).wanted = true;
    const auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    const auto row = decision_row(site.view(), reported[0]);
    REQUIRE(row);
    CHECK(row->load == "dump-load-s19-1");
    CHECK(row->from == "off");
    CHECK(row->to == "on");
    CHECK(nlohmann::json::parse(row->gates_json).size() == 1);
    CHECK(nlohmann::json::parse(row->inputs_json)["voltage"]["quality"] == "good");
    CHECK(event_row(reported[0]).kind == "miner");
    site.decision.battery.stage = Stage::low;
    const auto stage = site.tick();
    REQUIRE(stage.size() == 1);
    CHECK_FALSE(decision_row(site.view(), stage[0]));
    CHECK(event_row(stage[0]).level == "warning");
}

TEST_CASE("lists ready parts on one line after a start") {
    Site site;
    Changes changes;
    const auto tick = [&] {
        site.advance(1s);
        std::vector<std::string> reported;
        for (const Change& change : changes.compare(site.view())) reported.push_back(change.text);
        return reported;
    };
    const auto there = [&](bool is) {
        for (OutputReport& report : site.snapshot.outputs) report.available = is;
        for (Verdict& verdict : site.decision.verdicts) verdict.state = is ? LoadState::off : LoadState::unknown;
    };
    there(false);
    CHECK(tick().empty());
    CHECK(tick().empty());
    there(true);
    const std::vector<Change> started = changes.compare(site.view());
    REQUIRE(started.size() == 1);
    CHECK(started.front().text == "Ready: 2 miners, 1 heater, 4 outputs");
    CHECK(started.front().to == started_word);
    CHECK(tick().empty());
    there(false);
    site.snapshot.broker_up = false;
    for (int i = 0; i < 100; ++i) CHECK(tick().empty());  // the broker has the alarm
    site.snapshot.broker_up = true;
    CHECK(tick().empty());
    there(true);
    site.snapshot.outputs[0].available = false;
    std::vector<std::string> reported;
    for (int i = 0; i < 25; ++i)
        for (const std::string& text : tick()) reported.push_back(text);
    CHECK(reported == std::vector<std::string>{"Ready: 2 miners, 1 heater, 3 outputs", "Output primary-s21 is offline"});
}

TEST_CASE("ignores a relay that answers again within 5 s") {
    Watched site;
    CHECK(site.tick().empty());
    for (int i = 0; i < 3; ++i) {
        site.snapshot.outputs[1].available = false;
        site.verdict(1).state = LoadState::unknown;
        CHECK(site.tick().empty());
        site.advance(3s);
        CHECK(site.tick().empty());
        site.snapshot.outputs[1].available = true;
        site.verdict(1).state = LoadState::off;
        CHECK(site.tick().empty());
    }
}

TEST_CASE("does not report a load found on as started") {
    Watched site;
    site.decision.next.outputs.resize(site.policy.outputs.size());
    site.decision.next.outputs[0].ordered = site.decision.next.outputs[0].on = true;  // adopted without an order
    site.want(true, Reason::running, LoadState::on);
    const auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].text.find("is already on") != std::string::npos);
}

TEST_CASE("reports a decided command in shadow as \"would\"") {
    Watched site;
    site.policy.control.live = false;
    site.want(true, Reason::running, LoadState::off);
    const auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].text == "Would start Primary S21+ (Revenue) (shadow): 52.30 V (65 %)");
    CHECK(decision_row(site.view(), reported[0])->shadow);
}

TEST_CASE("reports an output's own moves only in shadow") {
    Watched site;
    site.policy.control.live = false;
    CHECK(site.tick().empty());  // the first value is not a change
    site.verdict(0).state = LoadState::on;
    const auto reported = site.tick();
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].what == "miner");
    CHECK(reported[0].from == "off");
    CHECK(reported[0].to == "on");
    CHECK(reported[0].reason == reported_word);
    CHECK(reported[0].text.find("reports on (shadow") != std::string::npos);
    CHECK(!decision_row(site.view(), reported[0]));
    site.policy.control.live = true;
    site.verdict(0).state = LoadState::off;
    CHECK(site.tick().empty());
}
