#include "daemon/journal/rule_state_codec.hpp"

#include "daemon/journal/change_fingerprint.hpp"
#include "rules/names.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace volt;

namespace {

const Moment saved{1000s, Utc{1'750'000'000'000}, true};

/// Returns the moment `later` after saving, after a restart with the monotonic clock at 50 s.
Moment restored(Duration later, bool trusted = true) { return {50s, saved.utc + later, trusted}; }

Policy policy() {
    Policy policy;
    policy.sensors = {{"heat-room", 600s, false}};
    return policy;
}

RuleState state() {
    RuleState state;
    LoadMemory load;
    load.key = "s21";
    load.wanted = true;
    load.starts.add(400s);
    load.starts.add(900s);
    load.on_since = 900s;
    load.off_since = 700s;
    load.override_ = OverrideKind::on;
    load.override_until = 2800s;
    load.held_out_until = 1600s;
    load.day = 20000;
    load.runtime_today = 3600s;
    load.short_runs = 2;
    load.sag.learned = 7420;
    load.sag.learned_at = 500s;
    state.loads.push_back(load);
    OutputMemory output;
    output.key = "relay";
    output.last_confirmed = OutputState::on;
    output.fault_until = 1500s;
    state.outputs.push_back(output);
    state.stage.recovering = true;
    state.charge.source = "victron.battery";
    state.charge.cold = true;
    state.charge.last_temperature = Celsius{-15};
    state.charge.others = {{"victron.vebus", Celsius{-20}, Hold{900s}, {}, true}};
    TemperatureMemory memory;
    memory.good = Celsius{215};
    memory.good_at = 990s;
    state.readings.sensors.push_back(memory);
    return state;
}

}  // namespace

TEST_CASE("restores a fan's reason, including an older version's number") {
    for (const ZoneReason reason : {ZoneReason::run_on, ZoneReason::trip}) {
        RuleState before = state();
        before.outputs.at(0).reason = reason;
        std::string text = encode_rule_state(before, policy(), saved);
        REQUIRE(decode_rule_state(text, policy(), restored(200s)));
        CHECK(decode_rule_state(text, policy(), restored(200s))->outputs.at(0).reason == reason);
        const std::string word = '"' + std::string(name_of(reason)) + '"';
        REQUIRE(text.find(word) != std::string::npos);
        text.replace(text.find(word), word.size(), reason == ZoneReason::trip ? "4" : "37");
        REQUIRE(decode_rule_state(text, policy(), restored(200s)));
        CHECK(decode_rule_state(text, policy(), restored(200s))->outputs.at(0).reason == reason);
    }
}

TEST_CASE("remembers after a restart in a proof to switch off") {
    RuleState before = state();
    before.loads.at(0).override_until.reset();
    const std::uint64_t fingerprint = fingerprint_of(before);
    before.loads.at(0).lease_trial = true;
    CHECK(fingerprint_of(before) != fingerprint);
    for (const bool trusted : {true, false}) {
        const auto back = decode_rule_state(encode_rule_state(before, policy(), saved), policy(), restored(5s, trusted));
        REQUIRE(back);
        CHECK(back->loads.at(0).lease_trial);
        CHECK(back->loads.at(0).override_ == OverrideKind::automatic);
    }
    CHECK_FALSE(decode_rule_state(encode_rule_state(state(), policy(), saved), policy(), restored(5s))->loads.at(0).lease_trial);
}

