// Tests of the report on invented facts.
#include "daemon/ctl/shadow/shadow_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/store/settings/io.hpp"

using namespace volt;
using namespace volt::ctl;
using namespace volt::ctl::shadow;

namespace shadow_report_test {

namespace {

constexpr std::int64_t begin = 1'750'464'000, day = 86400;  // 2025-06-21 00:00 UTC
constexpr const char *s21 = "primary-s21-revenue", *s19 = "dump-load-s19-1";

DecisionRow row(std::int64_t at_s, const char* load, const char* to, const char* reason) {
    DecisionRow made;
    made.at = Utc{(begin + at_s) * 1000};
    made.load = load;
    made.to = to;
    made.reason = reason;
    made.text = std::string("Would: ") + reason;
    made.shadow = true;
    return made;
}

/// Returns a day of 52.00 V in every row, from `from_s` on.
ShadowFacts facts_of(std::vector<DecisionRow> decisions, std::int64_t from_s = 0) {
    ShadowFacts facts;
    facts.range = {begin, begin + day};
    facts.decisions = std::move(decisions);
    facts.miners = default_settings().miners;
    facts.record.from_s = begin;
    facts.record.to_s = begin + day;
    facts.record.resistance_mohm = 10;
    for (std::int64_t t = from_s; t < day; t += whatif::longest_row_s) {
        whatif::HeldRow held;
        held.at_s = begin + t;
        held.local.second_of_day = static_cast<std::int32_t>(t);
        held.voltages = held.least = {Volts{5200}};
        held.pv = held.load = Watts{1000};
        facts.record.rows.push_back(held);
    }
    return facts;
}

bool has(const std::vector<std::string>& texts, const std::string& part) {
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& it) { return it.find(part) != std::string::npos; });
}

std::vector<std::string> lines(const ShadowFacts& facts) { return shadow_lines(shadow_json(shadow_report(facts)), Paint{}); }

}  // namespace

TEST_CASE("reports a run with reasons, hours, energy and sag") {
    const ShadowReport report = shadow_report(facts_of({row(3600, s21, "on", "running"), row(3 * 3600, s21, "off", "voltage")}));
    const auto load = std::find_if(report.loads.begin(), report.loads.end(), [](const ShadowLoad& it) { return it.load == s21; });
    REQUIRE(load != report.loads.end());
    CHECK(load->tally.runs == 1);
    CHECK(load->tally.on_s == 7200);
    CHECK(!load->really);
    const Json json = shadow_json(report);
    CHECK(json["covered"]["pct"] == 100.0);
    CHECK(json["battery"]["lowest_v"]["recorded"] == 52.0);
    // 3,878 W / 52.00 V through 10 mOhm.
    CHECK(json["battery"]["lowest_v"]["with_loads"] == 51.26);
    const auto text = shadow_lines(json, Paint{});
    CHECK(has(text, "would have run 2.00 h, 1 start, 7.8 kWh"));
    CHECK(has(text, "Would: running"));
    CHECK(has(text, "Would: voltage"));
    CHECK(has(text, "longer runs than there would have been"));
}

TEST_CASE("reports missing coverage first") {
    const auto text = lines(facts_of({}, day / 4));
    CHECK(text.front().starts_with("Usable voltage, power and clock in only 75.0 %"));
    ShadowFacts untrusted = facts_of({});
    untrusted.untrusted = {{begin - 1000, begin + day / 2}};
    const Json json = shadow_json(shadow_report(untrusted));
    CHECK(json["covered"]["clock_pct"] == 50.0);
    CHECK(json["covered"]["pct"] == 50.0);
    CHECK(json["covered"]["voltage_pct"] == 100.0);
    CHECK(!lines(facts_of({})).front().starts_with("Usable"));
    ShadowFacts alone = facts_of({});  // GX without any power meter
    for (whatif::HeldRow& row : alone.record.rows) row.pv = row.load = std::nullopt;
    CHECK(shadow_json(shadow_report(alone))["covered"]["pct"] == 0.0);
    alone.has_pv = alone.has_load = false;
    CHECK(shadow_json(shadow_report(alone))["covered"]["pct"] == 100.0);
    CHECK(shadow_json(shadow_report(facts_of({}, day)))["battery"]["lowest_v"]["recorded"].is_null());
}

TEST_CASE("counts a load that its owner ran once") {
    ShadowFacts facts = facts_of({row(3600, s21, "on", "running"), row(2 * 3600, s21, "off", "voltage")});
    facts.really[s21] = {{begin + 1800, "off", "on"}, {begin + 4 * 3600, "on", "off"}};
    const ShadowReport report = shadow_report(facts);
    CHECK(report.lowest_with_loads == Volts{5200});
    CHECK(has(report.noticed, "1 start would have been unnecessary"));
    CHECK(has(lines(facts), "actual, as its output reported: 3.50 h, 1 start"));
}

TEST_CASE("notices short runs, many starts and unused hours") {
    std::vector<DecisionRow> rows;
    for (const int start : {1000, 2000}) {
        rows.push_back(row(start, s21, "on", "running"));
        rows.push_back(row(start + 300, s21, "off", "voltage"));
    }
    const ShadowReport report = shadow_report(facts_of(rows));
    CHECK(has(report.noticed, "2 of 2 runs would have been shorter than 10 min"));
    CHECK(has(report.noticed, "2 starts per hour at most; max_starts_per_hour is 3"));
    CHECK(has(report.noticed, "it would not have run once in its hours, 10:00-16:00"));
}

TEST_CASE("judges only hours with rows") {
    CHECK(has(shadow_report(facts_of({}, 6 * 3600)).noticed, "it would not have run once in its hours, 10:00-16:00"));
    CHECK_FALSE(has(shadow_report(facts_of({}, 13 * 3600)).noticed, "in its hours"));
    const Json json = shadow_json(shadow_report(facts_of({}, day / 4)));
    CHECK(json["covered"]["clock_pct"] == 75.0);
}

TEST_CASE("lists the three longest blocking gates in minutes") {
    ShadowFacts facts = facts_of({});
    facts.record.loads = {{"id", s19, "S19", {}, false}};
    facts.replay.blocked_s.resize(1);
    auto& blocked = facts.replay.blocked_s[0];
    blocked[static_cast<std::size_t>(GateName::voltage)] = 3600;
    blocked[static_cast<std::size_t>(GateName::sun)] = 7200;
    blocked[static_cast<std::size_t>(GateName::schedule)] = 60;
    blocked[static_cast<std::size_t>(GateName::rest)] = 30;
    facts.replay.stage_s[static_cast<std::size_t>(Stage::optimal)] = 5400;
    const auto text = lines(facts);
    CHECK(has(text, "blocked longest by: sun 120 min, voltage 60 min, schedule 1 min"));
    CHECK(has(text, "stages: optimal 90 min"));
}

TEST_CASE("reports live periods and truncated rows") {
    ShadowFacts facts = facts_of({row(3600, s21, "on", "running")});
    facts.decisions.front().shadow = false;
    facts.cut = true;
    const ShadowReport report = shadow_report(facts);
    CHECK(has(report.notes, "voltd commanded its outputs"));
    CHECK(has(report.notes, "begins later than requested"));
    CHECK(report.loads.front().would.empty());
    facts.range.from_s = begin - 10 * day;
    CHECK(has(shadow_report(facts).notes, "Readings are kept for 72 h"));
}

}  // namespace shadow_report_test
