#include "daemon/state_keeper.hpp"

#include "daemon/digest.hpp"
#include "daemon/rule_state.hpp"

namespace volt {

void StateKeeper::keep(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot,
                       const ChargeMemory& charge, bool told, Store& store) {
    const std::uint64_t digest = digest_of(state);
    const bool changed = told || digest != digest_ || charge != charge_;
    digest_ = digest;
    if (changed || !at_ || snapshot.now - *at_ >= save_every) save(state, policy, snapshot, charge, store);
}

void StateKeeper::save(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot,
                       const ChargeMemory& charge, Store& store) {
    at_ = snapshot.now;
    utc_ = snapshot.utc;
    charge_ = charge;
    const Moment moment{snapshot.now, snapshot.utc, snapshot.clock_trusted};
    store.save_rule_state(encode_rule_state(state, policy, moment, charge), snapshot.utc);
}

bool StateKeeper::stored(const ChargeMemory& charge, const Store& store) const {
    return charge_ == charge && stored(store);
}

bool StateKeeper::stored(const Store& store) const {
    return !at_ || store.health().rule_state_at == utc_;
}

}  // namespace volt
