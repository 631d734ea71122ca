#include "daemon/loop/cycle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/history_json.hpp"
#include "daemon/journal/rule_state_codec.hpp"
#include "rules/align.hpp"
#include "rules/names.hpp"
#include "rules/outputs/exit.hpp"
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
    : parts_(std::move(parts)),
      settings_(std::move(settings), std::move(zone)),
      facts_(std::move(facts)),
      reporter_(parts_.log, parts_.store, sources_.log()),
      charge_(parts_.charge) {
    configure(config);
}

void Cycle::restore(const std::string& rule_state, Time now) {
    const Utc utc = parts_.wall.utc(now);
    auto restored = decode_rule_state(rule_state, policy(), {now, utc, clock_trusted(utc, now)});
    if (restored) decision_.next = std::move(*restored);
    else parts_.log.write(Level::warning, "The saved rule state cannot be read; starting without it");
    const ChargeMemories charge = decode_charge_memory(rule_state);
    charge_.restore(charge);
    state_.begin(charge);
}

void Cycle::configure(const Config& config) {
    for (const std::string& id : std::exchange(left_on_, {})) set_trouble("output_not_following", "", id);
    if (config.control.live || turns_ == 0) to_shadow_.cancel();
    else if (config_.control.live) to_shadow_.begin();
    config_ = config;
    config_.control.leaving = to_shadow_.loads_go();
    config_.control.live = config.control.live || config_.control.leaving;
    charge_.configure(config);
    settings_.configure(config_);
    view_.reset();
    parting_.clear();
}

void Cycle::part_from(const std::vector<std::size_t>& outputs) {
    for (const std::size_t output : outputs)
        if (output < snapshot_.outputs.size()) parting_.emplace(output, snapshot_.outputs[output]);
}

void Cycle::forget_orders_of(const std::vector<std::string>& outputs) {
    for (const std::string& output : outputs) forget_orders(decision_.next, policy(), output);
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
    requests_.take(field, policy(), {now, parts_.wall.utc(now), snapshot_.clock_trusted},
                   [this](SiteMode mode) { set_mode(mode); });
    freeze(field, now);
    decision_ = decide(snapshot_, policy(), std::move(decision_.next));
    carry_out(field.outputs());
    go_to_shadow(field.outputs());
    charge_.look(charge_turn());
    facts_.charge = charge_.facts();
    sources_.note_refusals(policy(), slots_);
    look(field);
    sources_.record(slots_, *view_, parts_.store, parts_.log);
    const bool told = reporter_.tell(*view_, charge_.take_notes(), field);
    state_.keep(decision_.next, policy(), snapshot_, charge_.memory(), told, parts_.store);
    ++turns_;
}

void Cycle::use_zone(const std::string& name, std::unique_ptr<ZoneClock> clock) {
    settings_.use_zone(name, std::move(clock));
    view_.reset();
}

void Cycle::take_settings() {
    if (!settings_.take_new(parts_.store, config_)) return;
    view_.reset();
    note_changes();
    for (const std::string& problem : settings_.settings()->problems) parts_.log.write(Level::error, problem);
}

/// The newest change is an event of the site, which the journal has too; those before it came in the same second.
void Cycle::note_changes() {
    const std::vector<SettingsChange>& changes = settings_.settings()->changes;
    for (const SettingsChange& it : changes) {
        facts_.settings_change = it.number;
        facts_.settings_text = fmt::format("Settings changed ({}); undo: voltctl settings undo {}", it.text, it.number);
        if (&it != &changes.back()) parts_.log.write(Level::info, facts_.settings_text);
    }
}

void Cycle::set_mode(SiteMode mode) {
    settings_.set_mode(mode, parts_.store, config_);
    view_.reset();
}

void Cycle::keep_commands(SiteIo& field) {
    requests_.keep(field, policy(), moment(), [this](SiteMode mode) { set_mode(mode); });
}

bool Cycle::clock_trusted(Utc utc, Time now) {
    const bool vouched = config_.clock == ClockTrust::trusted;
    return clock_.trusted(parts_.clock_synchronised(), vouched, utc, now) || parts_.wall.simulated();
}

void Cycle::read_clock(Time now) {
    snapshot_.now = now;
    snapshot_.utc = parts_.wall.utc(now);
    if (const auto local = settings_.local(snapshot_.utc)) snapshot_.local = *local;
    snapshot_.clock_trusted = clock_trusted(snapshot_.utc, now);
    parts_.store.tell_clock(snapshot_.utc, snapshot_.clock_trusted);
    const auto jump = clock_.update(moment());
    if (!jump) return;
    const std::string from = iso_utc(jump->from), to = iso_utc(jump->to);
    parts_.store.record(
        EventRow{snapshot_.utc, "warning", "daemon", "clock",
                 fmt::format("The clock was set and jumped by {} s; rows of the {} s before have wrong times, {} to {}",
                             jump->seconds, jump->untrusted_seconds, from, to),
                 fmt::format(R"({{"jump_s":{},"from":"{}","to":"{}"}})", jump->seconds, from, to)});
}

void Cycle::freeze(SiteIo& field, Time now) {
    slots_ = parts_.mailbox.read();
    read_clock(now);
    freeze_readings(slots_, field.temperatures(), policy(), snapshot_);
    snapshot_.sunny = field.sunny();
    snapshot_.charge_test = charge_.tests_output();
    snapshot_.outputs = field.outputs().reports();
    for (const auto& [output, report] : parting_) snapshot_.outputs[output] = report;
    snapshot_.broker_up = field.outputs().link_up();
    snapshot_.broker_up_since = field.outputs().link_up_since();
    snapshot_.requests = requests_.drain();
}

