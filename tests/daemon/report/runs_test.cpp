#include "daemon/report/runs.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace runs_test {

namespace {

constexpr std::int64_t begin = 1'000'000;

DecisionRow row(std::int64_t at_s, const char* to, const char* reason, bool shadow = true) {
    DecisionRow made;
    made.at = Utc{(begin + at_s) * 1000};
    made.to = to;
    made.reason = reason;
    made.text = std::string("because ") + reason;
    made.shadow = shadow;
    return made;
}

std::vector<CountedRun> runs(const std::vector<DecisionRow>& rows, const std::vector<std::int64_t>& starts = {}) {
    return shadow_runs(rows, starts, {begin, begin + 7200});
}

}  // namespace

TEST_CASE("converts shadow decisions to runs with both reasons") {
    const auto found = runs({row(100, "on", "running"), row(1900, "off", "voltage")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].from_s == begin + 100);
    CHECK(found[0].to_s == begin + 1900);
    CHECK(found[0].start_reason == "running");
    CHECK(found[0].stop_text == "because voltage");
    CHECK(!found[0].goes_on);
    const LoadTally tally = tally_of(found, Watts{2000});
    CHECK(tally.runs == 1);
    CHECK(tally.on_s == 1800);
    CHECK(kwh_of(tally.watt_seconds) == 1.0);
    CHECK(hours_of(tally.on_s) == 0.5);
}

TEST_CASE("cuts a run to the range without counting its start") {
    const auto found =
        runs({row(-500, "on", "running"), row(600, "off", "voltage"), row(7000, "on", "running"), row(7300, "off", "voltage")});
    REQUIRE(found.size() == 2);
    CHECK(found[0].from_s == begin);
    CHECK(found[0].began_before);
    CHECK(found[1].to_s == begin + 7200);
    CHECK(found[1].goes_on);
    CHECK(tally_of(found, {}).runs == 1);
    CHECK(runs({row(-500, "on", "running"), row(-100, "off", "voltage")}).empty());
}

TEST_CASE("ends shadow runs at real orders") {
    CHECK(runs({row(100, "on", "running", false), row(900, "off", "voltage", false)}).empty());
    const auto found = runs({row(100, "on", "running"), row(900, "on", "running", false), row(1000, "off", "voltage", false)});
    REQUIRE(found.size() == 1);
    CHECK(found[0].to_s == begin + 900);
}

TEST_CASE("ends a simulated run at a start of voltd") {
    const auto found =
        runs({row(100, "on", "running"), row(3000, "on", "running"), row(3600, "off", "voltage")}, {begin - 50, begin + 400});
    REQUIRE(found.size() == 2);
    CHECK(found[0].to_s == begin + 400);
    CHECK(found[0].stop_reason == "started");
    CHECK(found[1].from_s == begin + 3000);
    const auto last = runs({row(100, "on", "running")}, {begin + 400});
    REQUIRE(last.size() == 1);
    CHECK(last[0].to_s == begin + 400);
    CHECK(!last[0].goes_on);
}

TEST_CASE("joins levels of a fan into one run") {
    const auto found = runs({row(100, "3", "too_hot"), row(200, "5", "too_hot"), row(300, "off", "idle")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].to_s == begin + 300);
}

TEST_CASE("reads output reports, also before the first change") {
    const std::vector<ReportedState> changes{
        {begin + 100, "on", "unknown"}, {begin + 200, "unknown", "off"}, {begin + 300, "off", "on"}};
    const auto found = reported_runs(changes, {begin, begin + 1000});
    REQUIRE(found.size() == 2);
    CHECK(found[0].from_s == begin);
    CHECK(found[0].to_s == begin + 200);
    CHECK(found[1].goes_on);
    CHECK(is_on_at(found, begin + 150));
    CHECK(!is_on_at(found, begin + 250));
    CHECK(overlap_s(found, {{.from_s = begin + 150, .to_s = begin + 350}}) == 100);
}

TEST_CASE("counts the most starts within an hour") {
    CHECK(most_starts_per_hour({}) == 0);
    const auto found = runs({row(0, "on", "a"), row(60, "off", "b"), row(3500, "on", "a"), row(3560, "off", "b"),
                             row(3650, "on", "a"), row(3700, "off", "b")});
    CHECK(most_starts_per_hour(found) == 2);
}

TEST_CASE("rounds shares down, so that 100 means all") {
    CHECK(percent_of(9999, 10000) == 99.9);
    CHECK(percent_of(1, 1) == 100.0);
    CHECK(percent_of(0, 0) == 0);
}

}  // namespace runs_test
