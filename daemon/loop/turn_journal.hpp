// TurnJournal: what a turn shows and leaves behind. Its view, alarms from outside the rules, log, events, topics and rows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/journal/output_history.hpp"
#include "daemon/journal/rule_state_saver.hpp"
#include "daemon/journal/run_recorder.hpp"
#include "daemon/journal/source_health.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/journal/turn_reporter.hpp"
#include "daemon/loop/lease_trials.hpp"
#include "daemon/loop/settings_in_force.hpp"
#include "daemon/site/snapshot_builder.hpp"
#include "daemon/site/system_alarms.hpp"

namespace volt {

/// The load of an output; empty: none.
std::string user_of(const Policy& policy, Index output);
/// How these settings want values shown.
Shown shown_by(const Settings& settings);

/// One decided turn. Policy, snapshot and decision stay where they are as long as the view is shown.
struct DecidedTurn {
    const Config& config;
    const SettingsInForce& settings;
    const SiteSnapshot& snapshot;
    const LatestReadings& latest;
    const Decision& decision;

    const Policy& policy() const { return settings.policy(); }
};

/// Loop thread only.
class TurnJournal {
public:
    /// `log` and `store` outlive this.
    TurnJournal(Log& log, Store& store, SiteFacts facts);

    /// Saves what the rules and the charge limit controllers remember.
    RuleStateSaver& state() { return state_; }
    /// What the miners have drawn.
    EnergyCounters& energies() { return run_recorder_.energies(); }
    /// An alarm of the process, active until cleared by an empty text (`config_rejected`).
    void set_alarm(AlarmCode code, const std::string& text, const std::string& subject = "", bool critical = false);
    /// Other settings are in force: their changes are logged, and the view is gone.
    void note_settings(const Settings& settings);
    /// The proof of a relay's timer has ended: stored if it is proven, with an alarm if the relay has none.
    void note_trial(const EndedTrial& ended, Utc at);
    /// Who asked for a change that the next turn reports.
    void note_author(const std::string& what, const std::string& subject, const std::string& who) {
        reporter_.note_author(what, subject, who);
    }
    void show_charge(const ChargeFacts& facts);

    /// The turn as the charge limit controllers see it, and whether their state is on disk.
    ChargeTurn charge_turn(const DecidedTurn& turn, const ChargeBlock& charge) const;
    /// Once a turn, last. `alarms`: more of this turn.
    void write(const DecidedTurn& turn, std::vector<SystemAlarm> alarms, ChargeBlock& charge, SiteIo& io);
    /// At the end, or before something that a start must know of.
    void save(const DecidedTurn& turn, const ChargeMemories& charge);

    /// The tick that was decided last; nothing before the first, and after forget_view(). Valid until the next turn.
    const SiteView* view() const { return view_ ? &*view_ : nullptr; }
    /// Policy or configuration are about to be others.
    void forget_view() {
        view_.reset();
        reporter_.forget();
    }
    /// Completed turns since the start.
    std::uint64_t turns() const { return turns_; }
    /// What the API shows of it: the topics as published, with the readings of this turn. Not before the first turn.
    StatusSnapshot status(const Config& config) const;
    Explanations explanations() const;
    /// What the rules remember of the turns, with the overrides, is on the disk.
    bool stored() const { return state_.stored(store_); }

private:
    void make_view(const DecidedTurn& turn, std::vector<SystemAlarm> alarms, const SiteIo& io);
    OutputView output_view(const DecidedTurn& turn, std::size_t output) const;
    std::vector<SystemAlarm> lasting_alarms(const DecidedTurn& turn, const SiteIo& io) const;

    Log& log_;
    Store& store_;
    SiteFacts facts_;
    std::optional<SiteView> view_;
    std::uint64_t turns_ = 0;
    SourceHealthTracker sources_;
    TurnReporter reporter_;
    RunRecorder run_recorder_;
    RuleStateSaver state_{&run_recorder_.energies()};
    OutputHistory output_history_;
    SystemAlarms alarms_;
    std::map<std::string, SystemAlarm> process_alarms_;  ///< by name; as many as its parts set
};

}  // namespace volt
