// Sentences about loads: why one runs, stops or waits.
#include <fmt/format.h>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt {

namespace {

/// Verdict with the data for its sentence.
struct LoadSentence {
    const ExplainContext& scene;
    std::size_t load;
    const Verdict& verdict;
    const Policy& policy() const { return scene.policy; }
    bool numbers() const { return verdict.have && verdict.need; }
    std::int64_t have() const { return *verdict.have; }
    std::int64_t need() const { return *verdict.need; }
};

/// Returns "46.90 V is 0.10 V below the shutdown voltage of …" for limits of the site.
std::string site_voltage(const LoadSentence& c, const char* name, Volts limit) {
    const std::int64_t seen = c.numbers() && c.verdict.unit == Unit::volts ? c.have()
                              : c.scene.decision.battery.voltage           ? c.scene.decision.battery.voltage->steps
                                                                           : limit.steps;
    const std::string voltage = parts::voltage_seen(c.scene, seen, c.verdict.source);
    if (seen > limit.steps)
        return fmt::format("The battery was at its {} voltage of {}; it is now at {}", name, phrase(limit), voltage);
    if (seen == limit.steps) return fmt::format("{} is the {} voltage", voltage, name);
    return fmt::format("{} is {} below the {} voltage of {}", voltage, phrase_gap(seen, limit.steps, Unit::volts), name,
                       phrase(limit));
}

std::string voltage_stop(const LoadSentence& c) {
    if (!c.numbers()) return "The voltage is too low: " + parts::battery_now(c.scene);
    std::string text = parts::voltage_against(c.scene, c.load, c.have(), c.need(), c.verdict.source);
    if (c.verdict.reserve && text.find("reserve") == std::string::npos) text += " (reserve)";
    return text;
}

/// Returns "PV 5,900 W is 100 W below the 6,000 W it needs", or the text for unknown values.
std::string watts_stop(const LoadSentence& c, const char* what, const std::string& unknown) {
    if (!c.numbers()) return unknown;
    return fmt::format("{} {} is {} {} the {} it needs", what, phrase(Watts{c.have()}),
                       phrase_gap(c.have(), c.need(), Unit::watts), c.have() < c.need() ? "below" : "above",
                       phrase(Watts{c.need()}));
}

std::string inverter_stop(const LoadSentence& c) {
    if (!c.numbers()) return "The inverter load is too high";
    return fmt::format("The inverter load is {}, {} above the limit of {}", phrase(Watts{c.have()}),
                       phrase_gap(c.have(), c.need(), Unit::watts), phrase(Watts{c.need()}));
}

std::string runtime_stop(const LoadSentence& c) {
    return c.numbers() ? parts::ran_of(c.have(), c.need()) : parts::clause(Reason::runtime);
}

std::string trip_stop(const LoadSentence& c) {
    const Zone* zone = parts::zone_of(c.policy(), c.load);
    const std::string name = zone ? zone->name : "Its zone";
    if (!c.numbers() || c.verdict.unit != Unit::celsius)
        return name + " is too hot, or its temperature has been lost for too long";
    return fmt::format("{} is at {}; the limit is {}", name, phrase(Celsius{c.have()}), phrase(Celsius{c.need()}));
}

std::string blind_stop(const LoadSentence& c) {
    const BatteryPicture& battery = c.scene.decision.battery;
    return battery.refused || battery.last_voltage ? parts::no_voltage(c.scene) : "No usable voltage yet";
}

std::string schedule_stop(const LoadSentence& c) {
    const Miner* miner = parts::miner_of(c.policy(), c.load);
    return miner ? fmt::format("Its schedule ({}) is over", parts::hours_of(*miner)) : "Its schedule is over";
}

std::string heat_run(const LoadSentence& c) {
    const Zone* zone = parts::zone_of(c.policy(), c.load);
    if (!zone) return "Runs to heat its zone";
    const Celsius* now = nullptr;
    for (std::size_t i = 0; i < c.policy().zones.size() && i < c.scene.decision.zones.size(); ++i)
        if (&c.policy().zones[i] == zone && c.scene.decision.zones[i].temperature) now = &*c.scene.decision.zones[i].temperature;
    if (!now) return fmt::format("Runs to heat {}", zone->name);
    return fmt::format("Runs to heat {}: {}, wanted {}", zone->name, phrase(*now), phrase(zone->cold_ok));
}

std::string reason_text(const LoadSentence& c);

/// Describes the stop reason that waits for min_on_s.
std::string pending_stop(const LoadSentence& c) {
    if (c.verdict.waiting) {
        Verdict stop = c.verdict;
        stop.reason = *c.verdict.waiting;
        return reason_text({c.scene, c.load, stop});
    }
    if (!c.numbers()) return "a stop reason is active";
    if (c.verdict.unit == Unit::volts) return voltage_stop(c);
    return fmt::format("{} against a limit of {}", phrase(c.have(), c.verdict.unit), phrase(c.need(), c.verdict.unit));
}

std::string plain_run(const LoadSentence& c) {
    const auto& now = c.scene.decision.battery.voltage;
    const Miner* miner = parts::miner_of(c.policy(), c.load);
    if (!now) return "Runs without a usable voltage; " + parts::blind_end(c.scene);
    std::string text = "Runs at " + parts::battery_now(c.scene);
    if (miner && *now >= miner->stop)
        text += fmt::format(", {} above its stop voltage of {}", phrase(*now - miner->stop), phrase(miner->stop));
    if (c.numbers() && c.verdict.remaining)
        text += fmt::format("; stops in {}: {}", phrase(*c.verdict.remaining), pending_stop(c));
    return text;
}

std::string min_on_run(const LoadSentence& c) {
    return fmt::format("Should stop ({}), but is finishing its minimum run", pending_stop(c)) + parts::left(c.verdict.remaining);
}

std::string manual_run(const LoadSentence& c) {
    if (c.verdict.lease_trial) return "Turned on to prove that its relay's lease timer turns it off";
    return "Manually on" + parts::override_end(c.scene, c.verdict.override_until);
}

/// Returns the sentence for the reason that stops or blocks a load.
std::string reason_text(const LoadSentence& c) {
    const Preferences& limits = c.policy().preferences;
    switch (c.verdict.reason) {
        case Reason::mode_off:
            return c.policy().control.leaving ? "The site is changing to shadow mode" : parts::clause(c.verdict.reason);
        case Reason::shutdown: return site_voltage(c, "shutdown", limits.shutdown);
        case Reason::critical: return site_voltage(c, "critical", limits.critical_low);
        case Reason::emergency: return voltage_stop(c);
        case Reason::trip: return trip_stop(c);
        case Reason::blind: return blind_stop(c);
        case Reason::fault: return parts::output_problem(c.scene, c.load);
        case Reason::override_off: return parts::turned_off(c.scene, c.verdict);
        case Reason::preempted: return "It frees power for " + parts::other_load(c.policy(), c.verdict.subject);
        case Reason::runtime: return runtime_stop(c);
        case Reason::voltage: return voltage_stop(c);
        case Reason::budget: return explain_budget_stop(c.scene, c.load);
        case Reason::inverter: return inverter_stop(c);
        case Reason::power: return watts_stop(c, "Free power", parts::clause(c.verdict.reason));
        case Reason::schedule: return schedule_stop(c);
        case Reason::sun: return watts_stop(c, "PV", "Too little sun, or PV power is unknown");
        case Reason::excess: return watts_stop(c, "Excess", "Too little excess power, or it is unknown");
        case Reason::weather: return "It is not sunny, or the weather is unknown";
        case Reason::disabled:
        case Reason::safe_mode:
        case Reason::lease:
        case Reason::source:
        case Reason::predicted_sag: return parts::clause(c.verdict.reason);
        case Reason::output: return parts::output_problem(c.scene, c.load);
        case Reason::stage: return explain_stage(c.scene);
        case Reason::rest:
        case Reason::starts: return parts::clause(c.verdict.reason) + parts::left(c.verdict.remaining);
        case Reason::priority:
            return fmt::format("Waiting for {} to start first", parts::other_load(c.policy(), c.verdict.subject));
        case Reason::stagger: return parts::stagger_wait(c.policy(), c.verdict.subject, c.verdict.remaining);
        case Reason::zone: return "Its zone is too hot, or its sensor or fan does not work";
        case Reason::hold: return "Waiting for its start conditions to hold" + parts::left(c.verdict.remaining);
        case Reason::running: return plain_run(c);
        case Reason::min_on: return min_on_run(c);
        case Reason::held_back:
            if (given_by_bridge(c.scene) > Energy{}) return explain_bridge(c.scene);
            return "Runs on sun that would otherwise be wasted: " + parts::battery_now(c.scene);
        case Reason::override_on: return manual_run(c);
        case Reason::heat: return heat_run(c);
    }
    return name_of(c.verdict.reason);
}

/// Returns the gate that keeps a waiting load off.
const Gate* deciding_gate(const Verdict& verdict) {
    for (const Gate& gate : verdict.gates) {
        if (gate.passes) continue;
        if (verdict.reason == Reason::hold ? gate.hold : gate.reason == verdict.reason && !gate.hold) return &gate;
    }
    return nullptr;
}

/// Returns true for severe reasons, which concern the site and not a gate: their text is the same for a stop and a blocked start.
bool says_it_itself(Reason reason) { return reason <= Reason::preempted && reason != Reason::trip && reason != Reason::fault; }

std::string start_suffix(const LoadSentence& c) {
    switch (c.verdict.override_) {
        case OverrideKind::on: return c.verdict.lease_trial ? ", to prove its relay's lease timer" : ", manually";
        case OverrideKind::automatic:
        case OverrideKind::off:
        case OverrideKind::level: break;
    }
    if (c.verdict.reason == Reason::held_back) return ", on sun that would otherwise be wasted";
    if (c.verdict.reason == Reason::heat) return ", to heat";
    return {};
}

/// Returns true if a load was already on and keeps running: voltd sent no ON.
bool is_adopted(const LoadSentence& c) {
    const Index output = parts::output_of(c.policy(), c.load);
    const auto& orders = c.scene.decision.next.outputs;
    if (output == no_index || static_cast<std::size_t>(output) >= orders.size()) return false;
    const OutputMemory& order = orders[static_cast<std::size_t>(output)];
    return order.ordered && order.on && !order.ordered_at;
}

std::string start_text(const LoadSentence& c) {
    if (!parts::shadow(c.scene) && is_adopted(c))
        return fmt::format("{} is already on and keeps running: {}", load_name(c.policy(), c.load), parts::battery_now(c.scene));
    return fmt::format("{}: {}{}", parts::verb(c.scene, "Start", load_name(c.policy(), c.load)), parts::battery_now(c.scene),
                       start_suffix(c));
}

}  // namespace

