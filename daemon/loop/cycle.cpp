#include "daemon/loop/cycle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/policy.hpp"
#include "daemon/explain/history_json.hpp"
#include "daemon/journal/rule_state_codec.hpp"
#include "rules/align.hpp"
#include "rules/names.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

/// The load of an output; empty: none.
std::string user_of(const Policy& policy, Index output) {
    if (policy.charge_output == output) return "charge";
    for (const Miner& miner : policy.miners)
        if (miner.output == output) return miner.slug;
    for (const Zone& zone : policy.zones) {
        if (zone.heater == output) return zone.slug + "/heat";
        if (zone.fan == output) return zone.slug + "/fan";
    }
    return "";
}

Shown shown_by(const Settings& settings) { return {settings.temperature_unit == "F", settings.display_mode == "soc"}; }

}  // namespace

Cycle::Cycle(CycleParts parts, const Config& config, std::shared_ptr<const Settings> settings, SiteFacts facts,
             std::unique_ptr<ZoneClock> zone)
    : parts_(std::move(parts)), settings_(std::move(settings)), facts_(std::move(facts)), zone_(std::move(zone)),
      reporter_(parts_.log, parts_.store, sources_.log()), charge_(parts_.charge) {
    configure(config);
}

void Cycle::restore(const std::string& rule_state, Time now) {
    const Utc utc = parts_.wall.utc(now);
    auto restored = decode_rule_state(rule_state, policy_, {now, utc, clock_trusted(utc, now)});
    if (restored) decision_.next = std::move(*restored);
    else parts_.log.write(Level::warning, "The saved rule state cannot be read; starting without it");
    const ChargeMemories charge = decode_charge_memory(rule_state);
    charge_.restore(charge);
    state_.begin(charge);
}

void Cycle::configure(const Config& config) {
    for (const std::string& id : std::exchange(left_on_, {})) set_trouble("output_not_following", "", id);
    if (config.control.live || turns_ == 0) leaving_.cancel();
    else if (config_.control.live) leaving_.begin();
    config_ = config;
    config_.control.leaving = leaving_.loads_go();
    config_.control.live = config.control.live || config_.control.leaving;
    charge_.configure(config);
    policy_ = build_policy(config_, *settings_, ++revision_);
    view_.reset();
    parting_.clear();
}

void Cycle::part_from(const std::vector<std::size_t>& outputs) {
    for (const std::size_t output : outputs)
        if (output < snapshot_.outputs.size()) parting_.emplace(output, snapshot_.outputs[output]);
}

void Cycle::forget_orders_of(const std::vector<std::string>& outputs) {
    for (const std::string& output : outputs) forget_orders(decision_.next, policy_, output);
}

void Cycle::set_trouble(const std::string& code, const std::string& text, const std::string& subject, bool critical) {
    if (text.empty()) troubles_.erase({code, subject});
    else troubles_[{code, subject}] = {code, subject, text, critical};
}

void Cycle::set_safe_mode(const std::string& text) {
    snapshot_.safe_mode = !text.empty();
    set_trouble("safe_mode", text);
}

void Cycle::turn(SiteIo& field, Time now) {
    field.turn(now);
    take_settings();
    take_commands(field, now);
    freeze(field, now);
    decision_ = decide(snapshot_, policy_, std::move(decision_.next));
    carry_out(field.outputs());
    go_to_shadow(field.outputs());
    charge_.look(charge_turn());
    facts_.charge = charge_.facts();
    sources_.note_refusals(policy_, slots_);
    look(field);
    sources_.record(slots_, *view_, parts_.store, parts_.log);
    const bool told = reporter_.tell(*view_, charge_.take_notes(), field);
    state_.keep(decision_.next, policy_, snapshot_, charge_.memory(), told, parts_.store);
    ++turns_;
}

