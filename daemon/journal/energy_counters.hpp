// EnergyCounters: energy of each miner by its meter, in counters that survive a restart and a rename.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "rules/policy.hpp"

namespace volt {

class EnergyCounters {
public:
    /// Restores the counters from the saved rule state at the start. If it has none, starts from the runs so far, in Wh by slug.
    void begin(const std::string& rule_state, const Policy& policy, const std::map<std::string, std::int64_t>& runs);
    /// Adds the energy of a miner that drew `power` for `time`.
    void add(const Miner& miner, Watts power, Duration time);
    /// Returns the energy in Wh, or nothing if it was never measured.
    std::optional<std::int64_t> of(const Miner& miner) const;
    /// Returns Wh by UUID, to be saved.
    std::map<std::string, std::int64_t> saved() const;

    /// Maximum number of counters; further miners have none. A removed miner keeps its counter, because the removal may be
    /// undone.
    static constexpr std::size_t most = 1024;

private:
    std::map<std::string, std::int64_t> drawn_;  ///< watts times milliseconds, by UUID
};

/// Key of the rule state that holds the counters.
inline constexpr const char* energy_key = "energy_wh";

}  // namespace volt
