// Cycle: one turn of the loop. Takes new input, builds the snapshot, decides, carries out, records, reports; in this order.
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

/// What a turn works with; all of it outlives the cycle.
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

    /// What the rules knew when the daemon ended last; before the first turn.
    void restore(const std::string& rule_state, Time now, const std::map<std::string, std::int64_t>& run_energies = {});
    /// Another configuration: in force with the next turn. `io` must fit it. From live to shadow only after every load
    /// was ordered off (shadow_transition.hpp).
    void configure(const Config& config);
    /// Orders may go out: always in `live`, and in `shadow` until what ran is off.
    bool commands() const { return config_.control.live || to_shadow_.active(); }
    /// Loads are being switched off on the way to `shadow`.
    bool is_leaving() const { return to_shadow_.loads_go(); }
    /// `io` is about to go: its commands are answered now and in force with the next turn. Other devices are behind
    /// `outputs` from the next configure() on: what was ordered was for those before.
    void hand_over_io(SiteIo& io, const std::vector<std::string>& outputs);
    /// No automatic ON from the next turn on, with the alarm `safe_mode`; an empty text ends it.
    void set_safe_mode(const std::string& text);
    /// In force with the next turn, whether the disk takes it or not. `who` asks for it.
    void set_mode(SiteMode mode, const std::string& who);

    /// One complete turn. `io` is the broker's side as configured.
    void turn(SiteIo& io, Time now);
    /// On an orderly end: outputs to their `on_exit` state, rule state saved.
    /// `loads_off`: loads go off regardless of their `on_exit`.
    void shut_down(SiteIo& io, Time now, bool loads_off = false);
    /// The right to write the charge limits of these devices is about to end: voltd's own block is released as at shutdown.
    /// True: wait for charge().waits() to end. Before configure().
    bool release_charge(Time now, const std::vector<std::string>& devices);
    /// Begins a proof of what stops the charging; empty: it runs, else why not.
    std::string prove_charge();

    /// Copies of all that the next decision is made of. Not before the first turn.
    DecisionInputs decision_inputs() const;
    /// An override, a mode, or another configuration or policy waits for a turn.
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
    Decision decision_;  ///< its `next` goes into the next turn
    TickMemory memory_;  ///< of decide()
    ShadowTransition to_shadow_;
    ChargeBlock charge_;
    TurnJournal journal_;
};

}  // namespace volt
