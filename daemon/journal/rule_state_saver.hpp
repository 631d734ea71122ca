// RuleStateSaver: saves the memory of the rules and of the charge limit when it must be on disk.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/journal/energy_counters.hpp"
#include "daemon/site/charge_block.hpp"
#include "drivers/store/store.hpp"
#include "rules/decide.hpp"

namespace volt {

class RuleStateSaver {
public:
    /// Interval for runtimes and temperatures. Important changes are saved at once.
    static constexpr Duration save_every = std::chrono::minutes{15};
    /// Maximum interval for the count of the bank.
    static constexpr Duration save_budget_every = std::chrono::minutes{10};

    /// Adds `energies` to each save; it must outlive this object. Null means there are none.
    explicit RuleStateSaver(const EnergyCounters* energies = nullptr) : energies_(energies) {}

    /// Sets the stored state of the charge limit at the start.
    void begin(const ChargeMemories& charge) { charge_ = charge; }
    /// Saves if needed. Call once a turn. `reported`: a change was reported.
    void keep(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot, const ChargeMemories& charge,
              bool reported, Store& store);
    /// Saves unconditionally. `urgent`: writes to disk at once; `stored` is false until then.
    void save(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot, const ChargeMemories& charge,
              Store& store, bool urgent = true);
    /// Returns true if the last change is on disk.
    bool stored(const Store& store) const;
    /// Returns true if `charge` is on disk, unchanged.
    bool stored(const ChargeMemories& charge, const Store& store) const;

private:
    const EnergyCounters* energies_;
    std::optional<Time> at_;         ///< time of the last save
    std::uint64_t needed_ = 0;       ///< number of the last save caused by a change, or 0 for none
    ChargeMemories charge_;          ///< charge state in the last save
    std::uint64_t fingerprint_ = 0;  ///< fingerprint in the last save
};

}  // namespace volt