TEST_CASE("converts stored times to ages after a restart") {
    const auto back = decode_rule_state(encode_rule_state(state(), policy(), saved), policy(), restored(200s));
    REQUIRE(back);
    const LoadMemory& load = back->loads.at(0);
    CHECK(load.key == "s21");
    CHECK(load.wanted);
    CHECK(load.on_since == 50s - 300s);  // 100 s before saving, 200 s of downtime
    CHECK(load.off_since == 50s - 500s);
    CHECK(load.starts.size() == 2);
    CHECK(load.starts.at(0) == 50s - 800s);
    CHECK(load.override_ == OverrideKind::on);
    CHECK(load.override_until == 50s + 1600s);
    CHECK(load.held_out_until == 50s + 400s);
    CHECK(load.runtime_today == 3600s);
    CHECK(load.short_runs == 2);
    CHECK(load.sag.learned == 7420);
    CHECK(back->outputs.at(0).last_confirmed == OutputState::on);
    CHECK(back->outputs.at(0).fault_until == 50s + 300s);
    CHECK(back->stage.recovering);
    CHECK(back->charge.cold);
    CHECK(back->charge.source == "victron.battery");
    CHECK(back->charge.last_temperature == Celsius{-15});
    CHECK(back->charge.others == std::vector<OtherBlock>{{"victron.vebus", Celsius{-20}, {}, {}, true}});
    CHECK(back->readings.sensors.at(0).good == Celsius{215});
    CHECK(back->readings.sensors.at(0).good_at == 50s - 210s);
    CHECK(back->policy_revision == 0);  // decide() aligns it later
}

TEST_CASE("restores a temperature jump, even with an untrusted clock") {
    Policy site = policy();
    site.battery_temperatures = {{"jk"}};
    RuleState before = state();
    TemperatureMemory memory;
    memory.good = Celsius{60};
    memory.good_at = 900s;
    memory.in_range = 990s;
    memory.leap.from = Celsius{55};
    memory.hot = true;
    before.readings.batteries = {memory};
    const std::string text = encode_rule_state(before, site, saved);
    for (const bool trusted : {true, false}) {
        const auto back = decode_rule_state(text, site, restored(200s, trusted));
        REQUIRE(back);
        const TemperatureMemory& jk = back->readings.batteries.at(0);
        CHECK(jk.good == Celsius{60});
        CHECK(jk.leap.from == Celsius{55});
        CHECK(jk.hot);
        CHECK(jk.in_range.has_value() == trusted);
        if (trusted) CHECK(*jk.in_range == 50s - 210s);
        else CHECK(restored(0s).now - jk.good_at > 24h);  // too old to use
    }
}

TEST_CASE("keeps a silence of unknown length unknown over restarts") {
    Policy site = policy();
    site.battery_temperatures = {{"jk"}};
    RuleState before = state();
    TemperatureMemory memory;
    memory.good = Celsius{60};
    memory.good_at = memory.in_range.emplace(900s);
    before.readings.batteries = {memory};
    const auto once = decode_rule_state(encode_rule_state(before, site, saved), site, restored(200s, false));
    REQUIRE(once);
    const std::string text = encode_rule_state(*once, site, restored(200s));
    const auto twice = decode_rule_state(text, site, restored(200s));
    REQUIRE(twice);
    CHECK_FALSE(twice->readings.batteries.at(0).in_range);
    CHECK(encode_rule_state(*twice, site, restored(200s)) == text);
}

TEST_CASE("ends an override that expired during the downtime") {
    const std::string text = encode_rule_state(state(), policy(), saved);
    CHECK(decode_rule_state(text, policy(), restored(1799s))->loads[0].override_ == OverrideKind::on);
    CHECK(decode_rule_state(text, policy(), restored(1800s))->loads[0].override_ == OverrideKind::automatic);
}

TEST_CASE("makes the safe choice if the wall clock is not trusted") {
    const auto check = [](const RuleState& back) {
        const LoadMemory& load = back.loads.at(0);
        CHECK(load.starts.size() == 2);
        CHECK(load.starts.at(0) == 50s);  // as if just made
        CHECK(load.starts.at(1) == 50s);
        CHECK(load.off_since == 50s);  // the rest begins with the daemon
        CHECK(load.override_ == OverrideKind::automatic);
        CHECK(load.held_out_until == 50s + 600s);  // time left when it was saved
        CHECK(back.outputs.at(0).fault_until == 50s + 500s);
        CHECK(50s - back.readings.sensors.at(0).good_at > 24h);  // too old to use
        CHECK(back.stage.recovering);
    };
    SUBCASE("clock is not trusted now") {
        check(*decode_rule_state(encode_rule_state(state(), policy(), saved), policy(), restored(200s, false)));
    }
    SUBCASE("clock was not trusted when saved") {
        Moment untrusted = saved;
        untrusted.clock_trusted = false;
        check(*decode_rule_state(encode_rule_state(state(), policy(), untrusted), policy(), restored(200s)));
    }
    SUBCASE("wall clock went backward") {
        check(*decode_rule_state(encode_rule_state(state(), policy(), saved), policy(), restored(-1s)));
    }
}