void Cycle::use_zone(const std::string& name, std::unique_ptr<ZoneClock> clock) {
    unknown_zone_ = clock ? "" : name;
    if (clock) zone_ = std::move(clock);
    view_.reset();
}

void Cycle::take_settings() {
    auto settings = parts_.store.take_new_settings();
    if (!settings) return;
    if (settings->timezone != settings_->timezone) wanted_zone_ = settings->timezone;
    // Read before the store had the mode that somebody has just set.
    if (wanted_mode_ && settings->mode_order < wanted_mode_->order) {
        auto with_mode = std::make_shared<Settings>(*settings);
        with_mode->preferences.mode = wanted_mode_->mode;
        settings = std::move(with_mode);
    }
    settings_ = std::move(settings);
    policy_ = build_policy(config_, *settings_, ++revision_);
    view_.reset();
    note_changes();
    for (const std::string& problem : settings_->problems) parts_.log.write(Level::error, problem);
}

/// The newest change is an event of the site, which the journal has too; those before it came in the same second.
void Cycle::note_changes() {
    for (const SettingsChange& it : settings_->changes) {
        facts_.settings_change = it.number;
        facts_.settings_text = fmt::format("Settings changed ({}); undo: voltctl settings undo {}", it.text, it.number);
        if (&it != &settings_->changes.back()) parts_.log.write(Level::info, facts_.settings_text);
    }
}

void Cycle::set_mode(SiteMode mode) {
    wanted_mode_ = {mode, parts_.store.set_mode(mode)};
    auto settings = std::make_shared<Settings>(*settings_);
    settings->preferences.mode = mode;
    settings_ = std::move(settings);
    policy_ = build_policy(config_, *settings_, ++revision_);
    view_.reset();
}

void Cycle::take_commands(SiteIo& field, Time now) {
    const Moment moment{now, parts_.wall.utc(now), snapshot_.clock_trusted};
    for (const OutsideCommand& command : field.take_commands(policy_, moment)) {
        if (command.what == OutsideCommand::What::mode) set_mode(command.mode);
        else requests_.push_back(command.request);
    }
    // The load was removed in the meantime.
    for (OverrideRequest request; const NamedOverride& wish : wishes_)
        if (!resolve(wish, policy_, request)) requests_.push_back(request);
    wishes_.clear();
}

void Cycle::keep_commands(SiteIo& field) {
    const Moment moment{snapshot_.now, snapshot_.utc, snapshot_.clock_trusted};
    for (const OutsideCommand& command : field.take_commands(policy_, moment)) {
        if (command.what == OutsideCommand::What::mode) set_mode(command.mode);
        else wish(command.wish);
    }
}

bool Cycle::wish(const NamedOverride& wish) {
    if (wishes_.size() >= most_wishes) return false;
    wishes_.push_back(wish);
    return true;
}

bool Cycle::clock_trusted(Utc utc, Time now) {
    const bool vouched = config_.clock == ClockTrust::trusted;
    return trust_.update(parts_.clock_synchronised(), vouched, utc, now) || parts_.wall.simulated();
}

/// Rows that were written by a clock which then turned out to be wrong are marked by an event that tells by how much.
void Cycle::mark_clock() {
    constexpr Duration least = 5s;
    const Utc offset = snapshot_.utc - snapshot_.now;
    if (!snapshot_.clock_trusted) {
        if (!untrusted_) untrusted_ = Untrusted{snapshot_.now, offset};
        return;
    }
    const auto before = std::exchange(untrusted_, std::nullopt);
    if (!before || std::chrono::abs(offset - before->offset) < least) return;
    const auto seconds = (snapshot_.now - before->since) / 1s, jump = (offset - before->offset) / 1s;
    const std::string from = iso_utc(before->offset + before->since), to = iso_utc(before->offset + snapshot_.now);
    parts_.store.record(EventRow{snapshot_.utc, "warning", "daemon", "clock",
                         fmt::format("The clock was set and jumped by {} s; rows of the {} s before have wrong times, {} to {}", jump, seconds, from, to),
                         fmt::format(R"({{"jump_s":{},"from":"{}","to":"{}"}})", jump, from, to)});
}

