// Report of shadow mode: what voltd would have done. Pure: from facts to a report.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/ctl/shadow/shadow_facts.hpp"
#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::shadow {

inline constexpr std::size_t most_gates_shown = 3;
inline constexpr double least_covered_percent = 90;  ///< below it, the report says so first

struct ShadowLoad {
    std::string load, name, kind;  ///< kind: miner, heater, fan
    Watts draw{};                  ///< 0: unknown, for fans
    std::vector<CountedRun> would;
    LoadTally tally;                                            ///< tally of `would`, at `draw`
    std::optional<std::vector<CountedRun>> really;              ///< by the reports of its output, or empty if it never changed
    std::vector<std::pair<std::string, std::int64_t>> blocked;  ///< gates that blocked longest, in seconds, longest first
};

/// Seconds of the range with a usable row. `all`: all of them at once.
struct Covered {
    std::int64_t voltage_s = 0, power_s = 0, clock_s = 0, all_s = 0;
    std::int64_t of_s = 0;
};

struct ShadowReport {
    CountedRange range, seen;  ///< seen: the end of the range, for which readings are stored
    Covered covered;
    std::vector<ShadowLoad> loads;
    std::optional<Volts> lowest, lowest_with_loads;
    std::vector<std::pair<std::string, std::int64_t>> stages;  ///< seconds, in the order of the rules
    std::vector<std::string> noticed, notes;                   ///< sentences
};

ShadowReport shadow_report(const ShadowFacts& facts);

/// Returns the object of `voltctl shadow --json`.
Json shadow_json(const ShadowReport& report);
/// Returns the report for people.
std::vector<std::string> shadow_lines(const Json& report, const Paint& paint);

}  // namespace volt::ctl::shadow