std::string load_slug(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? heat_of(parts::zone_of(policy, load)->slug) : policy.miners[load].slug;
}

std::string load_name(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? parts::zone_of(policy, load)->name + " heater" : policy.miners[load].name;
}

namespace {

/// Returns "Would run: 52.30 V (65 %), 5.30 V above …" for a load that the rules want on in shadow.
std::string would_run(const LoadSentence& c) {
    std::string text = reason_text(c);
    for (const std::string begins : {"Runs at ", "Runs"})
        if (text.starts_with(begins)) return (begins == "Runs" ? "Would run" : "Would run: ") + text.substr(begins.size());
    return "Would run: " + text;
}

std::string why(const LoadSentence& c);

std::string shadow_why(const LoadSentence& c) {
    Verdict verdict = c.verdict;
    if (verdict.wanted) return would_run(c);
    verdict.state = LoadState::off;
    const std::string text = why({c.scene, c.load, verdict});
    return c.verdict.state == LoadState::on ? "Would be off: " + text : text;
}

std::string why(const LoadSentence& c) {
    const Verdict& verdict = c.verdict;
    if (parts::shadow(c.scene) && (verdict.wanted || verdict.state == LoadState::on)) return shadow_why(c);
    if (verdict.wanted && verdict.state == LoadState::unknown) return parts::output_problem(c.scene, c.load);
    if (verdict.wanted)
        return verdict.state == LoadState::off || verdict.state == LoadState::starting ? start_text(c) : reason_text(c);
    const bool stops = verdict.state == LoadState::on || verdict.state == LoadState::stopping;
    if (!stops && !says_it_itself(verdict.reason))
        if (const Gate* gate = deciding_gate(verdict)) return explain_gate(c.scene, c.load, *gate);
    return reason_text(c);
}

}  // namespace

