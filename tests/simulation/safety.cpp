#include "tests/simulation/safety.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "rules/names.hpp"

namespace volt::simulation {

namespace {

constexpr std::int64_t heater_rest_s = 300;
constexpr std::size_t heater_starts = 6;
constexpr std::int64_t slack_w = 700;  // margin for hystereses, and for changes of the house between two readings
constexpr std::int64_t stale_s = 40;   // maximum age of a serving source; the disagreement alarm takes 60 s
constexpr std::int64_t drain_s = 240;  // time to notice it, and to try OFF until it is confirmed
constexpr std::int64_t budget_stop_s = 300, bridge_s = 3600;
constexpr std::int64_t back_in_order_s = 3600 + 600;  // time until the powers add up again, including the means
constexpr std::int64_t liar_cv = 110;                 // below 1.0 V two sources do not disagree

std::int64_t seconds(Duration time) { return time.count() / 1000; }

bool ended_badly(Reason r) {
    return r == Reason::voltage || r == Reason::power || r == Reason::sun || r == Reason::excess || r == Reason::preempted ||
           r == Reason::emergency || r == Reason::critical;
}

bool runs(Reason r) { return r >= Reason::running && r <= Reason::heat; }

}  // namespace

Safety::Safety(const Policy& policy)
    : miners_(policy.miners.size()),
      owner_(policy.outputs.size(), load_count(policy)),
      output_(load_count(policy), no_index),
      watched_(load_count(policy)),
      fan_ordered_(policy.zones.size()) {
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        output_[i] = i < miners_ ? policy.miners[i].output : policy.zones[i - miners_].heater;
        if (output_[i] != no_index) owner_[static_cast<std::size_t>(output_[i])] = i;
    }
}

const char* Safety::name_of(const Policy& policy, std::size_t load) const {
    return (load < miners_ ? policy.miners[load].slug : policy.zones[load - miners_].slug).c_str();
}

/// Forgets state that the daemon did not store: it may differ after a restart.
void Safety::forget_daemon() {
    blind_since_.reset();
    for (Watched& w : watched_) {
        w.waiting_since.reset();
        w.on_battery_since.reset();
        w.unplanned_since.reset();
        w.ordered.reset();
    }
    for (auto& fan : fan_ordered_) fan.reset();
}

void Safety::see_blindness(const Tick& t) {
    if (t.decision.battery.voltage) blind_since_.reset();
    else if (!blind_since_) blind_since_ = t.now;
}

/// Notes overrides, external switching and settings changes, which property 12 exempts.
void Safety::see_happenings(const Tick& t) {
    for (const Happening& one : *t.truth.begun) {
        if (one.what == What::override_load) watched_[static_cast<std::size_t>(one.target)].exempt_until = one.until_s + hour_s;
        if (one.what == What::foreign_hand || one.what == What::output_reboot)
            if (const std::size_t load = owner_[static_cast<std::size_t>(one.target)]; load < watched_.size())
                watched_[load].exempt_until = t.now + 2 * hour_s + 60;
        if (one.what == What::settings_changed)
            for (Watched& w : watched_) w.exempt_until = std::max(w.exempt_until, one.until_s + hour_s);
    }
}

/// Checks that the deciding voltage is the bank's while no source lies.
void Safety::check_voltage(const Tick& t) const {
    const std::int64_t bent = std::max(t.truth.source_until_s[0], t.truth.source_until_s[1]);
    if (t.now < bent + stale_s || t.now < daemon_since_ + 10 || t.now < t.truth.output_until_s) return;
    const std::optional<Volts> v = t.decision.battery.voltage;
    const bool same = v && std::abs(v->steps - t.truth.shown.volts_cv) <= 200;
    if (!same)
        t.violations.add("voltage", t.now, 0,
                         fmt::format("the bank shows {} cV, the rules use {}", t.truth.shown.volts_cv, v ? v->steps : -1));
}

