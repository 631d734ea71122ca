// Cycle: one turn of the loop. Takes new input, freezes it, decides, carries out, records, reports; in this order.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/host/clock.hpp"
#include "daemon/host/log.hpp"
#include "daemon/journal/output_history.hpp"
#include "daemon/journal/rule_state_saver.hpp"
#include "daemon/journal/run_recorder.hpp"
#include "daemon/journal/source_health.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/journal/turn_reporter.hpp"
#include "daemon/loop/request_queue.hpp"
#include "daemon/loop/requests.hpp"
#include "daemon/loop/settings_in_force.hpp"
#include "daemon/loop/shadow_transition.hpp"
#include "daemon/loop/tick_phase.hpp"
#include "daemon/loop/wall_watch.hpp"
#include "daemon/site/charge_block.hpp"
#include "daemon/site/mailbox.hpp"
#include "daemon/site/site_io.hpp"
#include "drivers/store/store.hpp"
#include "rules/decide.hpp"

namespace volt {

/// What a turn works with; all of it outlives the cycle.
struct CycleParts {
    Mailbox& mailbox;
    Store& store;
    Log& log;
    const WallClock& wall;
    std::function<bool()> clock_synchronised;
    const ChargeDesks& charge;
};

class Cycle {
public:
    Cycle(CycleParts parts, const Config& config, std::shared_ptr<const Settings> settings, SiteFacts facts,
          std::unique_ptr<ZoneClock> zone);

    /// What the rules knew when the daemon ended last; before the first turn.
    void restore(const std::string& rule_state, Time now);
    /// Time of the newest stored row, before restore(): a wall that is earlier is not trusted.
    void know_newest_row(Utc newest) { clock_.know_newest_row(newest); }
    /// Another configuration: in force with the next turn. `field` must fit it. From live to shadow only after every load
    /// was ordered off (leaving.hpp).
    void configure(const Config& config);
    /// Orders may go out: always in `live`, and in `shadow` until what ran is off.
    bool commands() const { return config_.control.live || to_shadow_.active(); }
    /// The zone of that name; no clock: unknown zone, the previous one stays, with an alarm.
    void use_zone(const std::string& name, std::unique_ptr<ZoneClock> clock);
    /// Other devices are behind these outputs from the next configure() on: what was ordered was for those before.
    void forget_orders_of(const std::vector<std::string>& outputs);
    /// These outputs are on their way out, until configure(): they get no ON any more, and the rules see them as they are now.
    void part_from(const std::vector<std::size_t>& outputs);
    /// Commands that came over a `field` that is about to go: answered now, in force with the next turn.
    void keep_commands(SiteIo& field);
    /// An alarm of the process, active until cleared by an empty text (`config_rejected`).
    void set_trouble(const std::string& code, const std::string& text, const std::string& subject = "", bool critical = false);
    /// No automatic ON from the next turn on, with the alarm `safe_mode`; an empty text ends it.
    void set_safe_mode(const std::string& text);
    bool safe_mode() const { return snapshot_.safe_mode; }

    /// One complete turn. `field` is the broker's side as configured.
    void turn(SiteIo& field, Time now);
    /// On an orderly end: outputs to their `on_exit` state, rule state saved.
    /// `loads_off`: loads go off regardless of their `on_exit`.
    void shut_down(SiteIo& field, Time now, bool loads_off = false);
    /// Loads are being switched off on the way to `shadow`.
    bool is_leaving() const { return to_shadow_.loads_go(); }
    /// The right to write the charge limits of these devices is about to end: a block of ours is put back as at the end.
    /// True: wait for waits_for_charge() to end. Before configure().
    bool release_charge(Time now, const std::vector<std::string>& devices);

    /// A charge limit is being restored, and its device has not accepted it yet. After shut_down().
    bool waits_for_charge(Time now) const { return charge_.waits(now); }
    /// Begins a proof of what stops the charging; empty: it runs, else why not.
    std::string prove_charge();

    /// The tick that was decided last; nothing before the first. Valid until the next turn.
    const SiteView* view() const { return view_ ? &*view_ : nullptr; }
    /// Completed turns since the start.
    std::uint64_t turns() const { return turns_; }
    /// What the API shows of it. Not before the first turn.
    StatusSnapshot page() const;
    /// Copies of all that the next decision is made of. Not before the first turn.
    DecisionInputs frame() const { return {config_, settings_.settings(), policy(), snapshot_, decision_.next}; }
    /// What the rules remember of the turns, with the overrides, is on the disk.
    bool stored() const { return state_.stored(parts_.store); }
    /// Somebody's wish, made to fit the settings of the next turn; false: too many wait.
    bool wish(const NamedOverride& wish) { return requests_.add(wish); }
    /// In force with the next turn, whether the disk takes it or not.
    void set_mode(SiteMode mode);
    /// The settings' time zone, for the housekeeper, when it changed.
    std::optional<std::string> take_wanted_zone() { return settings_.take_wanted_zone(); }
    Duration tick() const { return config_.control.tick; }
    /// When the newest reading of the voltage that decides came in; nothing while there is none.
    std::optional<Arrival> voltage_arrived() const;

private:
    void take_settings();
    void note_changes();
    bool clock_trusted(Utc utc, Time now);
    void read_clock(Time now);
    void freeze(SiteIo& field, Time now);
    void carry_out(Outputs& outputs);
    void go_to_shadow(Outputs& outputs);
    ChargeTurn charge_turn() const;
    void log_charge_notes();
    void look(SiteIo& field);
    OutputView output_view(std::size_t output) const;
    const Policy& policy() const { return settings_.policy(); }
    Moment moment() const { return {snapshot_.now, snapshot_.utc, snapshot_.clock_trusted}; }

    CycleParts parts_;
    Config config_;
    SettingsInForce settings_;
    SiteFacts facts_;
    SiteSnapshot snapshot_;
    std::uint64_t turns_ = 0;  ///< completed
    Decision decision_;        ///< its `next` goes into the next turn
    RequestQueue requests_;
    std::optional<SiteView> view_;
    WallWatch clock_;
    SourceHealthTracker sources_;
    TurnReporter reporter_;
    RuleStateSaver state_;
    RunRecorder run_recorder_;
    OutputHistory output_history_;
    ShadowTransition to_shadow_;
    std::vector<std::string> left_on_;  ///< may be on since voltd went to shadow: an alarm each
    ChargeBlock charge_;
    std::map<std::size_t, OutputReport> parting_;  ///< as they were; at most the outputs there are
    SystemAlarms alarms_;
    std::map<std::pair<std::string, std::string>, SystemAlarm> troubles_;  ///< of the process, by code and subject
    LatestReadings slots_;
};

}  // namespace volt
