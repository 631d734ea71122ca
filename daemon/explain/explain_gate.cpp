// Sentences of gates: one for each reason a load may not start.
#include <fmt/format.h>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

using parts::left;

/// Gate with the data for its sentence.
struct GateSentence {
    const ExplainContext& scene;
    std::size_t load;
    const Gate& gate;
    bool numbers() const { return gate.have && gate.need; }
    std::int64_t have() const { return *gate.have; }
    std::int64_t need() const { return *gate.need; }
    /// Returns the missing amount for a gate that needs at least `need`.
    std::string missing() const { return phrase_gap(have(), need(), gate.unit); }
};

std::string output_text(const GateSentence& q) {
    const bool others = parts::waits_for_others(q.scene, q.load);
    return parts::output_problem(q.scene, q.load) + left(q.gate.remaining, others ? "at most" : "until the next try");
}

std::string override_text(const GateSentence& q) { return parts::turned_off(q.scene, q.scene.decision.verdicts[q.load]); }

std::string mode_text(const GateSentence& q) {
    if (q.gate.reason == Reason::safe_mode || q.scene.policy.preferences.mode != SiteMode::off)
        return parts::clause(Reason::safe_mode);
    return parts::clause(Reason::mode_off);
}

std::string source_text(const GateSentence& q) {
    if (q.numbers() && q.gate.unit == Unit::count && q.have() < q.need())
        return fmt::format("{} of {} good voltage samples since voltd started", q.have(), q.need());
    if (!q.scene.decision.battery.degraded) return parts::clause(Reason::source);
    return "The preferred voltage source is offline; loads do not start on a fallback source" + left(q.gate.remaining);
}

std::string voltage_text(const GateSentence& q) {
    if (!q.numbers())
        return (q.scene.decision.battery.refused ? parts::no_voltage(q.scene) : "No usable voltage") + left(q.gate.remaining);
    const Index source = q.scene.decision.verdicts[q.load].source;
    const std::string text = parts::voltage_against(q.scene, q.load, q.have(), q.need(), source);
    return q.have() < q.need() ? text : text + parts::stay(q.gate.remaining);
}

std::string sag_text(const GateSentence& q) {
    if (!q.numbers()) return parts::clause(Reason::predicted_sag);
    const std::string whose = q.gate.subject == no_index ? parts::voltage_limit(q.scene, q.load, q.need())
                                                         : fmt::format("{} for {}", phrase(Volts{q.need()}),
                                                                       parts::other_load(q.scene.policy, q.gate.subject));
    return fmt::format("Starting it would pull the voltage down to {}; it must stay above {}", phrase(Volts{q.have()}), whose);
}

std::string schedule_text(const GateSentence& q) {
    const Miner* miner = parts::miner_of(q.scene.policy, q.load);
    const std::string hours = miner ? parts::hours_of(*miner) : "";
    if (!q.scene.snapshot.clock_trusted) return fmt::format("The clock is not set, and it runs only {}", hours);
    return fmt::format("Outside its schedule ({})", hours) +
           (q.gate.remaining ? ", which starts in " + phrase(*q.gate.remaining) : "");
}

/// Returns "PV 6,200 W is 1,800 W below the 8,000 W it needs".
std::string watts_text(const GateSentence& q, const char* what, const char* unknown) {
    if (!q.numbers()) return unknown;
    const std::string have = fmt::format("{} {}", what, phrase(Watts{q.have()}));
    if (q.have() < q.need()) return fmt::format("{} is {} below the {} it needs", have, q.missing(), phrase(Watts{q.need()}));
    return fmt::format("{} reaches the {} it needs", have, phrase(Watts{q.need()})) + parts::stay(q.gate.remaining);
}

std::string excess_text(const GateSentence& q) {
    if (!q.numbers() && q.gate.remaining)
        return "A start on wasted sun did not last" + left(q.gate.remaining, "until the next try");
    return watts_text(q, "Excess", "Excess power is unknown, and it runs on excess power only");
}

std::string weather_text(const GateSentence& q) {
    if (!q.scene.snapshot.sunny.value) return "The weather is unknown, and it runs only in sunshine";
    if (!*q.scene.snapshot.sunny.value) return "It is not sunny";
    return "Sunny, but not for long enough or not reported recently" + parts::stay(q.gate.remaining);
}

std::string power_text(const GateSentence& q) {
    if (!q.numbers()) return parts::clause(Reason::power);
    const std::optional<Amps>& allowed = q.scene.decision.power.discharge_limit;
    if (q.have() < q.need() && allowed && allowed->steps == 0) return "The BMS allows no discharge (0 A in register 308)";
    const std::string free = "Free power " + phrase(Watts{q.have()});
    const std::optional<Volts>& voltage = q.scene.decision.battery.voltage;
    const bool by_bms = allowed && voltage && allowed->steps * voltage->steps < q.need() * 10'000;
    if (q.have() < q.need())
        return fmt::format("{} is {} below its draw of {}{}", free, q.missing(), phrase(Watts{q.need()}),
                           by_bms ? ", and the BMS allows " + phrase(*allowed) + " of discharge (register 308)" : "");
    return fmt::format("{} covers its draw of {}", free, phrase(Watts{q.need()})) + parts::stay(q.gate.remaining);
}

