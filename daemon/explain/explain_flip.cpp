// What would change a load, a fan or the charge order: a number if there is one, else what must happen or be done.
#include "daemon/explain/explain_flip.hpp"

#include <fmt/format.h>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/limits.hpp"
#include "rules/loads/gates.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

/// A waiting load and the gate that decides.
struct FlipSentence {
    const ExplainContext& scene;
    std::size_t load;
    const Gate& gate;
    bool numbers() const { return gate.have && gate.need; }
    std::string slug() const { return load_slug(scene.policy, load); }
    std::string zone() const {
        const Zone* zone = parts::zone_of(scene.policy, load);
        return zone != nullptr ? zone->name : "its zone";
    }
    /// "in 4 min", if only time changes it.
    std::string wait() const { return gate.remaining ? "in " + phrase(*gate.remaining) : ""; }
};

std::string joined(const std::string& first, const char* between, const std::string& second) {
    return first.empty() ? second : first + between + second;
}

std::string enabled_flip(const FlipSentence& b) {
    if (!is_heater(b.scene.policy, b.load)) return fmt::format("enabling it: `voltctl miners set {} enabled=yes`", b.slug());
    return fmt::format("enabling {0} and its heating: `voltctl zones set {1} enabled=yes heating_enabled=yes`", b.zone(),
                       parts::zone_of(b.scene.policy, b.load)->slug);
}

std::string output_flip(const FlipSentence& b) {
    const Index output = parts::output_of(b.scene.policy, b.load);
    if (output == no_index)
        return "an output of that name in voltd.yaml, or a different output in its settings (see `voltctl config check`)";
    if (!b.scene.snapshot.broker_up) return "the MQTT broker coming back online";
    const OutputReport& report = b.scene.snapshot.outputs[static_cast<std::size_t>(output)];
    const std::string id = parts::output_id_of(b.scene.policy, b.load);
    if (!report.available) return "its output coming back online: check the power and network of " + id;
    if (report.state == OutputState::unknown || !report.state_received)
        return joined(b.wait(), ", or ", "its output reporting its state: `voltctl outputs test " + id + "`");
    if (parts::waits_for_others(b.scene, b.load)) return joined(b.wait(), ", or ", "the reports of the other outputs");
    return joined(b.wait(), ", or ", "its output obeying: `voltctl outputs test " + id + "`");
}

std::string mode_flip(const FlipSentence& b) {
    if (b.scene.policy.preferences.mode == SiteMode::off) return "a different site mode: `voltctl mode balanced`";
    return "the end of safe mode: `voltctl safe-mode end`";
}

std::string stage_flip(const FlipSentence& b) {
    const BatteryPicture& battery = b.scene.decision.battery;
    if (battery.stage == Stage::blind || !b.numbers()) return "a usable voltage (see `voltctl alarms`)";
    const std::string more = phrase_gap(*b.gate.have, *b.gate.need, Unit::volts) + " more";
    const Volts need{*b.gate.need};
    if (battery.stage == Stage::low) return fmt::format("{}: {} for {}", more, phrase(need), phrase(limits::stage_rises_after));
    if (*b.gate.have < *b.gate.need)
        return fmt::format("{}: {} for {}", more, phrase(need), phrase(b.scene.policy.control.restart_hold));
    return joined(b.wait(), ", ", fmt::format("if the voltage stays at {} or above", phrase(need)));
}

std::string source_flip(const FlipSentence& b) {
    if (b.numbers() && b.gate.unit == Unit::count)
        return fmt::format("{} more good voltage samples", *b.gate.need - *b.gate.have);
    return joined(b.wait(), ", ", "the preferred voltage source being good for " + phrase(limits::source_returns_after));
}

std::string weather_flip(const FlipSentence& b) {
    const bool sunny = b.scene.snapshot.sunny.value.value_or(false);
    return sunny ? joined(b.wait(), ", ", "if it stays sunny") : std::string("sunny weather (`weather` in voltd.yaml)");
}