void Safety::check_on(const Tick& t, const Command& command, std::size_t load) {
    const std::optional<Volts> v = t.decision.battery.voltage;
    const Preferences& p = t.policy.preferences;
    if (v && *v <= std::max(p.critical_low, p.shutdown))
        t.violations.add("1 critical", t.now, load, fmt::format("ON at {} cV", v->steps));
    if (v && load < miners_ && *v <= t.policy.miners[load].emergency)
        t.violations.add("1 emergency", t.now, load, fmt::format("ON at {} cV", v->steps));
    if (blind_since_ && t.now - *blind_since_ >= seconds(t.policy.control.blind_grace))
        t.violations.add("4 blind", t.now, load, fmt::format("ON after {} s blind", t.now - *blind_since_));
    if (!t.decision.verdicts[load].wanted) t.violations.add("8 unwanted", t.now, load, "ON for a load that should be off");
    if (load < miners_ || command.renewal) return;
    if (fan_ordered_[load - miners_].value_or(false))
        t.violations.add("7 heater", t.now, load, "heater ON while its fan is ordered on");
}

void Safety::check_fan(const Tick& t, const Command& command) {
    for (std::size_t zone = 0; zone < t.policy.zones.size(); ++zone) {
        if (t.policy.zones[zone].fan != command.output) continue;
        fan_ordered_[zone] = command.on;
        if (command.on && watched_[miners_ + zone].ordered.value_or(false))
            t.violations.add("7 fan", t.now, miners_ + zone, "fan ON while the heater is ordered on");
    }
}

void Safety::note_order(const Tick& t, const Command& command, std::size_t load) {
    Watched& w = watched_[load];
    const bool turned = !command.renewal && !command.retry && w.ordered != command.on;
    w.ordered = command.on;
    if (!turned) return;
    last_switch_ = t.now;
    w.turns.push_back(t.now);
    while (t.now - w.turns.front() >= hour_s) w.turns.pop_front();
    if (t.now < w.exempt_until) return;
    const std::size_t starts =
        load < miners_ ? static_cast<std::size_t>(t.policy.miners[load].max_starts_per_hour) : heater_starts;
    if (w.turns.size() > 2 * starts + 1)
        t.violations.add("12 changes", t.now, load, fmt::format("{} changes in an hour", w.turns.size()));
}

/// Checks a command. Commands to loads come first: the heater's OFF precedes the fan's ON of the same tick.
void Safety::check_command(const Tick& t, const Command& command) {
    const std::size_t load = load_of(command.output);
    if (load >= watched_.size()) return;
    if (command.on) check_on(t, command, load);
    note_order(t, command, load);
}

std::int64_t Safety::rest_of(const Policy& policy, std::size_t load, bool full) const {
    if (load >= miners_) return heater_rest_s;
    const std::int64_t own = seconds(policy.miners[load].min_off);
    const int n = watched_[load].short_runs;
    const bool thrown_away = policy.preferences.bridge_wh != 0 && full;  // a full bank ends long rests
    return n == 0 || thrown_away ? own : std::max(own, std::min<std::int64_t>(300LL << n, 7200));
}

/// Checks rest, starts in the hour, one start per tick, and the stagger, by the checker's own clock.
void Safety::check_pace(const Tick& t, std::size_t load) {
    Watched& w = watched_[load];
    const std::int64_t rest = rest_of(t.policy, load, t.decision.budget.full), off = t.now - w.last_on;
    if (off < rest) t.violations.add("3 rest", t.now, load, fmt::format("off for {} s of {} s", off, rest));
    while (!w.starts.empty() && t.now - w.starts.front() >= hour_s) w.starts.pop_front();
    const std::size_t most = load < miners_ ? static_cast<std::size_t>(t.policy.miners[load].max_starts_per_hour) : heater_starts;
    if (w.starts.size() >= most)
        t.violations.add("3 starts", t.now, load, fmt::format("{} starts before it in an hour", w.starts.size()));
    const std::int64_t stagger = seconds(t.policy.control.start_stagger);
    if (last_starter_ != load && t.now - last_start_ < stagger)
        t.violations.add("3 stagger", t.now, load, fmt::format("{} s after another start", t.now - last_start_));
    if (++started_now_ > 1) t.violations.add("3 one a tick", t.now, load, "two starts in one tick");
    w.starts.push_back(t.now);
    last_start_ = t.now;
    last_starter_ = load;
}

