// Simulated days: compares a replay as is with the recording, and one with another start voltage with a simulation that really
// had it.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "daemon/whatif/comparison.hpp"
#include "daemon/whatif/read_record.hpp"
#include "tests/daemon/whatif/recorded_days.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::whatif;

namespace agreement_test {

namespace {

constexpr std::int64_t before_h = 24, day_h = 24;
constexpr std::int64_t begin_s = 1'750'510'800;
constexpr const char* s19 = "dump-load-s19-1";

struct Agreement {
    ComparedRange range;
    SiteRecord record;
    std::map<std::string, std::int64_t> truth;  ///< seconds with the changed settings
};

std::int64_t begin_of_seed(std::uint64_t seed) {
    // Use another season for each seed; the first one in spring.
    return begin_s + static_cast<std::int64_t>((seed + 8) % 12) * 30 * 86'400;
}

/// Records two days of a seed and replays the second as is, and with `start` for the S19.
Agreement agreement_of(std::uint64_t seed, double start) {
    Connection db = test::new_schema();
    test::SimulatedDays days;
    days.seed = seed;
    days.begin_s = begin_of_seed(seed);
    days.hours = before_h + day_h;
    // Nothing stores the weather, so nothing waits for it here.
    REQUIRE(change_record(db, SettingsTable::miners, s19, {{"require_sunny", false}}, {"test", false}).ok());
    days.owner = [](Settings& settings) {
        for (Miner& miner : settings.miners) miner.require_sunny = false;
    };
    test::simulate_days(days, &db);
    WhatifQuery query{Utc{(days.begin_s + before_h * 3600) * 1000}, Utc{(days.begin_s + days.hours * 3600) * 1000}, {}};
    query.changes = {{SettingsTable::miners, s19, {{"start_voltage", start}}}};
    auto inputs = read_inputs(db, test::simulated_wiring(), query);
    REQUIRE_MESSAGE(inputs.ok(), (inputs ? "" : inputs.failure().text));
    Agreement result;
    result.record = std::move(inputs.value().record);
    Comparison comparison(result.record, inputs.value().as_is, inputs.value().changed);
    while (comparison.step()) {}
    result.range = comparison.answer();
    days.changed_after_h = before_h;
    days.change = [start](Settings& settings) {
        for (Miner& miner : settings.miners)
            if (miner.slug == s19) miner.start = Volts{std::llround(start * 100)};
    };
    result.truth = test::simulate_days(days, nullptr);
    return result;
}

void check_seed(std::uint64_t seed) {
    const Agreement result = agreement_of(seed, 54.0);
    CAPTURE(seed);
    CHECK(result.range.covered_s + result.range.silent_s == day_h * 3600);
    MESSAGE("seed ", seed, ": ", result.range.agreeing_minutes, " of ", result.range.minutes, " minutes agree, ",
            result.range.silent_s, " s without readings");
    // For a power cut, the answer must list the missing readings, which alone show when it came and went.
    const bool cut = result.range.silent_s > longest_silence_s;
    CHECK(result.range.agreeing_minutes * 100 >= result.range.minutes * 99);
    if (cut) CHECK_FALSE(result.record.notes.empty());
    for (std::size_t i = 0; i < result.record.loads.size(); ++i) {
        const ReplayedLoad& load = result.record.loads[i];
        const ComparedLoad& compared = result.range.loads[i];
        const auto found = result.truth.find(load.slug);
        const std::int64_t truth = found == result.truth.end() ? 0 : found->second;
        MESSAGE(load.slug, ": recorded ", compared.recorded.on_s, " s, as is ", compared.as_is.on_s, " s, changed ",
                compared.changed.on_s, " s, really ", truth, " s, with stored energy ", compared.least_on_s, " to ",
                compared.most_on_s, std::string(compared.known ? "" : ", not known"));
        if (compared.known) CHECK(close_run_times(compared.changed.on_s, truth));
    }
}

}  // namespace

TEST_CASE("replays a recorded day and another start voltage correctly") {
    const std::uint64_t seeds = std::getenv("VOLT_WHATIF_LONG") != nullptr ? 20 : 1;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) check_seed(seed);
}

}  // namespace agreement_test