void Cycle::freeze(SiteIo& field, Time now) {
    slots_ = parts_.mailbox.read();
    snapshot_.now = now;
    snapshot_.utc = parts_.wall.utc(now);
    if (zone_) snapshot_.local = zone_->local(snapshot_.utc);
    snapshot_.clock_trusted = clock_trusted(snapshot_.utc, now);
    mark_clock();
    parts_.store.tell_clock(snapshot_.utc, snapshot_.clock_trusted);
    freeze_readings(slots_, field.temperatures(), config_.power_sources, policy_, snapshot_);
    snapshot_.sunny = field.sunny();
    snapshot_.charge_test = charge_.tests_output();
    snapshot_.outputs = field.outputs().reports();
    for (const auto& [output, report] : parting_) snapshot_.outputs[output] = report;
    snapshot_.broker_up = field.outputs().link_up();
    snapshot_.broker_up_since = field.outputs().link_up_since();
    snapshot_.requests = std::move(requests_);
    requests_.clear();
}

void Cycle::carry_out(Outputs& outputs) {
    for (const Command& command : decision_.commands) {
        const auto output = static_cast<std::size_t>(command.output);
        if (command.on && parting_.contains(output)) continue;
        outputs.send(output, {command.on, command.level, policy_.outputs[output].lease});
    }
    for (const Index output : decision_.ask) outputs.ask(static_cast<std::size_t>(output));
}

ChargeTurn Cycle::charge_turn() const {
    return {policy_, snapshot_, decision_, state_.stored(charge_.memory(), parts_.store)};
}

std::string Cycle::prove_charge() {
    if (turns_ == 0) return "voltd has just started";
    std::string why = charge_.prove(charge_turn());
    facts_.charge = charge_.facts();
    if (view_) view_->facts = facts_;
    return why;
}

void Cycle::look(SiteIo& field) {
    if (!view_) view_.emplace(SiteView{{policy_, snapshot_, decision_, shown_by(*settings_)}, {}, {}, {}, facts_});
    view_->facts = facts_;
    see_changes();
    view_->outputs.clear();
    for (std::size_t output = 0; output < policy_.outputs.size(); ++output) view_->outputs.push_back(output_view(output));
    view_->sources = sources_.views(slots_, field.health(snapshot_.now), config_, policy_.control.power_stale, snapshot_.now);
    std::vector<SourceHealth> healths;
    for (const auto& [name, slot] : slots_) healths.push_back(slot.health);
    std::vector<SystemAlarm> troubles = troubles_of(healths, devices_of(config_), snapshot_.now);
    for (const SystemAlarm& trouble : troubles_of(parts_.store.health())) troubles.push_back(trouble);
    for (const SystemAlarm& trouble : field.troubles()) troubles.push_back(trouble);
    for (const auto& [of, trouble] : troubles_) troubles.push_back(trouble);
    for (const SystemAlarm& trouble : troubles_of(*settings_, unknown_zone_)) troubles.push_back(trouble);
    if (auto charger = idle_charger()) troubles.push_back(std::move(*charger));
    if (const std::string text = charge_.failure(decision_.charge.blocked); !text.empty()) troubles.push_back({"charge_not_blocked", "", text});
    view_->alarms = alarms_.update(troubles, snapshot_.now);
    run_recorder_.book(*view_, parts_.store);
}

/// A repeated report is not a change; the first report of an output does not show since when.
void Cycle::see_changes() {
    if (turns_ == 0) first_turn_ = snapshot_.now;
    std::map<std::string, Reported> before = std::exchange(reported_, {});
    for (std::size_t output = 0; output < policy_.outputs.size(); ++output) {
        const OutputReport& report = snapshot_.outputs[output];
        const auto known = before.find(policy_.outputs[output].id);
        Reported now = known != before.end() ? known->second : Reported{OutputState::unknown, first_turn_};
        const bool heard = report.state_heard && report.state != OutputState::unknown;
        if (heard && now.state != OutputState::unknown && now.state != report.state) now.since = report.state_at;
        if (heard) now.state = report.state;
        reported_[policy_.outputs[output].id] = now;
    }
}

