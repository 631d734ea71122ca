// What is known of a past range of time: stored rows, runs, overrides and the settings in force, as the replay takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/whatif/battery_fit.hpp"
#include "rules/budget/budget.hpp"
#include "rules/memory/loads.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt::whatif {

constexpr Utc utc_of_s(std::int64_t at_s) { return Utc{at_s * 1000}; }

inline constexpr std::int64_t longest_row_s = 30;                    ///< a stored row stands for at most this long
inline constexpr std::int64_t longest_silence_s = 300;               ///< a load is off after a longer one: no lease, or no power
inline constexpr std::int64_t least_range_s = 3600;                  ///< of a question
inline constexpr std::int64_t longest_range_s = 72 * 3600;           ///< as long as raw rows are kept: 259,200 ticks
inline constexpr std::int64_t longest_lead_s = 24 * 3600;            ///< before the range, to begin while every load was off
inline constexpr std::size_t most_policies = 200, most_loads = 256;  ///< settings in force one after the other; miners

/// One stored row: means of up to longest_row_s, and the least voltage.
struct HeldRow {
    std::int64_t at_s = 0;                              ///< start, seconds since 1970 UTC
    LocalTime local;                                    ///< the site's, of `at_s`
    std::optional<SunOfDay> sun;                        ///< of that day, where the place is known
    std::vector<std::optional<Volts>> voltages, least;  ///< by voltage source of the policy
    std::optional<Watts> battery, pv, load, grid;       ///< battery: positive while charging
    std::vector<std::optional<Celsius>> temperatures;   ///< by SiteRecord::sensors
};

/// A stretch in which a miner ran.
struct RecordedRun {
    std::int64_t from_s = 0, to_s = 0;
    Watts draw{};              ///< its energy over its time; nominal where it has none
    bool end_unknown = false;  ///< not stored: voltd or its power ended first, or the load still runs
};

/// A miner of the range, disabled and removed ones too.
struct ReplayedLoad {
    std::string id, slug, name;  ///< newest slug and name
    std::vector<RecordedRun> runs;
    bool needs_sunny = false;  ///< so it may have waited for weather that is not recorded
};

/// The settings in force from a moment on.
struct PolicySince {
    std::int64_t from_s = 0;
    Policy policy;
};
/// By time; the first one also holds before its moment.
using PolicyLine = std::vector<PolicySince>;

/// An override that began or ended (`automatic`).
struct OverrideSince {
    std::int64_t at_s = 0;
    std::string load;  ///< as find_target() knows it
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;
};

struct SiteRecord {
    std::int64_t from_s = 0, to_s = 0;     ///< the range in question; rows before it only lead in
    std::vector<HeldRow> rows;             ///< by time
    std::vector<std::string> sensors;      ///< recorded ones, by name
    std::vector<ReplayedLoad> loads;       ///< at most most_loads
    std::vector<OverrideSince> overrides;  ///< by time, those before the first row too
    std::vector<LoadMemory> learned;       ///< key and learned sag of each load
    BudgetMemory budget;                   ///< learned days of sun and house
    std::int64_t resistance_mohm = 10;     ///< learned, else as set
    BatteryFit fit;                        ///< of the bank, by the days before `to_s`
    std::vector<std::string> notes;        ///< what makes the record doubtful, as sentences
};

/// Seconds that row `index` stands for.
std::int64_t length_of(const SiteRecord& record, std::size_t index);
/// Seconds without a reading after row `index`, until the next one or the end of the range.
std::int64_t silence_after(const SiteRecord& record, std::size_t index);
/// Seconds of the range that rows stand for, of those before row `end`.
std::int64_t covered_s(const SiteRecord& record, std::size_t end);
/// The run that goes on at this second; null: none. `next_run` counts on from call to call, `at_s` never goes back.
const RecordedRun* run_at(const ReplayedLoad& load, std::int64_t at_s, std::size_t& next_run);
/// The mean draw of its runs; empty: there are none.
std::optional<Watts> typical_draw(const ReplayedLoad& load);

/// `policy` as it can be replayed: orders are carried out, heaters stay as recorded, and PV stands for the weather, which no row has.
Policy replayable(Policy policy);

}  // namespace volt::whatif
