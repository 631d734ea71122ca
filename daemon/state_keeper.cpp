#include "daemon/state_keeper.hpp"

#include "daemon/digest.hpp"
#include "daemon/rule_state.hpp"

namespace volt {

void StateKeeper::keep(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot,
                       const ChargeMemories& charge, bool told, Store& store) {
    const std::uint64_t digest = digest_of(state);
    const bool changed = told || digest != digest_ || charge != charge_;
    digest_ = digest;
    const Duration every = policy.preferences.bank_wh ? save_budget_every : save_every;
    if (changed || !at_ || snapshot.now - *at_ >= every) save(state, policy, snapshot, charge, store, changed);
}

void StateKeeper::save(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot,
                       const ChargeMemories& charge, Store& store, bool urgent) {
    at_ = snapshot.now;
    charge_ = charge;
    const Moment moment{snapshot.now, snapshot.utc, snapshot.clock_trusted};
    const std::uint64_t number = store.save_rule_state(encode_rule_state(state, policy, moment, charge), snapshot.utc, urgent);
    if (urgent) needed_ = number;
}

bool StateKeeper::stored(const ChargeMemories& charge, const Store& store) const {
    return charge_ == charge && stored(store);
}

bool StateKeeper::stored(const Store& store) const {
    return store.health().rule_state >= needed_;
}

}  // namespace volt