/// Returns PV minus house minus the loads before it in order, from the readings, or empty if these may be older than a switching.
std::optional<std::int64_t> Safety::own_surplus(const Tick& t, std::size_t load) const {
    if (!t.decision.power.pv || !t.decision.power.load || t.now - last_switch_ < 300) return std::nullopt;
    if (t.now < std::max(t.truth.output_until_s, t.truth.source_until_s[1]) + stale_s) return std::nullopt;
    double on_w = 0, before_w = 0;
    bool before = true;
    for (const Index i : t.decision.order) {
        const auto other = static_cast<std::size_t>(i);
        if (other == load) before = false;
        const double draw = t.truth.draws_w[static_cast<std::size_t>(output_[other])];
        on_w += draw;
        if (before) before_w += draw;
    }
    const std::int64_t house = t.decision.power.load->steps - static_cast<std::int64_t>(on_w);
    return std::max<std::int64_t>(t.decision.power.pv->steps - house, 0) - static_cast<std::int64_t>(before_w);
}

void Safety::check_supply(const Tick& t, std::size_t load) const {
    const Verdict& v = t.decision.verdicts[load];
    if (v.reason == Reason::held_back || t.decision.battery.stage == Stage::overvoltage) return;
    const Gate* power = v.gates.find(GateName::power);
    if (power != nullptr && !power->passes) t.violations.add("5 headroom", t.now, load, "started without its power");
    const std::optional<std::int64_t> own = own_surplus(t, load);
    if (!own || load >= miners_) return;
    const Miner& miner = t.policy.miners[load];
    const std::int64_t most = *own + (miner.require_excess_solar ? 0 : t.policy.preferences.max_battery_discharge.steps);
    if (miner.power.steps > most + slack_w)
        t.violations.add("5 battery", t.now, load, fmt::format("needs {} W, there is {} W", miner.power.steps, most));
}

void Safety::check_rank(const Tick& t, std::size_t load) const {
    for (std::size_t i = 0; i < miners_; ++i) {
        const Watched& other = watched_[i];
        if (t.policy.miners[i].priority_level >= t.policy.miners[load].priority_level || !other.waiting_since) continue;
        if (t.now - *other.waiting_since < hour_s)
            t.violations.add("6 priority", t.now, load,
                             fmt::format("{} waits since {} s", t.policy.miners[i].slug, t.now - *other.waiting_since));
    }
}

void Safety::check_start(const Tick& t, std::size_t load) {
    const Verdict& v = t.decision.verdicts[load];
    const bool forced = v.override_ == OverrideKind::on;
    check_pace(t, load);
    const std::optional<Volts> volts = t.decision.battery.voltage;
    if (!volts) t.violations.add("2 blind start", t.now, load, "started without a voltage");
    if (volts && load < miners_) {
        const Volts need = forced ? t.policy.miners[load].stop : t.policy.miners[load].start;
        if (*volts < need)
            t.violations.add("2 start voltage", t.now, load, fmt::format("{} cV of {} cV", volts->steps, need.steps));
    }
    if (forced) return;
    check_supply(t, load);
    if (load < miners_) check_rank(t, load);
}

void Safety::end_run(const Tick& t, std::size_t load) {
    Watched& w = watched_[load];
    const Reason reason = t.decision.next.loads[load].reason;
    const std::int64_t length = w.was_on ? t.now - w.on_since : 0;
    if (length >= hour_s) w.short_runs = 0;
    else if (ended_badly(reason)) w.short_runs = std::min(w.short_runs + 1, 5);
    // The only event was the restart: it must not switch a running load.
    const bool only_restart = t.now >= std::max({t.truth.trouble_until_s - 360, t.truth.output_until_s});
    if (only_restart && t.now - daemon_since_ < 60 && daemon_since_ > 0 && (reason == Reason::fault || reason == Reason::blind))
        t.violations.add(
            "restart", t.now, load,
            fmt::format("stopped by {} {} s after a start of the daemon", volt::name_of(reason), t.now - daemon_since_));
}

/// Notes if a load waits for power or the inverter, and otherwise only for a hold, the stagger or its rank.
void Safety::see_waiting(const Tick& t, std::size_t load) {
    bool supply = false, other = t.decision.verdicts[load].wanted;
    for (const Gate& gate : t.decision.verdicts[load].gates) {
        if (gate.passes) continue;
        if (gate.name == GateName::power || gate.name == GateName::inverter) supply = true;
        else if (!gate.hold && gate.name != GateName::stagger && gate.name != GateName::priority) other = true;
    }
    auto& since = watched_[load].waiting_since;
    if (!supply || other) since.reset();
    else if (!since) since = t.now;
}