void Cycle::carry_out(Outputs& outputs) {
    for (const Command& command : decision_.commands) {
        const auto output = static_cast<std::size_t>(command.output);
        if (command.on && parting_.contains(output)) continue;
        outputs.send(output, order_of(command, policy()));
    }
    for (const Index output : decision_.ask) outputs.ask(static_cast<std::size_t>(output));
}

ChargeTurn Cycle::charge_turn() const { return {policy(), snapshot_, decision_, state_.stored(charge_.memory(), parts_.store)}; }

std::string Cycle::prove_charge() {
    if (turns_ == 0) return "voltd has just started";
    std::string why = charge_.prove(charge_turn());
    facts_.charge = charge_.facts();
    if (view_) view_->facts = facts_;
    return why;
}

void Cycle::look(SiteIo& field) {
    if (!view_)
        view_.emplace(SiteView{
            {policy(), snapshot_, decision_, shown_by(*settings_.settings()), field.report_topics()}, {}, {}, {}, facts_});
    view_->facts = facts_;
    output_history_.update(policy(), snapshot_);
    view_->outputs.clear();
    for (std::size_t output = 0; output < policy().outputs.size(); ++output) view_->outputs.push_back(output_view(output));
    view_->sources = sources_.views(slots_, field.health(snapshot_.now), config_, policy().control.power_stale, snapshot_.now);
    std::vector<SourceHealth> healths;
    for (const auto& [name, slot] : slots_) healths.push_back(slot.health);
    std::vector<SystemAlarm> troubles = troubles_of(healths, devices_of(config_), snapshot_.now);
    for (const SystemAlarm& trouble : troubles_of(parts_.store.health())) troubles.push_back(trouble);
    for (const SystemAlarm& trouble : field.troubles()) troubles.push_back(trouble);
    for (const auto& [of, trouble] : troubles_) troubles.push_back(trouble);
    for (const SystemAlarm& trouble : troubles_of(*settings_.settings(), settings_.unknown_zone())) troubles.push_back(trouble);
    if (auto charger = commands() ? std::nullopt : idle_charger(policy(), decision_, snapshot_))
        troubles.push_back(std::move(*charger));
    if (const std::string text = charge_.failure(decision_.charge.blocked); !text.empty())
        troubles.push_back({"charge_not_blocked", "", text});
    view_->alarms = alarms_.update(troubles, snapshot_.now);
    run_recorder_.book(*view_, parts_.store);
}

OutputView Cycle::output_view(std::size_t output) const {
    const OutputMemory& memory = decision_.next.outputs[output];
    OutputView view;
    view.since = output_history_.since(policy().outputs[output].id);
    if (!config_.control.live) return view;  // nothing was ordered
    if (memory.ordered) view.commanded = memory.on;
    view.level = memory.level;
    view.confirmed = run_recorder_.latency(output);
    view.since = memory.ordered_at.value_or(view.since);
    return view;
}

void Cycle::go_to_shadow(Outputs& outputs) {
    const ShadowTransition::Step step = to_shadow_.turn(policy(), decision_, snapshot_, outputs);
    if (step.loads_done) {
        config_.control.live = config_.control.leaving = false;
        settings_.set_control(config_.control);
    }
    if (step.charger_stays_off)
        parts_.log.write(Level::warning,
                         fmt::format("{} keeps the charger off because of the cold; shadow mode does not switch it on again",
                                     policy().outputs[static_cast<std::size_t>(policy().charge_output)].id));
    for (const std::string& id : step.unconfirmed) {
        left_on_.push_back(id);
        set_trouble("output_not_following",
                    fmt::format("{} did not confirm its last command before the dry run began and may still be on. "
                                "Check it, and switch it off by hand; the next reload clears this alarm",
                                id),
                    id);
        parts_.log.write(Level::warning,
                         fmt::format("{} did not confirm its last command before the dry run began and may still be on", id));
    }
    if (step.ended) parts_.log.write(Level::info, "The dry run has started: voltd no longer switches anything");
}

void Cycle::shut_down(SiteIo& field, Time now, bool loads_off) {
    if (turns_ == 0) return;
    for (const Command& command : commands() ? exit_commands(policy(), decision_.next, loads_off) : std::vector<Command>{})
        field.outputs().send(static_cast<std::size_t>(command.output), order_of(command, policy()));
    snapshot_.now = now;
    snapshot_.utc = parts_.wall.utc(now);
    // An output that is off for a proof alone has no bound of writes.
    if (snapshot_.charge_test && config_.control.live && !decision_.charge.blocked)
        field.outputs().send(static_cast<std::size_t>(policy().charge_output), {true, 0, 0s});
    charge_.leave(charge_turn());
    log_charge_notes();
    state_.save(decision_.next, policy(), snapshot_, charge_.memory(), parts_.store);
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
                                user_of(policy(), static_cast<Index>(output))});
    return page;
}

std::optional<Arrival> Cycle::voltage_arrived() const {
    if (turns_ == 0 || decision_.battery.source == no_index) return std::nullopt;
    const auto index = static_cast<std::size_t>(decision_.battery.source);
    if (index >= policy().voltage_sources.size()) return std::nullopt;
    const VoltageSource& source = policy().voltage_sources[index];
    const auto slot = slots_.find(source.name);
    if (slot == slots_.end() || !slot->second.has_reading) return std::nullopt;
    return Arrival{slot->second.arrived, source.poll};
}

}  // namespace volt
