#include "daemon/whatif/replay_site.hpp"

#include <doctest/doctest.h>

#include "drivers/sim/random.hpp"
#include "tests/daemon/whatif/records.hpp"

using namespace volt;
using namespace volt::whatif;

namespace replay_site_test {

namespace {

constexpr std::size_t s21 = 0;

/// Returns hours of the bank between about 46 and 56 V with noise, some sun, and random runs of the S21+.
SiteRecord random_record(std::uint64_t seed) {
    sim::Random random(seed);
    double volts = random.between(49.5, 51.5);
    SiteRecord record = test::record_of(3, [&](std::int64_t, HeldRow& row) {
        volts = std::clamp(volts + random.between(-0.15, 0.15), 46.0, 56.5);
        test::set_volts(row, static_cast<std::int64_t>(volts * 100));
        row.pv = Watts{static_cast<std::int64_t>(random.between(0, 12'000))};
        row.load = Watts{static_cast<std::int64_t>(random.between(400, 2500))};
    });
    for (std::int64_t at = record.from_s; at < record.to_s;) {
        const std::int64_t from = at + static_cast<std::int64_t>(random.between(600, 3000));
        at = from + static_cast<std::int64_t>(random.between(600, 3000));
        record.loads[s21].runs.push_back({from, at, Watts{3700}});
    }
    return record;
}

/// Returns begin and end of each run of a load, by its orders. A running one ends with the range.
std::vector<std::pair<std::int64_t, std::int64_t>> runs_of(const ReplayResult& result, std::size_t load, std::int64_t end) {
    std::vector<std::pair<std::int64_t, std::int64_t>> runs;
    for (const ReplayedDecision& one : result.decisions) {
        if (one.load != load) continue;
        if (one.on) runs.emplace_back(one.at_s, end);
        else if (!runs.empty()) runs.back().second = one.at_s;
    }
    return runs;
}

}  // namespace

TEST_CASE("starts a load at its voltage and subtracts its sag") {
    const SiteRecord record =
        test::record_of(2, [](std::int64_t t, HeldRow& row) { test::set_volts(row, t < 3600 ? 4900 : 5200); });
    const ReplayResult result = test::replay_of(record, test::default_line());
    REQUIRE(result.decisions.size() == 1);
    const ReplayedDecision& start = result.decisions.front();
    CHECK(start.on);
    CHECK(start.load == s21);
    CHECK(start.at_s >= record.from_s + 3600 + 60);  // hold of its start voltage
    CHECK(start.at_s <= record.from_s + 3600 + 120);
    CHECK(start.text.find("Primary S21+") != std::string::npos);
    CHECK(result.loads[s21].runs == 1);
    // 3,878 W at 10 mOhm and 52.00 V: 0.75 V.
    CHECK(result.volts_of_minute.back() == Volts{5125});
    CHECK(result.loads[s21].watt_seconds == result.loads[s21].on_s * 3878);
}

TEST_CASE("counts a recorded run once") {
    SiteRecord record = test::record_of(2, [](std::int64_t, HeldRow& row) { row.load = Watts{4700}; });
    record.loads[s21].runs.push_back({record.from_s, record.to_s, Watts{3700}});
    const ReplayResult result = test::replay_of(record, test::default_line());
    CHECK(result.volts_of_minute.back() == Volts{5200});
    CHECK(result.lowest == Volts{5200});
    CHECK(result.drift_watt_seconds == -3700 * (7200 - result.loads[s21].on_s));
}

TEST_CASE("starts each row with its lowest voltage") {
    const SiteRecord record = test::record_of(2, [](std::int64_t t, HeldRow& row) {
        if (t == 3600) row.least = {Volts{4560}, Volts{4560}};  // minus its sag: below 45.00 V
    });
    const ReplayResult result = test::replay_of(record, test::default_line());
    REQUIRE(result.decisions.size() >= 2);
    CHECK_FALSE(result.decisions[1].on);
    CHECK(result.decisions[1].reason == "critical");
    CHECK(result.stage_s[static_cast<std::size_t>(Stage::critical)] > 0);
}

TEST_CASE("holds an override until its recorded end") {
    SiteRecord record = test::record_of(3, [](std::int64_t, HeldRow&) {});
    record.overrides = {{record.from_s - 60, "primary-s21-revenue", OverrideKind::off, 0},
                        {record.from_s + 3600, "primary-s21-revenue", OverrideKind::automatic, 0}};
    PolicyLine line = test::default_line();
    line.push_back({record.from_s + 7200, line.front().policy});
    line.back().policy.preferences.mode = SiteMode::off;
    const ReplayResult result = test::replay_of(record, line);
    REQUIRE(result.decisions.size() == 2);
    CHECK(result.decisions[0].at_s >= record.from_s + 3600);
    CHECK(result.decisions[1].at_s == record.from_s + 7200);
    CHECK(result.decisions[1].reason == "mode_off");
}

TEST_CASE("skips seconds without a row") {
    SiteRecord record = test::record_of(3, [](std::int64_t, HeldRow&) {});
    record.rows.erase(record.rows.begin() + 120, record.rows.begin() + 240);
    const ReplayResult result = test::replay_of(record, test::default_line());
    std::int64_t all = 0;
    for (const std::int64_t seconds : result.stage_s) all += seconds;
    CHECK(all == 2 * 3600);
    CHECK(covered_s(record, record.rows.size()) == 2 * 3600);
}

TEST_CASE("stops a load in a silence longer than its lease") {
    const auto runs_after = [](std::ptrdiff_t rows, bool recorded) {
        SiteRecord record = test::record_of(3, [](std::int64_t, HeldRow&) {});
        if (recorded) record.loads[s21].runs.push_back({record.from_s, record.to_s, Watts{3700}});
        record.rows.erase(record.rows.begin() + 120, record.rows.begin() + 120 + rows);
        return test::replay_of(record, test::default_line()).loads[s21].runs;
    };
    CHECK(runs_after(longest_silence_s / longest_row_s, false) == 1);
    CHECK(runs_after(longest_silence_s / longest_row_s + 1, false) == 2);
    CHECK(runs_after(60, true) == 1);  // the record shows that it ran through
}

TEST_CASE("begins with the loads that were running") {
    // Between stop and start voltage, where it would not start, but continues.
    SiteRecord record = test::record_of(2, [](std::int64_t, HeldRow& row) { test::set_volts(row, 4900); });
    CHECK(test::replay_of(record, test::default_line()).loads[s21].on_s == 0);
    record.loads[s21].runs.push_back({record.from_s - 3600, record.to_s, Watts{3700}});
    const ReplayResult result = test::replay_of(record, test::default_line());
    CHECK(result.loads[s21].on_s == 7200);
    CHECK(result.decisions.empty());
}

TEST_CASE("prevents recorded recovery for a load still running") {
    const auto on_s = [](Watts after) {
        SiteRecord record = test::record_of(2, [after](std::int64_t t, HeldRow& row) {
            test::set_volts(row, t < 3570 ? 4702 : t < 3600 ? 4699 : 4790);  // minus its sag: 4713
            row.battery = t < 3600 ? Watts{-3765} : after;
        });
        record.loads[s21].runs.push_back({record.from_s - 3600, record.from_s + 3600, Watts{3700}});
        return test::replay_of(record, test::default_line()).loads[s21].on_s;
    };
    CHECK(on_s(Watts{0}) < 3660);
    CHECK(on_s(Watts{2000}) == 7200);
}

TEST_CASE("uses the learned sun in the night budget") {
    // At midnight a bank of 20 kWh carries a house of 1 kW and a miner until 02:00, not until 08:00.
    const auto runs = [](bool learned) {
        SiteRecord record = test::record_of(1, [](std::int64_t, HeldRow& row) {
            row.pv = Watts{0};
            row.battery = Watts{-1000};
        });
        for (int day = 0; learned && day < 3; ++day) {
            record.budget.days.rises.add(2 * 3600);
            record.budget.days.falls.add(20 * 3600);
            record.budget.days.sums.add(wh(100'000));
        }
        const auto bank = [](Policy& policy) { policy.preferences.bank_wh = 20'000; };
        return test::replay_of(record, test::default_line(bank)).loads[s21].runs;
    };
    CHECK(runs(false) == 0);
    CHECK(runs(true) == 1);
}

/// Changes another name, a voltage of a disabled miner, and a threshold that no row reaches.
void change_nothing(Policy& policy) {
    policy.miners[s21].name = "Renamed";
    policy.miners[1].enabled = false;
    policy.miners[1].start = 5500_cV;
    policy.preferences.shutdown = policy.preferences.shutdown - 10_cV;
}

TEST_CASE("property: irrelevant changes differ in nothing") {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const SiteRecord record = random_record(seed);
        const PolicyLine line = test::default_line([](Policy& policy) { policy.miners[1].enabled = false; });
        Comparison comparison(record, line, test::default_line(change_nothing));
        while (comparison.step()) {}
        const ComparedRange range = comparison.answer();
        CAPTURE(seed);
        CHECK(range.differences.empty());
        CHECK(range.lowest_as_is == range.lowest_changed);
        for (const ComparedLoad& load : range.loads) {
            CHECK(load.as_is.on_s == load.changed.on_s);
            CHECK(load.as_is.watt_seconds == load.changed.watt_seconds);
        }
    }
}

TEST_CASE("property: a higher stop voltage never lengthens the first differing run") {
    int differing = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const SiteRecord record = random_record(seed);
        const auto as_is = runs_of(test::replay_of(record, test::default_line()), s21, record.to_s);
        const auto changed = runs_of(test::replay_of(record, test::default_line([](Policy& p) { p.miners[s21].stop = 4900_cV; })),
                                     s21, record.to_s);
        CAPTURE(seed);
        for (std::size_t i = 0; i < as_is.size() && i < changed.size(); ++i) {
            if (as_is[i] == changed[i]) continue;
            ++differing;
            CHECK(changed[i].first >= as_is[i].first);
            if (changed[i].first == as_is[i].first) CHECK(changed[i].second <= as_is[i].second);
            break;
        }
    }
    CHECK(differing > 0);
}

}  // namespace replay_site_test