/// Checks that a load that needs excess does not run on the battery past its min_on_s, except for a full bank's share.
void Safety::see_battery_run(const Tick& t, std::size_t load) {
    const Miner& miner = t.policy.miners[load];
    Watched& w = watched_[load];
    const Verdict& v = t.decision.verdicts[load];
    const bool quiet = t.now >= t.truth.trouble_until_s + 600;
    const bool counts = quiet && miner.require_excess_solar && v.wanted && w.was_on && v.override_ != OverrideKind::on &&
                        t.now - w.on_since > seconds(miner.min_on) && t.truth.shown.battery_w < -slack_w;
    const std::optional<std::int64_t> own = counts ? own_surplus(t, load) : std::nullopt;
    const double draw = t.truth.draws_w[static_cast<std::size_t>(output_[load])];
    if (!own || *own + slack_w >= static_cast<std::int64_t>(draw)) {
        w.on_battery_since.reset();
        w.from_battery_ws = w.from_battery_at = 0;
        return;
    }
    if (w.from_battery_at != 0)
        w.from_battery_ws -= static_cast<std::int64_t>(t.truth.shown.battery_w) * (t.now - w.from_battery_at);
    w.from_battery_at = t.now;
    if (w.from_battery_ws <= t.policy.preferences.bridge_wh * 3600) return;
    if (!w.on_battery_since) w.on_battery_since = t.now;
    if (t.now - *w.on_battery_since > seconds(t.policy.control.stop_hold + t.policy.control.settle) + 60)
        t.violations.add("5 runs on battery", t.now, load, fmt::format("{} W of its own for {:.0f} W", *own, draw));
}

void Safety::check_load(const Tick& t, std::size_t load) {
    Watched& w = watched_[load];
    const Verdict& v = t.decision.verdicts[load];
    const OutputReport& report = t.snapshot.outputs[static_cast<std::size_t>(output_[load])];
    if (v.wanted != w.wanted) {
        bool ordered = false;
        for (const Command& c : t.decision.commands)
            ordered = ordered || (c.on && c.output == output_[load] && !c.renewal && !c.retry);
        if (v.wanted && ordered) check_start(t, load);
        if (!v.wanted) end_run(t, load);
        w.wanted = v.wanted;
    }
    if (load < miners_) see_battery_run(t, load);
    const bool blocked = v.wanted || std::any_of(v.gates.begin(), v.gates.end(), [](const Gate& g) { return !g.passes; });
    if (!blocked) t.violations.add("8 no gate", t.now, load, "waits and names no gate");
    if (v.wanted != runs(v.reason))
        t.violations.add("8 reason", t.now, load, fmt::format("wanted {} for {}", v.wanted, volt::name_of(v.reason)));
    const bool on = report.state_received && report.state == OutputState::on;
    if (on && !w.was_on) w.on_since = t.now;
    if (on) w.last_on = t.now;
    if (report.state_received) w.was_on = on;
}

/// Checks the trip by the temperature that the rules themselves call usable.
void Safety::check_trip(const Tick& t) const {
    for (std::size_t i = 0; i < miners_; ++i) {
        const Index zone = t.policy.miners[i].zone;
        if (zone == no_index || !t.decision.verdicts[i].wanted) continue;
        const ZoneVerdict& view = t.decision.zones[static_cast<std::size_t>(zone)];
        const Zone& settings = t.policy.zones[static_cast<std::size_t>(zone)];
        const bool hot = view.temperature && *view.temperature >= settings.too_hot + t.policy.control.trip_margin;
        if (settings.enabled && (hot || view.tripped)) t.violations.add("10 trip", t.now, i, "wanted in a tripped zone");
    }
}

