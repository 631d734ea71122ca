// RuleState: everything the rules remember between ticks, composed of the states of the parts.
//
// Contract: a default-constructed RuleState knows nothing yet (unknown is not off). Entries of loads, outputs and zones carry the
// id of their owner, so that `decide` can align them when the policy changes. Times are monotonic;
// daemon/journal/rule_state_codec turns them into UTC for the store and back into ages at start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/battery/charge.hpp"
#include "rules/battery/stage.hpp"
#include "rules/memory/loads.hpp"
#include "rules/memory/output_memory.hpp"
#include "rules/memory/site.hpp"
#include "rules/readings/readings.hpp"
#include "rules/zones/zones.hpp"

namespace volt {

struct RuleState {
    std::uint64_t policy_revision = 0;
    std::optional<Time> started;  ///< first tick since the daemon started
    ReadingsState readings;
    StageState stage;
    std::vector<LoadMemory> loads;  ///< aligned with the loads of the policy after the first tick
    /// In `shadow`: the real loads as of its start, with the current reports of their outputs as `state`; the runs in `loads` are
    /// imagined. Empty while live.
    std::vector<LoadMemory> real;
    std::vector<OutputMemory> outputs;
    std::vector<ZoneState> zones;
    /// Memories of removed rows, newest last, at most limits::removed_kept each. A row that an undo restores gets back its
    /// override, rest and starts.
    std::vector<LoadMemory> removed_loads;
    std::vector<ZoneState> removed_zones;
    ChargeState charge;
    SiteMemory site;
};

}  // namespace volt
