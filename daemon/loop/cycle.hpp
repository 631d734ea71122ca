// Cycle: one turn of the loop. Takes new input, builds the snapshot, decides, carries out, records and reports, in this order.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/requests.hpp"
#include "daemon/loop/shadow_transition.hpp"
#include "daemon/loop/turn_inputs.hpp"
#include "daemon/loop/turn_journal.hpp"
#include "rules/decide.hpp"

namespace volt {

/// Parts that a turn works with. All of them must outlive the cycle.
struct CycleParts {
    Mailbox& mailbox;
    Store& store;
    Log& log;
    const WallClock& wall;
    std::function<bool()> clock_synchronised;
    const ChargeExchanges& charge;
};

class Cycle {
public:
    Cycle(CycleParts parts, const Config& config, std::shared_ptr<const Settings> settings, SiteFacts facts,
          std::unique_ptr<ZoneClock> zone);

    /// Restores the state that the rules saved before the last exit. Call before the first turn.
    void restore(const std::string& rule_state, Time now, const std::map<std::string, std::int64_t>& run_energies = {});
    /// Applies another configuration from the next turn on. `io` must match it. Switching from live to shadow waits until every
    /// load has been ordered off (shadow_transition.hpp).
    void configure(const Config& config);
    /// Returns true if orders may be sent: always in `live`; in `shadow` until everything that ran is off.
    bool commands() const { return config_.control.live || to_shadow_.active(); }
    /// Returns true while loads are being switched off on the way to `shadow`.
    bool is_leaving() const { return to_shadow_.loads_go(); }
    /// Call before `io` is replaced. Answers its pending commands now and applies them in the next turn. The devices behind
    /// `outputs` change with the next configure(), so earlier orders applied to the old ones.
    void hand_over_io(SiteIo& io, const std::vector<std::string>& outputs);
    /// Blocks automatic ON from the next turn on and raises the alarm `safe_mode`. An empty text ends it.
    void set_safe_mode(const std::string& text);
    /// Sets the mode from the next turn on, even if it cannot be saved. `who` made the request.
    void set_mode(SiteMode mode, const std::string& who);

    /// Runs one complete turn. `io` is the broker side as configured.
    void turn(SiteIo& io, Time now);
    /// Puts outputs in their `on_exit` state and saves the rule state on an orderly exit. `loads_off`: switches loads off
    /// regardless of `on_exit`.
    void shut_down(SiteIo& io, Time now, bool loads_off = false);
    /// Releases voltd's own block, as at shutdown, because it is about to lose the right to write the charge limits of these
    /// devices. Call before configure(). Returns true if the caller must wait until charge().waits() is false.
    bool release_charge(Time now, const std::vector<std::string>& devices);
    /// Starts a proof that charging can be stopped. Returns an empty string if it runs, or the reason it cannot.
    std::string prove_charge();

    /// Returns copies of everything that the next decision is based on. Call only after the first turn.
    DecisionInputs decision_inputs() const;
    /// Returns true if an override, mode, configuration or policy is waiting for a turn.
    bool has_requests(const SiteIo& io) const {
        return inputs_.requests().waits() || io.has_commands() || journal_.view() == nullptr;
    }
    TurnInputs& inputs() { return inputs_; }
    SettingsInForce& settings() { return settings_; }
    TurnJournal& journal() { return journal_; }
    const ChargeBlock& charge() const { return charge_; }

private:
    void go_to_shadow(Outputs& outputs);
    DecidedTurn decided() const { return {config_, settings_, inputs_.snapshot(), inputs_.latest(), decision_}; }

    Store& store_;
    Log& log_;
    Config config_;
    SettingsInForce settings_;
    TurnInputs inputs_;
    Decision decision_;  ///< its `next` is passed to the next turn
    TickMemory memory_;  ///< memory of decide()
    ShadowTransition to_shadow_;
    ChargeBlock charge_;
    TurnJournal journal_;
};

}  // namespace volt
