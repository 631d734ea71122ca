// LeaseTrials: runs the proof of one output's lease over the turns (daemon/site/lease_proof.hpp): who may be tried, the timer of
// the device, what the rules must know, and what came of it. Everything else is the rules': they switch on, and off.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/explain/site_view.hpp"
#include "daemon/site/lease_proof.hpp"
#include "drivers/output.hpp"
#include "drivers/store/rows.hpp"

namespace volt {

/// What a proof that has just ended leaves behind.
struct EndedTrial {
    std::string output, text;
    std::optional<OutputProofRow> row;  ///< proven: to be stored
    bool lacks_dead_man = false;
};

/// Loop thread only.
class LeaseTrials {
public:
    static constexpr Duration shortest = 30s, longest = 300s, usual = 60s;

    /// The newest proof of each output, as stored; before the first turn.
    void restore(const std::vector<OutputProofRow>& rows);
    void configure(const Config& config);
    /// Why no proof of this output can begin; empty: it has begun. `view`: of the last turn. Without a `lease` the usual one, or
    /// that of the configuration where voltd cannot set the timer.
    std::string begin(const SiteView& view, const std::string& output, std::optional<Duration> lease);
    /// For the snapshot of a turn.
    LeaseTrial trial() const { return proof_.wants_trial() ? LeaseTrial{index_, proof_.lease()} : LeaseTrial{}; }
    /// After each turn.
    std::optional<EndedTrial> turn(const SiteView& view, Outputs& outputs);
    const LeaseProof& proof() const { return proof_; }
    /// The newest stored proof of an output, by the dialect that it has now; null: none.
    const OutputProofRow* proven(const OutputConfig& output) const;
    /// Sets `lease_proven` of the outputs whose timer only a test can show; aligned with the configuration.
    void mark_proven(std::vector<OutputReport>& reports) const;

private:
    void update(const SiteView& view);
    EndedTrial end(const SiteView& view, Outputs& outputs);

    LeaseProof proof_;
    std::vector<OutputConfig> outputs_;
    std::map<std::string, OutputProofRow> proven_;  ///< at most the outputs there ever were
    OutputConfig output_;                           ///< that is tried
    Index index_ = no_index;
    std::string load_;
    bool begun_ = false;  ///< and its end is not reported yet
    bool timer_set_ = false;
};

}  // namespace volt
