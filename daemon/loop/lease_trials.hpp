// LeaseTrials: runs the proof of one output's lease over several turns (daemon/site/lease_proof.hpp). It decides who may be
// tried, sets the device's timer, informs the rules and keeps the result. Only the rules switch the output on and off.
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

/// Result of a proof that has just ended.
struct EndedTrial {
    std::string output, text;
    std::optional<OutputProofRow> row;  ///< proven: row to store
    bool lacks_dead_man = false;
};

/// Use on the loop thread only.
class LeaseTrials {
public:
    static constexpr Duration shortest = 30s, longest = 300s, usual = 60s;

    /// Restores the newest stored proof of each output. Call before the first turn.
    void restore(const std::vector<OutputProofRow>& rows);
    void configure(const Config& config);
    /// Starts a proof of this output. Returns an empty string if it runs, or the reason it cannot. `view` is of the last turn.
    /// Without `lease` it uses the default, or the configured one if voltd cannot set the timer.
    std::string begin(const SiteView& view, const std::string& output, std::optional<Duration> lease);
    /// Returns the trial for the snapshot of a turn.
    LeaseTrial trial() const { return proof_.wants_trial() ? LeaseTrial{index_, proof_.lease()} : LeaseTrial{}; }
    /// Advances the proof. Call after each turn. Returns the result when the proof ends.
    std::optional<EndedTrial> turn(const SiteView& view, Outputs& outputs);
    const LeaseProof& proof() const { return proof_; }
    /// Returns the newest stored proof of an output for its current dialect, or null if there is none.
    const OutputProofRow* proven(const OutputConfig& output) const;
    /// Sets `lease_proven` of the outputs whose timer only a test can confirm. `reports` is aligned with the configuration.
    void mark_proven(std::vector<OutputReport>& reports) const;

private:
    void update(const SiteView& view);
    EndedTrial end(const SiteView& view, Outputs& outputs);

    LeaseProof proof_;
    std::vector<OutputConfig> outputs_;
    std::map<std::string, OutputProofRow> proven_;  ///< at most one for each output that was ever configured
    OutputConfig output_;                           ///< the output under test
    Index index_ = no_index;
    std::string load_;
    bool begun_ = false;  ///< a proof has begun and its end is not reported yet
    bool timer_set_ = false;
};

}  // namespace volt
