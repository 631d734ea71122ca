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
    /// For runtimes and temperatures; important changes are saved at once.
    static constexpr Duration save_every = std::chrono::minutes{15};
    /// The count of the bank is saved at least this often.
    static constexpr Duration save_budget_every = std::chrono::minutes{10};

    /// `energies` go along with each save, and must outlive this; null: there are none.
    explicit RuleStateSaver(const EnergyCounters* energies = nullptr) : energies_(energies) {}

    /// At the start: the stored state of the charge limit.
    void begin(const ChargeMemories& charge) { charge_ = charge; }
    /// Once a turn; `reported`: a change was reported.
    void keep(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot, const ChargeMemories& charge,
              bool reported, Store& store);
    /// Saves unconditionally. `urgent`: write to disk at once; `stored` is false until then.
    void save(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot, const ChargeMemories& charge,
              Store& store, bool urgent = true);
    /// The last change is on disk.
    bool stored(const Store& store) const;
    /// `charge` is on disk, unchanged.
    bool stored(const ChargeMemories& charge, const Store& store) const;

private:
    const EnergyCounters* energies_;
    std::optional<Time> at_;         ///< of the last save
    std::uint64_t needed_ = 0;       ///< number of the last save that was due to a change; 0: none
    ChargeMemories charge_;          ///< in the last save
    std::uint64_t fingerprint_ = 0;  ///< of the state in the last save
};

}  // namespace volt