std::string zone_flip(const FlipSentence& b) {
    if (is_heater(b.scene.policy, b.load))
        return fmt::format("when {} gets cold, there is enough sun, and its fan is off", b.zone());
    const bool tripped = b.gate.reason == Reason::trip;
    if (!b.numbers()) return fmt::format("a usable temperature of {}", b.zone());
    const std::int64_t have = *b.gate.have, need = *b.gate.need;
    if (tripped)
        return fmt::format("{} cooler: {} must cool to {}", phrase_gap(have, need, Unit::celsius), b.zone(),
                           phrase(Celsius{need}));
    if (have >= need)
        return fmt::format("{} cooler: {} must be below {}", phrase_gap(have, need - 1, Unit::celsius), b.zone(),
                           phrase(Celsius{need}));
    return fmt::format("the fan of {} working: see `voltctl alarms`", b.zone());
}

std::string power_flip(const FlipSentence& b, const char* what) {
    if (b.wait().empty() && !b.numbers()) return fmt::format("a usable reading of {} (see `voltctl alarms`)", what);
    return {};
}

/// A text if a number does not suffice; empty: a number or a time does.
std::string words_of(const FlipSentence& b) {
    switch (b.gate.name) {
        case GateName::enabled: return enabled_flip(b);
        case GateName::output: return output_flip(b);
        case GateName::lease: return "a confirmed lease timer of its output (see `voltctl outputs list`)";
        case GateName::mode: return mode_flip(b);
        case GateName::override_: return fmt::format("`voltctl override {} auto`, or the end of the override", b.slug());
        case GateName::stage: return stage_flip(b);
        case GateName::source: return source_flip(b);
        case GateName::weather: return weather_flip(b);
        case GateName::budget: return explain_budget_flip(b.scene, b.load, b.gate);
        case GateName::zone: return zone_flip(b);
        case GateName::schedule: return b.scene.snapshot.clock_trusted ? "" : "a set clock (see `timedatectl`)";
        case GateName::voltage: return power_flip(b, "the voltage");
        case GateName::sun: return power_flip(b, "PV power");
        case GateName::excess: return power_flip(b, "the excess power");
        case GateName::power: return power_flip(b, "the site power");
        case GateName::inverter: return power_flip(b, "the inverter load");
        case GateName::priority:
            return joined(
                b.wait(), ", or ",
                fmt::format("when {} has started or needs no more power", parts::other_load(b.scene.policy, b.gate.subject)));
        case GateName::predicted_sag:
        case GateName::runtime:
        case GateName::rest:
        case GateName::starts:
        case GateName::stagger: return b.wait();
    }
    return {};
}

FlipWords flip_of_waiting(const ExplainContext& scene, std::size_t load) {
    const Verdict& verdict = scene.decision.verdicts[load];
    const Gate* gate = deciding(verdict.gates);
    if (verdict.reason == Reason::output)
        for (const Gate& it : verdict.gates)
            if (it.name == GateName::output && !it.passes) gate = &it;
    if (gate == nullptr) return {name_of(verdict.reason), "any moment; nothing blocks it"};
    std::string text = words_of({scene, load, *gate});
    if (text.empty()) text = explain_flip(verdict);
    if (text.empty())
        text = gate->remaining ? "in " + phrase(*gate->remaining) : "when this changes: " + explain_gate(scene, load, *gate);
    return {name_of(gate->name), text};
}

/// A heater stops when its zone is warm.
std::string heater_stop(const ExplainContext& scene, std::size_t load) {
    const std::size_t index = load - scene.policy.miners.size();
    const auto& now = scene.decision.zones[index].temperature;
    const Celsius warm = scene.policy.zones[index].cold_ok;
    if (!now || *now >= warm) return "as soon as possible";
    return fmt::format("{} warmer: off at {}", phrase_kelvin(warm - *now), phrase(warm));
}

