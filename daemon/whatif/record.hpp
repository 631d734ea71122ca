// Record of a past time range: stored rows, runs, overrides and settings, as the replay uses them.
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

inline constexpr std::int64_t longest_row_s = 30;                    ///< maximum time that a stored row covers
inline constexpr std::int64_t longest_silence_s = 300;               ///< a longer one means that a load is off: no lease, or no
                                                                     ///< power
inline constexpr std::int64_t least_range_s = 3600;                  ///< minimum range of a question
inline constexpr std::int64_t longest_range_s = 72 * 3600;           ///< age limit of raw rows: 259,200 ticks
inline constexpr std::int64_t longest_lead_s = 24 * 3600;            ///< before the range, to begin while every load was off
inline constexpr std::size_t most_policies = 200, most_loads = 256;  ///< maximum settings changes; maximum miners

/// Stored row: means of up to longest_row_s, and the minimum voltage.
struct HeldRow {
    std::int64_t at_s = 0;                              ///< start, seconds since 1970 UTC
    LocalTime local;                                    ///< local time of `at_s`
    std::optional<SunOfDay> sun;                        ///< sun of that day, if the location is known
    std::vector<std::optional<Volts>> voltages, least;  ///< by voltage source of the policy
    std::optional<Watts> battery, pv, load, grid;       ///< battery: positive while charging
    std::vector<std::optional<Celsius>> temperatures;   ///< by SiteRecord::sensors
};

/// Span in which a miner ran.
struct RecordedRun {
    std::int64_t from_s = 0, to_s = 0;
    Watts draw{};              ///< energy divided by time; nominal if unknown
    bool end_unknown = false;  ///< not stored: voltd or its power ended first, or the load still runs
};

/// Miner of the range, including disabled and removed ones.
struct ReplayedLoad {
    std::string id, slug, name;  ///< newest slug and name
    std::vector<RecordedRun> runs;
    bool needs_sunny = false;  ///< it may have waited for weather, which is not recorded
};

/// Settings from a moment on.
struct PolicySince {
    std::int64_t from_s = 0;
    Policy policy;
};
/// Policies by time. The first one also covers the time before it.
using PolicyLine = std::vector<PolicySince>;

/// Override that started or ended (`automatic`).
struct OverrideSince {
    std::int64_t at_s = 0;
    std::string load;  ///< in the format of find_target()
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;
};

struct SiteRecord {
    std::int64_t from_s = 0, to_s = 0;     ///< range in question; earlier rows only lead in
    std::vector<HeldRow> rows;             ///< by time
    std::vector<std::string> sensors;      ///< recorded ones, by name
    std::vector<ReplayedLoad> loads;       ///< at most most_loads
    std::vector<OverrideSince> overrides;  ///< by time, including those before the first row
    std::vector<LoadMemory> learned;       ///< key and learned sag of each load
    BudgetMemory budget;                   ///< learned days of sun and house
    std::int64_t resistance_mohm = 10;     ///< learned value, else as set
    BatteryFit fit;                        ///< fit of the bank from the days before `to_s`
    std::vector<std::string> notes;        ///< reasons to doubt the record, as sentences
};

/// Returns the seconds that row `index` covers.
std::int64_t length_of(const SiteRecord& record, std::size_t index);
/// Returns the seconds without a reading after row `index`, until the next one or the end of the range.
std::int64_t silence_after(const SiteRecord& record, std::size_t index);
/// Returns the seconds of the range that the rows before row `end` cover.
std::int64_t covered_s(const SiteRecord& record, std::size_t end);
/// Returns the run at this second, or null if there is none. `next_run` advances from call to call; `at_s` must never decrease.
const RecordedRun* run_at(const ReplayedLoad& load, std::int64_t at_s, std::size_t& next_run);
/// Returns the mean draw of its runs, or nothing if there are none.
std::optional<Watts> typical_draw(const ReplayedLoad& load);

/// Returns `policy` prepared for a replay: orders are carried out, heaters remain as recorded, and PV replaces the weather, which
/// no row has.
Policy replayable(Policy policy);

}  // namespace volt::whatif