TEST_CASE("keeps an endless off, even with an untrusted clock") {
    RuleState off = state();
    off.loads[0].override_ = OverrideKind::off;
    off.loads[0].override_until.reset();
    const auto back = decode_rule_state(encode_rule_state(off, policy(), saved), policy(), restored(1s, false));
    CHECK(back->loads[0].override_ == OverrideKind::off);
    CHECK(!back->loads[0].override_until);
}

TEST_CASE("restores the override of a removed row") {
    RuleState removed = state();
    removed.removed_loads.push_back(removed.loads[0]);
    removed.removed_loads[0].override_ = OverrideKind::off;
    removed.removed_loads[0].override_until.reset();
    removed.removed_zones.resize(1);
    removed.removed_zones[0].key = "heat-room";
    const auto back = decode_rule_state(encode_rule_state(removed, policy(), saved), policy(), restored(1s));
    REQUIRE(back->removed_loads.size() == 1);
    CHECK(back->removed_loads[0].key == removed.loads[0].key);
    CHECK(back->removed_loads[0].override_ == OverrideKind::off);
    REQUIRE(back->removed_zones.size() == 1);
    CHECK(back->removed_zones[0].key == "heat-room");
}

TEST_CASE("restores nothing from damaged text or another version") {
    const std::string good = encode_rule_state(state(), policy(), saved);
    for (std::size_t length = 0; length < good.size(); length += 7)
        CHECK(!decode_rule_state(good.substr(0, length), policy(), restored(1s)));
    for (const char* text : {"null", "[]", "{}", "{\"version\":2}", "{\"version\":\"1\"}"})
        CHECK(!decode_rule_state(text, policy(), restored(1s)));
}

TEST_CASE("restores nothing from numbers that voltd never writes") {
    const std::string good = encode_rule_state(state(), policy(), saved);
    REQUIRE(decode_rule_state(good, policy(), restored(1s)));
    for (const char* key : {"\"day\":", "\"short_runs\":", "\"reason\":", "\"on_since\":", "\"sag\":", "\"held_out_ms\":",
                            "\"runtime_today_ms\":", "\"saved_utc\":", "\"override\":"})
        for (const char* number : {"9223372036854775807", "-9223372036854775808", "1e300", "18446744073709551615"}) {
            CAPTURE(key);
            const std::size_t at = good.find(key);
            REQUIRE(at != std::string::npos);
            const std::size_t from = at + std::string(key).size(), to = good.find_first_of(",}", from);
            CHECK(!decode_rule_state(good.substr(0, from) + number + good.substr(to), policy(), restored(1s)));
        }
}

TEST_CASE("saves an override at once if only end or level differs") {
    RuleState state;
    state.loads.resize(1);
    state.zones.resize(1);
    state.loads[0].override_ = OverrideKind::off;
    state.zones[0].fan_override = OverrideKind::level;
    const auto before = fingerprint_of(state);
    RuleState longer = state, endless_fan = state, faster = state;
    longer.loads[0].override_until = Time{60s};
    endless_fan.zones[0].fan_override_until = Time{60s};
    faster.zones[0].fan_override_level = 5;
    for (const RuleState& other : {longer, endless_fan, faster}) CHECK(fingerprint_of(other) != before);
}

