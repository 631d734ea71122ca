// RuleStateSaver: has what the rules remember, and the charge carrier with it, on the disk when it must be there.
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/site/charge_block.hpp"
#include "drivers/store/store.hpp"
#include "rules/decide.hpp"

namespace volt {

class RuleStateSaver {
public:
    /// What changed at once is saved at once; this is for runtimes and temperatures.
    static constexpr Duration save_every = std::chrono::minutes{15};
    /// What was counted of the bank may be lost for no longer.
    static constexpr Duration save_budget_every = std::chrono::minutes{10};

    /// At the start: what the carriers had stored.
    void begin(const ChargeMemories& charge) { charge_ = charge; }
    /// Once a turn; `told`: a change was reported.
    void keep(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot, const ChargeMemories& charge, bool told,
              Store& store);
    /// Whatever was saved before. `urgent`: on the disk at once, and nothing is `stored` before it is.
    void save(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot, const ChargeMemories& charge,
              Store& store, bool urgent = true);
    /// What changed last is on the disk.
    bool stored(const Store& store) const;
    /// `charge` is on the disk as it is.
    bool stored(const ChargeMemories& charge, const Store& store) const;

private:
    std::optional<Time> at_;    ///< saved last
    std::uint64_t needed_ = 0;  ///< number of what was saved last because it had changed; 0: nothing was
    ChargeMemories charge_;     ///< in that
    std::uint64_t digest_ = 0;  ///< of the state in that
};

}  // namespace volt
