#include "daemon/journal/rule_state_saver.hpp"

#include "daemon/journal/change_fingerprint.hpp"
#include "daemon/journal/rule_state_codec.hpp"

namespace volt {

void RuleStateSaver::keep(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot,
                          const ChargeMemories& charge, bool reported, Store& store) {
    const std::uint64_t fingerprint = fingerprint_of(state);
    const bool changed = reported || fingerprint != fingerprint_ || charge != charge_;
    fingerprint_ = fingerprint;
    const Duration every = policy.preferences.bank_wh ? save_budget_every : save_every;
    if (changed || !at_ || snapshot.now - *at_ >= every) save(state, policy, snapshot, charge, store, changed);
}

void RuleStateSaver::save(const RuleState& state, const Policy& policy, const SiteSnapshot& snapshot,
                          const ChargeMemories& charge, Store& store, bool urgent) {
    at_ = snapshot.now;
    charge_ = charge;
    const Moment moment{snapshot.now, snapshot.utc, snapshot.clock_trusted};
    const auto energies = energies_ != nullptr ? energies_->saved() : std::map<std::string, std::int64_t>();
    const std::uint64_t number =
        store.save_rule_state(encode_rule_state(state, policy, moment, charge, energies), snapshot.utc, urgent);
    if (urgent) needed_ = number;
}

bool RuleStateSaver::stored(const ChargeMemories& charge, const Store& store) const { return charge_ == charge && stored(store); }

bool RuleStateSaver::stored(const Store& store) const { return store.health().rule_state >= needed_; }

}  // namespace volt