/// Explains the load. The rules name the most severe gate, but a missing output is shown first.
static std::string load_words(const ExplainContext& scene, std::size_t load) {
    const LoadSentence c{scene, load, scene.decision.verdicts[load]};
    const bool names_output = c.verdict.reason == Reason::output || c.verdict.reason == Reason::fault;
    if (c.verdict.denied && c.verdict.reason != Reason::output) return "Its output " + parts::denial(scene, load) + ". " + why(c);
    if (names_output || c.verdict.state != LoadState::fault || parts::output_of(scene.policy, load) != no_index) return why(c);
    return parts::output_problem(scene, load) + ". " + why(c);
}

static std::string change_words(const ExplainContext& scene, std::size_t load) {
    const Verdict& verdict = scene.decision.verdicts[load];
    const LoadSentence c{scene, load, verdict};
    if (verdict.wanted) return start_text(c);
    const bool own_words = c.numbers() || says_it_itself(verdict.reason) || verdict.reason == Reason::budget;
    const Gate* gate = own_words ? nullptr : deciding_gate(verdict);
    return fmt::format("{}: {}", parts::verb(scene, "Stop", load_name(scene.policy, load)),
                       gate ? explain_gate(scene, load, *gate) : reason_text(c));
}

std::string explain_load(const ExplainContext& scene, std::size_t load) {
    return in_units(load_words(scene, load), scene.shown.fahrenheit);
}

std::string explain_change(const ExplainContext& scene, std::size_t load) {
    return in_units(change_words(scene, load), scene.shown.fahrenheit);
}

}  // namespace volt
