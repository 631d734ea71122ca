// One independent stretch of days: the site, the rules and both checkers, from one seed.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rules/alarm.hpp"
#include "rules/policy.hpp"
#include "tests/simulation/happening.hpp"
#include "tests/simulation/violation.hpp"

namespace volt::simulation {

inline constexpr std::size_t stage_count = 12, alarm_count = static_cast<std::size_t>(last_of_rules) + 1;

struct StretchConfig {
    Policy policy;                   ///< the owner's settings
    std::uint64_t seed = 1;          ///< seed of the whole simulation
    std::int64_t number = 0;         ///< number of the stretch, which determines season and luck
    std::int64_t days = 73;          ///< days to run
    std::int64_t stretch_days = 73;  ///< length of a whole stretch, which determines the season
    std::int64_t tick_s = 1;
    Luck luck = Luck::some;
    int bank = 0;                 ///< flat curve of the cell: 0 every fourth stretch, 1 never, 2 always
    bool losses = false;          ///< a tenth of the inverter's flow, its idle power, and loads on the battery's side
    bool battery_turns = false;   ///< at times the battery power has the wrong sign
    bool place_known = false;     ///< the rules know sunrise and sunset
    bool gateway = false;         ///< the relays are behind a gateway with a cache
    bool battery_sticks = false;  ///< at times the GX keeps showing an old battery temperature
    bool keep_log = false;
};

/// Totals of one or more stretches.
struct Totals {
    std::int64_t days = 0, ticks = 0, seconds = 0, restarts = 0, settings = 0;
    std::map<std::string, std::int64_t> starts, watt_seconds;  ///< by slug
    std::array<std::int64_t, alarm_count> alarms{};
    std::array<std::int64_t, stage_count> stage_s{};
    std::array<std::int64_t, what_count> happenings{};
    std::int64_t lowest_cv = 100'000, lowest_on_cv = 100'000;  ///< overall; while one of voltd's loads was drawing
    std::int64_t dark_s = 0, longest_fair_s = 0;
    std::array<std::size_t, 4> most_starts{};  ///< in quiet times: of a miner per day, in two hours; of a heater
    void add(const Totals& other);
};

struct StretchResult {
    Totals totals;
    std::uint64_t hash = 0;
    std::string log;
    std::vector<Violation> violations;
    bool broken_off = false;
};

/// Runs a stretch. Counts up `ticks` for observers, and ends early once `stop` is true.
StretchResult run_stretch(const StretchConfig& config, const std::atomic<bool>& stop, std::atomic<std::int64_t>& ticks);

/// Returns a fingerprint of several stretches in their order.
std::uint64_t hash_of(const std::vector<StretchResult>& results);

}  // namespace volt::simulation