FlipWords flip_of_running(const ExplainContext& scene, std::size_t load) {
    const Verdict& verdict = scene.decision.verdicts[load];
    if (verdict.remaining && verdict.reason == Reason::min_on)
        return {"min_on", fmt::format("in {}, after its minimum run time", phrase(*verdict.remaining))};
    if (verdict.remaining && verdict.have && verdict.need)
        return {"hold", fmt::format("in {}, if nothing changes", phrase(*verdict.remaining))};
    if (is_heater(scene.policy, load)) return {"temperature", heater_stop(scene, load)};
    if (!verdict.flip) return {"blind", "a usable voltage, or the end of the grace period without one"};
    const Volts stop = parts::miner_of(scene.policy, load)->stop;
    return {name_of(verdict.flip->gate), fmt::format("{}: it stops below {}", explain_flip(verdict), phrase(stop))};
}

}  // namespace

FlipWords explain_flip(const ExplainContext& scene, std::size_t load) {
    FlipWords words = scene.decision.verdicts[load].wanted ? flip_of_running(scene, load) : flip_of_waiting(scene, load);
    words.text = in_units(words.text, scene.shown.fahrenheit);
    return words;
}

static std::string fan_flip_words(const ExplainContext& scene, std::size_t index) {
    const Zone& zone = scene.policy.zones[index];
    const ZoneVerdict& verdict = scene.decision.zones[index];
    if (verdict.reason == ZoneReason::override_)
        return fmt::format("`voltctl override {}/fan auto`, or the end of the override", zone.slug);
    if (zone.fan == no_index && !zone.fan_id.empty())
        return fmt::format(
            "an output {} in voltd.yaml, or a different output in the zone's settings (see `voltctl config check`)", zone.fan_id);
    if (!verdict.temperature)
        return zone.sensor == no_index
                   ? fmt::format("a sensor in voltd.yaml and in the zone's settings: `voltctl zones set {} sensor_id=…`",
                                 zone.slug)
                   : std::string("a usable temperature");
    const Celsius now = *verdict.temperature;
    if (verdict.reason == ZoneReason::run_on && verdict.remaining) return "in " + phrase(*verdict.remaining);
    if (verdict.fan_wanted == 0 && now < zone.too_hot)
        return fmt::format("{} warmer: starts at {}", phrase_kelvin(zone.too_hot - now), phrase(zone.too_hot));
    if (verdict.fan_wanted > 0 && now > zone.hot_ok)
        return fmt::format("{} cooler: off at {}", phrase_kelvin(now - zone.hot_ok), phrase(zone.hot_ok));
    return {};
}

static std::string charge_flip_words(const ExplainContext& scene) {
    const ChargeVerdict& charge = scene.decision.charge;
    const Preferences& limits = scene.policy.preferences;
    if (charge.reason == ChargeReason::overvoltage)
        return fmt::format("{} or less for {}", phrase(limits.full), phrase(scene.policy.control.charge_release_hold));
    if (!charge.limit) return "a zone that guards it: `voltctl zones set ZONE block_charging_enabled=yes`";
    const std::optional<Celsius> decides = charge.by_other && charge.other_usable ? charge.other_temperature : charge.temperature;
    if (!decides) return "a usable battery temperature";
    const Celsius release = *charge.limit + scene.policy.control.charge_release;
    if (!charge.blocked && *decides >= *charge.limit)
        return fmt::format("{} cooler: blocked below {}", phrase_kelvin(*decides - *charge.limit), phrase(*charge.limit));
    if (charge.blocked && *decides < release)
        return fmt::format("{} warmer: released at {}, held for {}", phrase_kelvin(release - *decides), phrase(release),
                           phrase(scene.policy.control.charge_release_hold));
    return charge.remaining ? "in " + phrase(*charge.remaining) + ", if nothing changes" : "";
}

std::string explain_fan_flip(const ExplainContext& scene, std::size_t index) {
    return in_units(fan_flip_words(scene, index), scene.shown.fahrenheit);
}

std::string explain_charge_flip(const ExplainContext& scene) {
    return in_units(charge_flip_words(scene), scene.shown.fahrenheit);
}

}  // namespace volt
