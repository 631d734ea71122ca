// Comparison: a recorded range as it was, replayed as is, and replayed with changed settings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/whatif/replay_site.hpp"

namespace volt::whatif {

inline constexpr std::size_t most_differences = 50;

/// Load in the three columns.
struct ComparedLoad {
    LoadTally recorded, as_is, changed;
    std::int64_t agreeing_minutes = 0;
    std::int64_t least_on_s = 0, most_on_s = 0;  ///< bounds of `changed`, by the bank's charge and by what the silences hide
    bool known = true;                           ///< the bounds are close
};

/// Order that only one of the two replays gave.
struct Difference {
    ReplayedDecision decision;
    bool changed = false;  ///< from the changed settings, else as is
};

struct ComparedRange {
    std::int64_t covered_to_s = 0, covered_s = 0;  ///< seconds of the range that were replayed
    std::int64_t silent_s = 0;                     ///< replayed seconds without a reading
    std::int64_t minutes = 0, agreeing_minutes = 0;
    std::vector<ComparedLoad> loads;  ///< order of SiteRecord::loads
    std::optional<Volts> lowest_recorded, lowest_as_is, lowest_changed;
    std::vector<Difference> differences;  ///< the first most_differences
};

class Comparison {
public:
    /// `record` must outlive it and have at least one row. If `changed` is empty, replays only as is.
    Comparison(const SiteRecord& record, const PolicyLine& as_is, const PolicyLine& changed);
    /// Replays one more row. Returns false if there is none.
    bool step();
    /// Returns the result of the rows replayed so far.
    ComparedRange answer() const;
    const ReplayResult& as_is() const { return as_is_->result(); }
    /// Returns null if nothing was changed.
    const ReplayResult* changed() const { return changed_ ? &changed_->result() : nullptr; }

private:
    static void widen_by_silence(ComparedRange& range);
    void compare_minutes(ComparedRange& range) const;
    void tally_recorded(ComparedRange& range) const;
    void tally_load(std::size_t load, ComparedLoad& into) const;

    const SiteRecord& record_;
    std::size_t next_ = 0;
    std::unique_ptr<SiteReplay> as_is_, changed_, by_sag_;
};

/// Returns true if two run times of a load are within 10 % or six minutes.
bool close_run_times(std::int64_t one_s, std::int64_t other_s);

}  // namespace volt::whatif