/// Checks that no load starts or continues by the budget while the powers are at odds, or while bank_wh cannot be right, where a
/// full bank is excepted. Loads end one after the other.
void Safety::check_budget(const Tick& t, std::size_t load) {
    const Verdict& v = t.decision.verdicts[load];
    const BudgetView& budget = t.decision.budget;
    auto& since = watched_[load].unplanned_since;
    const bool excused = v.override_ == OverrideKind::on || t.decision.battery.stage == Stage::overvoltage;
    const bool at_odds = t.decision.power.balance.at_odds;
    if (!t.policy.preferences.bank_wh || !(at_odds || budget.doubt) || excused) {
        since.reset();
        return;
    }
    const char* while_what = at_odds ? "while the powers are at odds" : "while bank_wh cannot be right";
    const Gate* gate = v.gates.find(GateName::budget);
    // The gate of a running load shows if the budget stops it.
    const bool excepted = !at_odds && (budget.full || (v.wanted && budget.bridged));
    if (gate != nullptr && gate->passes && !excepted)
        t.violations.add("29 gate", t.now, load, fmt::format("budget passes {}", while_what));
    if (!v.wanted || excepted) since.reset();
    else if (!since) since = t.now;
    const std::int64_t most = seconds(t.policy.miners[load].min_on) + budget_stop_s * static_cast<std::int64_t>(miners_);
    if (since && t.now - *since > most)
        t.violations.add("29 runs", t.now, load, fmt::format("runs for {} s {}", t.now - *since, while_what));
}

void Safety::check_bridge(const Tick& t) {
    for (const VoltageSample& sample : t.snapshot.voltages)
        if (sample.value && t.snapshot.now - sample.taken <= 60s && *sample.value >= t.policy.preferences.float_v)
            at_float_ = t.now;
    if (t.decision.budget.bridged && (!at_float_ || t.now - *at_float_ > bridge_s))
        t.violations.add("30 bridge", t.now, 0, "bridged for more than an hour since the voltage was last at float");
}

/// Checks that a correct site is never at odds.
void Safety::check_odds(const Tick& t) {
    const std::int64_t bent = std::max({t.truth.source_until_s[0], t.truth.source_until_s[1], t.truth.output_until_s});
    if (t.decision.power.balance.at_odds && t.now > bent + back_in_order_s)
        t.violations.add("31 honest", t.now, 0, "the powers of an honest site are at odds");
}

void Safety::see(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
                 Violations& violations) {
    const Tick t{truth, snapshot, policy, decision, violations, truth.now_s};
    if (truth.began) {
        forget_daemon();
        daemon_since_ = t.now;
    }
    started_now_ = 0;
    see_blindness(t);
    if (!truth.begun->empty()) see_happenings(t);
    check_voltage(t);
    for (const Command& command : decision.commands) check_command(t, command);
    for (const Command& command : decision.commands)
        if (load_of(command.output) >= watched_.size()) check_fan(t, command);
    for (std::size_t load = 0; load < miners_; ++load) see_waiting(t, load);
    for (std::size_t load = 0; load < watched_.size(); ++load) check_load(t, load);
    for (std::size_t load = 0; load < miners_; ++load) check_budget(t, load);
    check_bridge(t);
    check_odds(t);
    check_trip(t);
}

/// Checks that no load draws below critical_low for longer than the detection takes, if at least one source is right and the
/// outputs obey.
void Safety::see_battery(const Truth& truth, const Policy& policy, Violations& violations) {
    const std::int64_t now = truth.now_s;
    const bool first_lies = now < truth.source_until_s[0] + 120, other_lies = now < truth.source_until_s[1] + 120;
    const std::int64_t floor = policy.preferences.critical_low.steps - (first_lies || other_lies ? liar_cv : 0);
    bool drawn = false;
    for (std::size_t i = 0; i < truth.draws_w.size(); ++i) drawn = drawn || (owner_[i] < watched_.size() && truth.draws_w[i] > 0);
    const bool excused = !truth.lit || !truth.alive || (first_lies && other_lies) || now < truth.output_until_s + 120;
    if (!drawn || excused || truth.shown.volts_cv > floor) {
        low_since_.reset();
        return;
    }
    if (!low_since_) low_since_ = now;
    if (now - *low_since_ > drain_s)
        violations.add("drained", now, 0, fmt::format("a load draws at {} cV for {} s", truth.shown.volts_cv, now - *low_since_));
}

}  // namespace volt::simulation