namespace {

/// Returns a state with every part of the night budget set.
RuleState with_budget() {
    RuleState state = ::state();
    BudgetMemory& budget = state.site.budget;
    budget.house_mean = 1'000'000'000;
    budget.house_seen = 20min;
    budget.against_sun = 10h;
    budget.raised_percent = 5;
    budget.bank.counted = wh(9'100);
    budget.bank.lost = 20s;
    budget.days.day = 20000;
    budget.days.rises.add(50'000);
    budget.days.falls.add(4'000);
    budget.days.sums.add(wh(66'000));
    budget.days.sum = wh(12'000);
    budget.days.rise = 50'100;
    budget.days.open = wh(7'000);
    budget.days.shut = 400'000;
    budget.days.left_out = 2;
    budget.size.settings = 12'345;
    budget.size.sums = BankSums{wh(3'000), wh(2'000)};
    budget.size.doubt = SizeDoubt{false, -2'497, 10h};
    FitMemory& fit = budget.fit;
    fit.rests.add({19998, 5260_cV, wh(9'000)});
    fit.rests.add({19999, 5230_cV, wh(9'900)});
    fit.cycles.add({19999, 5190_cV, wh(11'000)});
    fit.given = wh(4'000);
    fit.lost = 10s;
    fit.lowest = FitPoint{20000, 5300_cV, wh(5'000)};
    fit.taken = Energy{-wh(1'000).steps};
    fit.days_not_full = 3;
    fit.sunny_among = true;
    return state;
}

BudgetMemory budget_back(const Moment& moment) {
    const auto back = decode_rule_state(encode_rule_state(with_budget(), policy(), saved), policy(), moment);
    REQUIRE(back);
    return back->site.budget;
}

}  // namespace

TEST_CASE("restores the night budget and counts its age as unmeasured") {
    BudgetMemory kept = with_budget().site.budget;
    kept.bank.lost += 200s;
    kept.fit.lost += 200s;
    kept.against_sun -= 200s;
    kept.size.doubt->left -= 200s;
    CHECK(budget_back(restored(200s)) == kept);
}

TEST_CASE("loads a state from before open, shut and the sums") {
    nlohmann::json text = nlohmann::json::parse(encode_rule_state(with_budget(), policy(), saved));
    for (const char* key : {"size", "open", "shut", "left_out", "ran"}) text["budget"].erase(key);
    const auto back = decode_rule_state(text.dump(), policy(), restored(200s));
    REQUIRE(back);
    const BudgetMemory& budget = back->site.budget;
    CHECK(budget.bank.counted == wh(9'100));
    CHECK(budget.days.sum == wh(12'000));
    CHECK(budget.days.open == Energy{});
    CHECK(budget.size == SizeMemory{});
}

TEST_CASE("restores when a load ran last by key, without plan") {
    RuleState state = with_budget();
    NightPlan plan;
    plan.load = 0;
    plan.last_ran = saved.now - 1h;
    plan.known = true;
    state.site.missed.plan = plan;
    const std::string text = encode_rule_state(state, policy(), saved);
    const auto back = decode_rule_state(text, policy(), restored(200s));
    REQUIRE(back);
    REQUIRE(back->site.missed.plan);
    CHECK(back->site.missed.plan->load == 0);
    CHECK(back->site.missed.plan->last_ran == restored(200s).now - 1h - 200s);
    CHECK_FALSE(back->site.missed.plan->known);
    CHECK_FALSE(decode_rule_state(text, policy(), restored(200s, false))->site.missed.plan);
}

TEST_CASE("restarts counts of unknown age but keeps learned values") {
    for (const Moment& moment : {restored(200s, false), restored(-5s)}) {
        const BudgetMemory back = budget_back(moment);
        CHECK_FALSE(back.bank.counted);
        CHECK_FALSE(back.fit.given);
        CHECK_FALSE(back.fit.lowest);
        CHECK(back.fit.rests == with_budget().site.budget.fit.rests);
        CHECK(back.days == with_budget().site.budget.days);
    }
}
