#include "daemon/loop/turn_journal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/history_json.hpp"
#include "drivers/hidden.hpp"
#include "rules/subject.hpp"

namespace volt {

std::string user_of(const Policy& policy, Index output) {
    if (policy.charge_output == output) return "charge";
    for (const Miner& miner : policy.miners)
        if (miner.output == output) return miner.slug;
    for (const Zone& zone : policy.zones) {
        if (zone.heater == output) return heat_of(zone.slug);
        if (zone.fan == output) return fan_of(zone.slug);
    }
    return "";
}

static OutputRow row_of(const OutputConfig& output, std::string load) {
    return {.id = output.id,
            .kind = output.kind,
            .dialect = output.dialect,
            .load = std::move(load),
            .topic = output.topic.empty() ? output.command_topic : output.topic,
            .meter = output.meter || !output.power_topic.empty()};
}

Shown shown_by(const Settings& settings) { return {settings.temperature_unit == "F", settings.display_mode == "soc"}; }

TurnJournal::TurnJournal(Log& log, Store& store, SiteFacts facts)
    : log_(log), store_(store), facts_(std::move(facts)), reporter_(log, store, sources_.log()) {}

void TurnJournal::set_alarm(AlarmCode code, const std::string& text, const std::string& subject, bool critical) {
    const std::string name = alarm_name(code, subject);
    if (text.empty()) process_alarms_.erase(name);
    else process_alarms_[name] = {code, subject, text, critical};
}

void TurnJournal::note_trial(const EndedTrial& ended, Utc at) {
    const char* const level = ended.lacks_dead_man ? "warning" : "info";
    log_.write(ended.lacks_dead_man ? Level::warning : Level::notice, ended.text);
    store_.record(EventRow{at, level, "output", ended.output, ended.text, ""});
    if (ended.row) store_.record(*ended.row);
    set_alarm(AlarmCode::no_lease, ended.lacks_dead_man ? ended.text : "", ended.output);
}

/// The newest change is an event of the site, which is also in the journal. Earlier ones came in the same second.
void TurnJournal::note_settings(const Settings& settings) {
    forget_view();
    for (const SettingsChange& it : settings.changes) {
        facts_.settings_change = it.number;
        facts_.settings_text =
            fmt::format("Settings changed ({}); undo: voltctl settings undo {}", without_hidden(it.text, ' '), it.number);
        if (&it != &settings.changes.back()) log_.write(Level::info, facts_.settings_text);
    }
    for (const std::string& problem : settings.problems) log_.write(Level::error, problem);
}

void TurnJournal::show_charge(const ChargeFacts& facts) {
    facts_.charge = facts;
    if (view_) view_->facts = facts_;
}

ChargeTurn TurnJournal::charge_turn(const DecidedTurn& turn, const ChargeBlock& charge) const {
    return {turn.policy(), turn.snapshot, turn.decision, state_.stored(charge.memory(), store_)};
}

void TurnJournal::write(const DecidedTurn& turn, std::vector<SystemAlarm> alarms, ChargeBlock& charge, SiteIo& io) {
    show_charge(charge.facts());
    sources_.note_refusals(turn.policy(), turn.latest);
    make_view(turn, std::move(alarms), io);
    sources_.record(turn.latest, *view_, store_, log_);
    const bool reported = reporter_.report(*view_, charge.take_notes(), io);
    state_.keep(turn.decision.next, turn.policy(), turn.snapshot, charge.memory(), reported, store_);
    ++turns_;
}

void TurnJournal::save(const DecidedTurn& turn, const ChargeMemories& charge) {
    state_.save(turn.decision.next, turn.policy(), turn.snapshot, charge, store_);
}

void TurnJournal::make_view(const DecidedTurn& turn, std::vector<SystemAlarm> alarms, const SiteIo& io) {
    const Policy& policy = turn.policy();
    const Time now = turn.snapshot.now;
    if (!view_)
        view_.emplace(SiteView{
            {policy, turn.snapshot, turn.decision, shown_by(*turn.settings.settings()), io.output_topics()}, {}, {}, {}, facts_});
    view_->facts = facts_;
    output_history_.update(policy, turn.snapshot);
    view_->outputs.clear();
    for (std::size_t output = 0; output < policy.outputs.size(); ++output) view_->outputs.push_back(output_view(turn, output));
    sources_.view(turn.latest, io.health(now), turn.config, policy.control.power_stale, now, view_->sources);
    std::vector<SystemAlarm> active = lasting_alarms(turn, io);
    std::move(alarms.begin(), alarms.end(), std::back_inserter(active));
    view_->alarms = alarms_.update(active, now);
    run_recorder_.record(*view_, store_);
    view_->energies_wh.clear();
    for (const Miner& miner : policy.miners) view_->energies_wh.push_back(run_recorder_.energies().of(miner));
}

std::vector<SystemAlarm> TurnJournal::lasting_alarms(const DecidedTurn& turn, const SiteIo& io) const {
    std::vector<SystemAlarm> all;
    const auto fails = [](const auto& one) { return one.second.health.consecutive_failures > 0; };
    if (std::ranges::any_of(turn.latest, fails)) {
        std::vector<SourceHealth> healths;
        for (const auto& [name, latest] : turn.latest) healths.push_back(latest.health);
        all = alarms_of(healths, devices_of(turn.config), turn.snapshot.now);
    }
    const StoreHealth store = store_.health();
    const auto wall = turn.snapshot.clock_trusted ? std::optional(turn.snapshot.utc) : std::nullopt;
    for (const SystemAlarm& alarm : alarms_of(store)) all.push_back(alarm);
    for (const SystemAlarm& alarm : alarms_of(store.backups, turn.config.backup.has_value(), wall)) all.push_back(alarm);
    for (const SystemAlarm& alarm : io.alarms()) all.push_back(alarm);
    for (const auto& [name, alarm] : process_alarms_) all.push_back(alarm);
    for (const SystemAlarm& alarm : alarms_of(*turn.settings.settings(), turn.settings.unknown_zone())) all.push_back(alarm);
    return all;
}

OutputView TurnJournal::output_view(const DecidedTurn& turn, std::size_t output) const {
    const OutputMemory& memory = turn.decision.next.outputs[output];
    OutputView view;
    view.since = output_history_.since(turn.policy().outputs[output].id);
    if (!turn.config.control.live) return view;  // no order was sent
    if (memory.ordered) view.commanded = memory.on;
    view.level = memory.level;
    view.confirmed = run_recorder_.latency(output);
    view.since = memory.ordered_at.value_or(view.since);
    return view;
}

StatusSnapshot TurnJournal::status(const Config& config) const {
    std::vector<Topic> topics = reporter_.topics();
    renew_readings(*view_, topics);
    StatusSnapshot status = status_of_turn(*view_, topics, reporter_.alarms(), reporter_.tail(), store_.health());
    status.turn = turns_;
    status.rendered = reporter_.rendered_at();
    status.decisions = reporter_.decisions();
    status.newest_change = facts_.settings_change;
    status.series = series_sources(config);
    for (std::size_t output = 0; output < config.outputs.size(); ++output)
        status.outputs.push_back(row_of(config.outputs[output], user_of(view_->policy(), static_cast<Index>(output))));
    return status;
}

Explanations TurnJournal::explanations() const {
    Explanations all = explanations_of_turn(*view_);
    all.turn = turns_;
    return all;
}

}  // namespace volt
