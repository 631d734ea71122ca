// TurnJournal: reports and stores the result of a turn: its view, system alarms, log, events, topics and rows.
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

/// Returns the load of an output, or an empty string if there is none.
std::string user_of(const Policy& policy, Index output);
/// Returns how values are displayed under these settings.
Shown shown_by(const Settings& settings);

/// One decided turn. Policy, snapshot and decision must not move while the view is in use.
struct DecidedTurn {
    const Config& config;
    const SettingsInForce& settings;
    const SiteSnapshot& snapshot;
    const LatestReadings& latest;
    const Decision& decision;

    const Policy& policy() const { return settings.policy(); }
};

/// Use on the loop thread only.
class TurnJournal {
public:
    /// `log` and `store` must outlive this object.
    TurnJournal(Log& log, Store& store, SiteFacts facts);

    /// Saves the memory of the rules and the charge limit controllers.
    RuleStateSaver& state() { return state_; }
    /// Returns the energy that the miners have used.
    EnergyCounters& energies() { return run_recorder_.energies(); }
    /// Sets an alarm of the process (`config_rejected`). It is active until an empty text clears it.
    void set_alarm(AlarmCode code, const std::string& text, const std::string& subject = "", bool critical = false);
    /// Logs the changes of new settings and discards the view.
    void note_settings(const Settings& settings);
    /// Records the end of a relay timer's proof. Stores it if proven; raises an alarm if the relay has no timer.
    void note_trial(const EndedTrial& ended, Utc at);
    /// Notes who requested a change that the next turn reports.
    void note_author(const std::string& what, const std::string& subject, const std::string& who) {
        reporter_.note_author(what, subject, who);
    }
    void show_charge(const ChargeFacts& facts);

    /// Returns the turn as the charge limit controllers see it, including whether their state is on disk.
    ChargeTurn charge_turn(const DecidedTurn& turn, const ChargeBlock& charge) const;
    /// Writes the turn. Call once a turn, last. `alarms`: more alarms of this turn.
    void write(const DecidedTurn& turn, std::vector<SystemAlarm> alarms, ChargeBlock& charge, SiteIo& io);
    /// Saves the state at exit, or before a step that the next start must know about.
    void save(const DecidedTurn& turn, const ChargeMemories& charge);

    /// Returns the last decided tick, or null before the first one and after forget_view(). Valid until the next turn.
    const SiteView* view() const { return view_ ? &*view_ : nullptr; }
    /// Discards the view before policy or configuration change.
    void forget_view() {
        view_.reset();
        reporter_.forget();
    }
    /// Returns the number of completed turns since the start.
    std::uint64_t turns() const { return turns_; }
    /// Returns the status for the API: the published topics with the readings of this turn. Call only after the first turn.
    StatusSnapshot status(const Config& config) const;
    Explanations explanations() const;
    /// Returns true if the state of the rules, overrides included, is on the disk.
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
    std::map<std::string, SystemAlarm> process_alarms_;  ///< by name; bounded by the parts that set them
};

}  // namespace volt