std::string priority_text(const GateSentence& q) {
    const std::string most = q.gate.remaining ? fmt::format(" (at most {})", phrase(*q.gate.remaining)) : "";
    return fmt::format("Waiting for {} to start first{}", parts::other_load(q.scene.policy, q.gate.subject), most);
}

std::string inverter_text(const GateSentence& q) {
    if (!q.numbers()) return "The inverter load is unknown";
    return fmt::format("With it, the inverter load would be {} (limit {})", phrase(Watts{q.have()}), phrase(Watts{q.need()})) +
           left(q.gate.remaining);
}

std::string runtime_text(const GateSentence& q) {
    if (!q.numbers() || q.have() < q.need()) return parts::clause(Reason::runtime) + left(q.gate.remaining, "to rest");
    return parts::ran_of(q.have(), q.need()) + left(q.gate.remaining, "to wait");
}

std::string rest_text(const GateSentence& q) {
    if (!q.gate.remaining) return parts::clause(Reason::rest);
    return fmt::format("It must rest for {} more", phrase(*q.gate.remaining));
}

std::string starts_text(const GateSentence& q) {
    if (!q.numbers()) return parts::clause(Reason::starts) + left(q.gate.remaining, "to wait");
    return fmt::format("It started {} in the last hour; {} allowed", q.have() == 1 ? "once" : fmt::format("{} times", q.have()),
                       q.need() == 1 ? "1 is" : fmt::format("{} are", q.need())) +
           left(q.gate.remaining, "to wait");
}

std::string stagger_text(const GateSentence& q) { return parts::stagger_wait(q.scene.policy, q.gate.subject, q.gate.remaining); }

/// Explains why the heater of a zone is not requested.
std::string heat_text(const GateSentence& q) {
    const std::size_t index = q.load - q.scene.policy.miners.size();
    const ZoneVerdict& verdict = q.scene.decision.zones[index];
    const std::string& name = q.scene.policy.zones[index].name;
    if (!verdict.heat_wanted) return "No heat needed: " + explain_zone(q.scene, index);
    if (verdict.heat == HeatSource::miner) return fmt::format("A miner heats {}", name);
    return fmt::format("The {} fan is not confirmed off, or another heat source comes first", name);
}

std::string zone_text(const GateSentence& q) {
    if (is_heater(q.scene.policy, q.load)) return heat_text(q);
    const Zone* zone = parts::zone_of(q.scene.policy, q.load);
    const std::string name = zone ? zone->name : "Its zone";
    if (q.gate.reason == Reason::trip) {
        if (!q.numbers()) return name + " was too hot or had no temperature reading; it must cool down first";
        return fmt::format("{} was too hot; it is at {} and must cool to {}", name, phrase(Celsius{q.have()}),
                           phrase(Celsius{q.need()}));
    }
    if (!q.numbers()) return name + " has no usable temperature, or its fan does not work";
    if (q.have() < q.need()) return fmt::format("{} is at {}, but its fan does not work", name, phrase(Celsius{q.have()}));
    return fmt::format("{} is at {}; it must be below {}", name, phrase(Celsius{q.have()}), phrase(Celsius{q.need()}));
}

std::string stage_text(const GateSentence& q) { return explain_stage(q.scene); }

std::string blocking(const GateSentence& q) {
    switch (q.gate.name) {
        case GateName::enabled: return parts::clause(Reason::disabled);
        case GateName::output: return output_text(q);
        case GateName::lease: return parts::clause(Reason::lease);
        case GateName::mode: return mode_text(q);
        case GateName::override_: return override_text(q);
        case GateName::stage: return stage_text(q);
        case GateName::source: return source_text(q);
        case GateName::voltage: return voltage_text(q);
        case GateName::predicted_sag: return sag_text(q);
        case GateName::schedule: return schedule_text(q);
        case GateName::sun: return watts_text(q, "PV", "PV power is unknown, and it needs solar power");
        case GateName::excess: return excess_text(q);
        case GateName::weather: return weather_text(q);
        case GateName::budget: return explain_budget_wait(q.scene, q.load, q.gate);
        case GateName::power: return power_text(q);
        case GateName::priority: return priority_text(q);
        case GateName::inverter: return inverter_text(q);
        case GateName::runtime: return runtime_text(q);
        case GateName::rest: return rest_text(q);
        case GateName::starts: return starts_text(q);
        case GateName::stagger: return stagger_text(q);
        case GateName::zone: return zone_text(q);
    }
    return name_of(q.gate.name);
}

}  // namespace

bool is_upper_limit(GateName gate) {
    return gate == GateName::inverter || gate == GateName::runtime || gate == GateName::starts || gate == GateName::zone;
}

static std::string gate_words(const ExplainContext& scene, std::size_t load, const Gate& gate) {
    const GateSentence question{scene, load, gate};
    if (!gate.passes) return blocking(question);
    if (gate.waived) return "Waived";
    if (!question.numbers()) return "Passes";
    return fmt::format("Passes: {}, {} {}", phrase(*gate.have, gate.unit), is_upper_limit(gate.name) ? "at most" : "at least",
                       phrase(*gate.need, gate.unit));
}

std::string explain_gate(const ExplainContext& scene, std::size_t load, const Gate& gate) {
    return in_units(gate_words(scene, load, gate), scene.shown.fahrenheit);
}

}  // namespace volt
