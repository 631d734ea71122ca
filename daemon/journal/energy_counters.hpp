// EnergyCounters: what each miner has drawn by its meter, as counters that outlive a restart and a rename.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "rules/policy.hpp"

namespace volt {

class EnergyCounters {
public:
    /// At the start, from the rule state as it was saved, and for a text without counters from the runs so far, in Wh by slug.
    void begin(const std::string& rule_state, const Policy& policy, const std::map<std::string, std::int64_t>& runs);
    /// The miner drew this much for so long.
    void add(const Miner& miner, Watts power, Duration time);
    /// Wh; empty: nothing was ever measured.
    std::optional<std::int64_t> of(const Miner& miner) const;
    /// In Wh by UUID, to be saved.
    std::map<std::string, std::int64_t> saved() const;

    /// A removed miner's counter is kept, as its removal may be undone; beyond this, further miners have none.
    static constexpr std::size_t most = 1024;

private:
    std::map<std::string, std::int64_t> drawn_;  ///< watts times milliseconds, by UUID
};

/// The key of the rule state that holds the counters.
inline constexpr const char* energy_key = "energy_wh";

}  // namespace volt
