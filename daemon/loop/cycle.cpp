#include "daemon/loop/cycle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/journal/rule_state_codec.hpp"
#include "daemon/site/output_release.hpp"
#include "rules/align.hpp"
#include "rules/outputs/exit.hpp"

namespace volt {

namespace {

constexpr const char* by_mqtt = "MQTT (mode/set)";

/// Sends this turn's commands, or drops them if they cannot be sent now, and queries the outputs that the decision asks about.
void carry_out(const Decision& decision, const Policy& policy, const TurnInputs& inputs, Outputs& outputs) {
    for (const Command& command : decision.commands) {
        const auto output = static_cast<std::size_t>(command.output);
        // Never send ON to an output that a reload is removing.
        if (command.on && inputs.is_releasing(output)) continue;
        OutputOrder order = order_of(command, policy);
        // The relay under test gets the timer of its proof.
        const LeaseTrial& trial = inputs.snapshot().lease_trial;
        if (trial.output == command.output) order.lease = trial.lease;
        outputs.send(output, order);
    }
    for (const Index output : decision.ask) outputs.ask(static_cast<std::size_t>(output));
}

/// Logs why a relay moved without a decision: one line for each command of a release.
void log_released(Log& log, const OutputWiring& output, const Command& command, bool sent, const char* why) {
    const std::string state = !command.on                        ? "OFF"
                              : output.kind == OutputKind::level ? fmt::format("level {}", command.level)
                                                                 : "ON";
    log.write(Level::info,
              fmt::format("{}: {} {}, because {}", output.id, state, sent ? "sent" : "not sent (broker offline)", why),
              {{"OUTPUT", output.id}});
}

void log_notes(Log& log, const std::vector<ChargeNote>& notes) {
    for (const ChargeNote& note : notes) log.write(Level::warning, note.text);
}

}  // namespace

Cycle::Cycle(CycleParts parts, const Config& config, std::shared_ptr<const Settings> settings, SiteFacts facts,
             std::unique_ptr<ZoneClock> zone)
    : store_(parts.store),
      log_(parts.log),
      settings_(std::move(settings), std::move(zone)),
      inputs_(parts.mailbox, parts.store, parts.wall, std::move(parts.clock_synchronised)),
      charge_(parts.charge),
      journal_(parts.log, parts.store, std::move(facts)) {
    configure(config);
}

void Cycle::restore(const std::string& rule_state, Time now, const std::map<std::string, std::int64_t>& run_energies) {
    auto restored = decode_rule_state(rule_state, settings_.policy(), inputs_.read_clock(now));
    if (restored) decision_.next = std::move(*restored);
    else log_.write(Level::warning, "The saved rule state cannot be read; starting without it");
    const ChargeMemories charge = decode_charge_memory(rule_state);
    charge_.restore(charge);
    journal_.state().begin(charge);
    journal_.energies().begin(rule_state, settings_.policy(), run_energies);
}

void Cycle::configure(const Config& config) {
    for (const std::string& id : to_shadow_.take_left_on()) journal_.set_alarm(AlarmCode::output_not_following, "", id);
    if (config.control.live || journal_.turns() == 0) to_shadow_.cancel();
    else if (config_.control.live) to_shadow_.begin();
    // Clear the lease-proof alarm of every output that is gone.
    for (const OutputConfig& old : config_.outputs)
        if (std::none_of(config.outputs.begin(), config.outputs.end(), [&](const auto& it) { return it.id == old.id; }))
            journal_.set_alarm(AlarmCode::no_lease, "", old.id);
    config_ = config;
    config_.control.leaving = to_shadow_.loads_go();
    config_.control.live = config.control.live || config_.control.leaving;
    charge_.configure(config);
    settings_.configure(config_);
    inputs_.configure(config_);
    journal_.forget_view();
}

void Cycle::hand_over_io(SiteIo& io, const std::vector<std::string>& outputs) {
    inputs_.requests().keep(io, settings_.policy(), inputs_.moment(), [this](SiteMode mode) { set_mode(mode, by_mqtt); });
    for (const std::string& output : outputs) forget_orders(decision_.next, settings_.policy(), output);
}

void Cycle::set_safe_mode(const std::string& text) {
    inputs_.set_safe_mode(!text.empty());
    journal_.set_alarm(AlarmCode::safe_mode, text);
}

void Cycle::set_mode(SiteMode mode, const std::string& who) {
    settings_.set_mode(mode, who, store_, config_);
    journal_.note_author("mode", "", who);
    journal_.forget_view();
}

void Cycle::turn(SiteIo& io, Time now) {
    // Input: broker messages, new settings, client requests; then the newest samples as one snapshot.
    io.turn(now);
    if (settings_.take_new(store_, config_)) journal_.note_settings(*settings_.settings());
    inputs_.take_requests(io, settings_.policy(), now, [this](SiteMode mode) { set_mode(mode, by_mqtt); });
    const SiteSnapshot& snapshot = inputs_.build_snapshot(io, settings_, now, charge_.proves_output());
    const Policy& policy = settings_.policy();
    // Decision, with its commands sent in the same turn.
    decide(snapshot, policy, decision_, memory_);
    inputs_.await_voltage(policy, decision_);
    carry_out(decision_, policy, inputs_, io.outputs());
    go_to_shadow(io.outputs());
    // Input of the charge block: policy, snapshot and decision of this turn. Only the journal knows whether its memory is stored.
    charge_.update(journal_.charge_turn(decided(), charge_));
    // Results: alarms of the charge limit, then log, topics, events and database rows.
    std::vector<SystemAlarm> alarms;
    if (const auto failed = charge_.failure(decision_.charge.blocked)) alarms.push_back(*failed);
    journal_.write(decided(), std::move(alarms), charge_, io);
    if (const auto ended = inputs_.lease_trials().turn(*journal_.view(), io.outputs())) journal_.note_trial(*ended, snapshot.utc);
}

void Cycle::go_to_shadow(Outputs& outputs) {
    const Policy& policy = settings_.policy();
    const ShadowTransition::Step step = to_shadow_.turn(policy, decision_, inputs_.snapshot(), outputs);
    for (const auto& [command, sent] : step.commands)
        log_released(log_, policy.outputs[static_cast<std::size_t>(command.output)], command, sent, "shadow mode begins");
    if (step.loads_done) {
        config_.control.live = config_.control.leaving = false;
        settings_.set_control(config_.control);
    }
    if (step.charger_stays_off)
        log_.write(Level::warning,
                   fmt::format("{} keeps the charger off because the battery is cold; shadow mode does not switch it back on",
                               policy.outputs[static_cast<std::size_t>(policy.charge_output)].id));
    for (const std::string& id : step.unconfirmed) {
        const std::string text = left_on_text(id, "did not confirm its last command before shadow mode began");
        journal_.set_alarm(AlarmCode::output_not_following, text, id);
        log_.write(Level::warning, text);
    }
    if (step.ended) log_.write(Level::info, "Shadow mode has started: voltd no longer switches anything");
}

void Cycle::shut_down(SiteIo& io, Time now, bool loads_off) {
    if (journal_.turns() == 0) return;
    const Policy& policy = settings_.policy();
    for (const Command& command : commands() ? exit_commands(policy, decision_.next, loads_off) : std::vector<Command>{})
        log_released(log_, policy.outputs[static_cast<std::size_t>(command.output)], command,
                     io.outputs().send(static_cast<std::size_t>(command.output), order_of(command, policy)), "voltd is stopping");
    inputs_.move_to(now);
    charge_.release(journal_.charge_turn(decided(), charge_));
    log_notes(log_, charge_.take_notes());
    journal_.save(decided(), charge_.memory());
    io.turn(now);
}

bool Cycle::release_charge(Time now, const std::vector<std::string>& devices) {
    if (journal_.turns() == 0) return false;
    inputs_.move_to(now);
    const bool waits = charge_.release(journal_.charge_turn(decided(), charge_), devices);
    log_notes(log_, charge_.take_notes());
    return waits;
}

std::string Cycle::prove_charge() {
    if (journal_.view() == nullptr) return "voltd has just started or reloaded; try again";
    std::string why = charge_.prove(journal_.charge_turn(decided(), charge_));
    journal_.show_charge(charge_.facts());
    return why;
}

DecisionInputs Cycle::decision_inputs() const {
    return {config_, settings_.settings(), settings_.policy(), inputs_.snapshot(), decision_.next};
}

}  // namespace volt
