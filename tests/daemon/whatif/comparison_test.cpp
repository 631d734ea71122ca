#include "daemon/whatif/comparison.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/whatif/records.hpp"

using namespace volt;
using namespace volt::whatif;

namespace comparison_test {

namespace {

ComparedRange compared(const SiteRecord& record, const PolicyLine& as_is, const PolicyLine& changed) {
    Comparison comparison(record, as_is, changed);
    while (comparison.step()) {}
    return comparison.answer();
}

/// Returns a record with the voltage below the S21+'s start for an hour, then above it.
SiteRecord rising(std::int64_t hours) {
    return test::record_of(hours, [](std::int64_t t, HeldRow& row) { test::set_volts(row, t < 3600 ? 4950 : 5200); });
}

}  // namespace

TEST_CASE("computes agreement as the share of matching minutes") {
    SiteRecord record = rising(4);
    // The replay starts it a minute after the hour; the record has it half an hour later.
    record.loads[0].runs.push_back({record.from_s + 5400, record.to_s, Watts{3878}});
    const ComparedRange range = compared(record, test::default_line(), {});
    CHECK(range.minutes == 240);
    CHECK(range.agreeing_minutes == range.loads[0].agreeing_minutes);
    CHECK(range.agreeing_minutes >= 240 - 30);
    CHECK(range.agreeing_minutes <= 240 - 28);
    CHECK(range.loads[1].agreeing_minutes == 240);
    CHECK(range.loads[0].recorded.runs == 1);
    CHECK(range.loads[0].recorded.on_s == 9000);
    CHECK(range.loads[0].recorded.watt_seconds == 9000 * 3878);
    CHECK(range.covered_s == 4 * 3600);
    CHECK(range.covered_to_s == record.to_s);
    CHECK(range.differences.empty());
}

TEST_CASE("lists orders of only one replay with their reasons") {
    const SiteRecord record = rising(3);
    const ComparedRange range =
        compared(record, test::default_line(), test::default_line([](Policy& policy) { policy.miners[0].start = 4900_cV; }));
    REQUIRE(range.differences.size() == 2);
    CHECK(range.differences[0].changed);
    CHECK(range.differences[0].decision.on);
    CHECK(range.differences[0].decision.at_s < record.from_s + 600);
    CHECK_FALSE(range.differences[1].changed);
    CHECK(range.differences[1].decision.at_s > record.from_s + 3600);
    CHECK(range.loads[0].changed.on_s > range.loads[0].as_is.on_s + 3000);
}

TEST_CASE("marks a run time unknown without battery power") {
    SiteRecord record = rising(3);
    for (HeldRow& row : record.rows) row.battery.reset();
    const ComparedRange range =
        compared(record, test::default_line(), test::default_line([](Policy& policy) { policy.miners[0].start = 4900_cV; }));
    CHECK_FALSE(range.loads[0].known);
    CHECK(range.loads[1].known);
}

TEST_CASE("marks a time unknown that a silence hides") {
    SiteRecord record = rising(4);
    for (HeldRow& row : record.rows) row.battery.reset();
    record.rows.erase(record.rows.begin() + 240, record.rows.begin() + 360);  // the third hour
    const ComparedRange same = compared(record, test::default_line(), test::default_line());
    CHECK(same.silent_s == 3600);
    for (const ComparedLoad& load : same.loads) CHECK(load.known);
    const ComparedRange range =
        compared(record, test::default_line(), test::default_line([](Policy& policy) { policy.miners[0].start = 4900_cV; }));
    CHECK_FALSE(range.loads[0].known);
    CHECK_FALSE(range.loads[1].known);
    CHECK(range.loads[1].most_on_s == range.loads[1].changed.on_s + 3600);
    CHECK(range.loads[0].least_on_s == range.loads[0].as_is.on_s);
}

TEST_CASE("compares only the replayed part") {
    const SiteRecord record = rising(3);
    Comparison comparison(record, test::default_line(), {});
    for (int i = 0; i < 120; ++i) comparison.step();
    const ComparedRange range = comparison.answer();
    CHECK(range.covered_to_s == record.from_s + 3600);
    CHECK(range.minutes == 60);
    CHECK(range.covered_s == 3600);
}

TEST_CASE("treats run times within a tenth or minutes as close") {
    CHECK(close_run_times(0, 0));
    CHECK(close_run_times(0, 360));
    CHECK_FALSE(close_run_times(0, 361));
    CHECK(close_run_times(36'000, 32'400));
    CHECK_FALSE(close_run_times(36'000, 32'399));
}

}  // namespace comparison_test