OutputView Cycle::output_view(std::size_t output) const {
    const OutputMemory& memory = decision_.next.outputs[output];
    OutputView view;
    const auto seen = reported_.find(policy_.outputs[output].id);
    view.since = seen != reported_.end() ? seen->second.since : first_turn_;
    if (!config_.control.live) return view;  // nothing was commanded
    if (memory.ordered) view.commanded = memory.on;
    view.level = memory.level;
    view.confirmed = run_recorder_.latency(output);
    view.since = memory.ordered_at.value_or(view.since);
    return view;
}

/// `safe` of a fan is its full level while a miner of its zone is on, or must be taken as on.
bool Cycle::cools_a_miner(std::size_t output) const {
    for (std::size_t i = 0; i < policy_.miners.size(); ++i) {
        const Index zone = policy_.miners[i].zone;
        if (zone == no_index || policy_.zones[static_cast<std::size_t>(zone)].fan != static_cast<Index>(output)) continue;
        // In shadow only what really runs needs air.
        const auto& loads = decision_.next.real.empty() ? decision_.next.loads : decision_.next.real;
        for (const LoadMemory& load : loads)
            if (load.key == policy_.miners[i].id && load.state != LoadState::off && load.state != LoadState::fault) return true;
    }
    return false;
}

/// By the output's `on_exit`; nothing where it is kept as it is.
std::optional<OutputOrder> Cycle::exit_order(std::size_t output) const {
    const OutputConfig& wiring = config_.outputs[output];
    if (wiring.on_exit == "keep") return std::nullopt;
    const bool safe = wiring.on_exit == "safe";
    const bool on =
        safe && (wiring.safe_state == SafeState::on || (wiring.safe_state == SafeState::automatic && cools_a_miner(output)));
    return OutputOrder{on, on ? policy_.outputs[output].max_level : 0, policy_.outputs[output].lease};
}

/// Releases a charger blocked only by overvoltage; one blocked by cold stays off, and the owner gets an alarm.
void Cycle::leave_charger(Outputs& outputs) {
    if (policy_.charge_output == no_index) return;
    const auto charger = static_cast<std::size_t>(policy_.charge_output);
    const OutputMemory& order = decision_.next.outputs[charger];
    if (!order.ordered || order.on) return;
    if (!blocked_by_cold(decision_.next.charge)) {
        outputs.send(charger, {true, 0, 0s});
        return;
    }
    parts_.log.write(Level::warning, fmt::format("{} keeps the charger off because of the cold; shadow mode does not switch it on again",
                                                 policy_.outputs[charger].id));
}

/// In shadow nothing is ordered, and a bank that nobody charges runs empty.
std::optional<SystemAlarm> Cycle::idle_charger() const {
    if (commands() || policy_.charge_output == no_index) return std::nullopt;
    const auto charger = static_cast<std::size_t>(policy_.charge_output);
    if (!snapshot_.outputs[charger].state_heard || snapshot_.outputs[charger].state != OutputState::off) return std::nullopt;
    const std::string& id = policy_.outputs[charger].id;
    return SystemAlarm{"output_not_following", id,
                   fmt::format("{} is off, so its charger does not charge, and shadow mode does not switch it on. Switch it on by hand{}", id,
                               decision_.charge.blocked ? " once charging is allowed again" : "")};
}

bool Cycle::serves_a_load(std::size_t output) const {
    const auto is = [output](Index index) { return index != no_index && static_cast<std::size_t>(index) == output; };
    return std::any_of(policy_.miners.begin(), policy_.miners.end(), [&](const Miner& miner) { return is(miner.output); }) ||
           std::any_of(policy_.zones.begin(), policy_.zones.end(), [&](const Zone& zone) { return is(zone.heater); });
}

void Cycle::go_to_shadow(Outputs& outputs) {
    if (!leaving_.active()) return;
    const LeavingScene scene{policy_, decision_, snapshot_.outputs, snapshot_.now};
    if (leaving_.see_loads(scene)) {
        config_.control.live = config_.control.leaving = false;
        policy_.control = config_.control;
        leave_charger(outputs);
    }
    leaving_.see_fans(scene, [this](std::size_t output) { return exit_order(output); }, outputs);
    for (const Index output : leaving_.take_unconfirmed()) {
        const std::string& id = policy_.outputs[static_cast<std::size_t>(output)].id;
        left_on_.push_back(id);
        set_trouble("output_not_following", fmt::format("{} did not confirm its last command before the dry run began and may still be on. "
                                                        "Check it, and switch it off by hand; the next reload clears this alarm", id), id);
        parts_.log.write(Level::warning, fmt::format("{} did not confirm its last command before the dry run began and may still be on", id));
    }
    if (!leaving_.active()) parts_.log.write(Level::info, "The dry run has started: voltd no longer switches anything");
}

void Cycle::leave(SiteIo& field, Time now, bool loads_off) {
    if (turns_ == 0) return;
    for (std::size_t output = 0; output < config_.outputs.size() && commands(); ++output) {
        auto order = exit_order(output);
        if (loads_off && serves_a_load(output)) order = OutputOrder{false, 0, policy_.outputs[output].lease};
        if (order) field.outputs().send(output, *order);
    }
    snapshot_.now = now;
    snapshot_.utc = parts_.wall.utc(now);
    // An output that is off for a proof alone has no bound of writes.
    if (snapshot_.charge_test && config_.control.live && !decision_.charge.blocked)
        field.outputs().send(static_cast<std::size_t>(policy_.charge_output), {true, 0, 0s});
    charge_.leave(charge_turn());
    log_charge_notes();
    state_.save(decision_.next, policy_, snapshot_, charge_.memory(), parts_.store);
    field.turn(now);
}

bool Cycle::release_charge(Time now, const std::vector<std::string>& devices) {
    if (turns_ == 0) return false;
    snapshot_.now = now;
    snapshot_.utc = parts_.wall.utc(now);
    const bool waits = charge_.leave(charge_turn(), devices);
    log_charge_notes();
    return waits;
}

void Cycle::log_charge_notes() {
    for (const ChargeNote& note : charge_.take_notes()) parts_.log.write(Level::warning, note.text);
}

StatusSnapshot Cycle::page() const {
    StatusSnapshot page = make_page(*view_, state_topics(*view_), alarm_topics(*view_), reporter_.tail(), parts_.store.health());
    page.turn = turns_;
    page.series = series_sources(config_);
    for (std::size_t output = 0; output < config_.outputs.size(); ++output)
        page.outputs.push_back({config_.outputs[output].id, config_.outputs[output].kind, config_.outputs[output].dialect,
                                user_of(policy_, static_cast<Index>(output))});
    return page;
}

std::optional<Arrival> Cycle::voltage_arrived() const {
    if (turns_ == 0 || decision_.battery.source == no_index) return std::nullopt;
    const auto index = static_cast<std::size_t>(decision_.battery.source);
    if (index >= policy_.voltage_sources.size()) return std::nullopt;
    const VoltageSource& source = policy_.voltage_sources[index];
    const auto slot = slots_.find(source.name);
    if (slot == slots_.end() || !slot->second.has_reading) return std::nullopt;
    return Arrival{slot->second.arrived, source.poll};
}

std::optional<std::string> Cycle::take_wanted_zone() { return std::exchange(wanted_zone_, std::nullopt); }

}  // namespace volt
