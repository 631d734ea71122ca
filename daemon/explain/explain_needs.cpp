#include "daemon/explain/explain_needs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

/// Failing gate of a waiting load.
struct Need {
    const ExplainContext& scene;
    std::size_t load;
    const Gate& gate;
    bool numbers() const { return gate.have && gate.need; }
    std::int64_t gap() const { return *gate.need - *gate.have; }
    std::string slug() const { return load_slug(scene.policy, load); }
    std::string zone() const {
        const Zone* zone = parts::zone_of(scene.policy, load);
        return zone != nullptr ? zone->name : "its zone";
    }
};

// ---- acts

std::string enabling(const Need& need) {
    if (!is_heater(need.scene.policy, need.load))
        return fmt::format("enable it: `voltctl miners set {} enabled=yes`", need.slug());
    return fmt::format("enable {0} and its heating: `voltctl zones set {1} enabled=yes heating_enabled=yes`", need.zone(),
                       parts::zone_of(need.scene.policy, need.load)->slug);
}

/// Returns what a person must do for this gate, or an empty string if nothing.
std::string act_for(const Need& need) {
    switch (need.gate.name) {
        case GateName::enabled: return enabling(need);
        case GateName::output:
            if (parts::output_of(need.scene.policy, need.load) != no_index) return {};
            return "add its output to voltd.yaml, or choose a different output in its settings (see `voltctl config check`)";
        case GateName::mode:
            return need.scene.policy.preferences.mode == SiteMode::off ? "choose another site mode: `voltctl mode balanced`"
                                                                       : "end safe mode: `voltctl safe-mode end`";
        case GateName::override_:
            return need.gate.remaining ? "" : fmt::format("end its override: `voltctl override {} auto`", need.slug());
        case GateName::starts: return need.gate.remaining ? "" : "allow it a start: max_starts_per_hour is 0";
        case GateName::schedule: return need.scene.snapshot.clock_trusted ? "" : "set the clock (see `timedatectl`)";
        default: return {};
    }
}

// ---- levels

/// Rounds up to the displayed precision: 100 W from 1 kW on, else 10 W.
std::string gap_watts(std::int64_t gap) {
    const std::int64_t step = gap >= 1000 ? 100 : 10;
    return phrase_kw(ceil_div(gap, step) * step);
}

std::string gap_volts(std::int64_t gap) {
    if (gap < 10) return phrase(Volts{gap});
    return fmt::format("{}.{} V", (gap + 5) / 100, (gap + 5) % 100 / 10);
}

std::string output_level(const Need& need) {
    const Index output = parts::output_of(need.scene.policy, need.load);
    if (!need.scene.snapshot.broker_up) return "the MQTT broker back online";
    const OutputReport& report = need.scene.snapshot.outputs[static_cast<std::size_t>(output)];
    const std::string id = parts::output_id_of(need.scene.policy, need.load);
    if (!report.available) return fmt::format("{} back online: check its power and network", id);
    if (report.state == OutputState::unknown || !report.state_received)
        return fmt::format("a report from {0}: `voltctl outputs test {0}`", id);
    if (report.timer_trap == TimerTrap::disputed) return fmt::format("a topic of its own for each device on {}", id);
    if (parts::waits_for_others(need.scene, need.load)) return "the reports of the other outputs";
    return fmt::format("{0} to obey: `voltctl outputs test {0}`", id);
}

std::string source_level(const Need& need) {
    if (need.numbers() && need.gate.unit == Unit::count)
        return need.gap() == 1 ? std::string("1 more good voltage sample")
                               : fmt::format("{} more good voltage samples", need.gap());
    return "the preferred voltage source, good for " + phrase(limits::source_returns_after);
}

std::string zone_level(const Need& need) {
    if (is_heater(need.scene.policy, need.load))
        return fmt::format("{} cold enough to heat, enough sun for it, and its fan off", need.zone());
    if (!need.numbers()) return fmt::format("a usable temperature of {}", need.zone());
    const std::int64_t have = *need.gate.have, limit = *need.gate.need;
    if (need.gate.reason == Reason::trip)
        return fmt::format("{} down to {}, {} cooler", need.zone(), phrase(Celsius{limit}),
                           phrase_gap(have, limit, Unit::celsius));
    if (have < limit) return fmt::format("a working {} fan (see `voltctl alarms`)", need.zone());
    return fmt::format("{} below {}, {} cooler", need.zone(), phrase(Celsius{limit}), phrase_gap(have, limit - 1, Unit::celsius));
}

std::string priority_level(const Need& need) {
    const std::string other = parts::other_load(need.scene.policy, need.gate.subject);
    if (!need.gate.remaining) return other + " first";
    return fmt::format("{} first ({} at the latest)", other, parts::moment_of(need.scene, *need.gate.remaining));
}

/// Returns a level that no other gate can be merged with, or an empty level if only time or a person opens the gate.
std::string level_for(const Need& need) {
    switch (need.gate.name) {
        case GateName::output: return output_level(need);
        case GateName::lease:
            return fmt::format("a confirmed lease timer on {} (see `voltctl outputs list`)",
                               parts::output_id_of(need.scene.policy, need.load));
        case GateName::source: return source_level(need);
        case GateName::weather:
            return need.scene.snapshot.sunny.value.value_or(false) ? "sunny weather, reported again"
                                                                   : "sunny weather (`weather` in voltd.yaml)";
        case GateName::budget: return explain_budget_flip(need.scene, need.load, need.gate);
        case GateName::priority: return priority_level(need);
        case GateName::inverter: return fmt::format("{} less load on the inverter", gap_watts(-need.gap()));
        case GateName::zone: return zone_level(need);
        default: return {};
    }
}

bool is_of_voltage(GateName name) {
    return name == GateName::stage || name == GateName::voltage || name == GateName::predicted_sag;
}
bool is_of_sun(GateName name) { return name == GateName::sun || name == GateName::excess || name == GateName::power; }

/// Voltage that opens all voltage gates: one number, from the most demanding gate.
class VoltageNeed {
public:
    void add(const Need& need) {
        const Gate& gate = need.gate;
        const bool of_stage = gate.name == GateName::stage;
        level_.hold = std::max(level_.hold, of_stage ? stage_hold(need) : need.scene.policy.control.start_hold);
        if (!need.numbers()) {
            if (!blind_) level_ = {gate.name, {}, level_.hold, 0, 0};
            blind_ = true;
            if (gate.need) level_.need = std::max<std::int64_t>(level_.need, *gate.need);
            return;
        }
        const bool must_stay_above = gate.name == GateName::predicted_sag;
        const std::int64_t gap = need.gap() + (must_stay_above ? 1 : 0);
        const Gate* seen = need.scene.decision.verdicts[need.load].gates.find(GateName::voltage);
        const std::int64_t now = must_stay_above && seen != nullptr && seen->have ? *seen->have : *gate.have;
        if (blind_ || gap <= level_.gap) return;
        level_.gate = gate.name;
        level_.gap = gap;
        level_.need = now + gap;
    }
    void add_to(std::vector<Needs::Level>& levels) {
        if (!blind_ && level_.gap == 0) return;
        const std::string least = level_.need > 0 ? " of at least " + phrase(Volts{level_.need}) : "";
        level_.text = blind_ ? fmt::format("a voltage reading{} (see `voltctl alarms`)", least)
                             : fmt::format("{}, {} more", phrase(Volts{level_.need}), gap_volts(level_.gap));
        levels.push_back(level_);
    }

private:
    static Duration stage_hold(const Need& need) {
        return need.scene.decision.battery.stage == Stage::low ? limits::stage_rises_after
                                                               : need.scene.policy.control.restart_hold;
    }
    bool blind_ = false;
    Needs::Level level_;
};

/// Gates of sun, excess and free power. More sun opens all of them, so the largest gap covers the others.
class SunNeed {
public:
    void add(const Need& need) {
        const GateName gate = need.gate.name;
        const Duration hold = need.scene.policy.control.start_hold;
        if (!need.numbers()) {
            if (unknown_.text.empty())
                unknown_ = {gate,
                            gate == GateName::sun ? "a usable reading of PV power (see `voltctl alarms`)"
                                                  : "a usable reading of the site's power (see `voltctl alarms`)",
                            hold};
            return;
        }
        const std::int64_t gap = need.gap() + (gate == GateName::sun ? 0 : deficit(need.scene));
        if (gap <= level_.gap) return;
        level_ = {gate, text_of(need, gap), hold, *need.gate.need, gap};
    }
    void add_to(std::vector<Needs::Level>& levels) const {
        if (!level_.text.empty()) levels.push_back(level_);
        if (!unknown_.text.empty()) levels.push_back(unknown_);
    }

private:
    /// Returns the sun that the house itself still lacks. Excess and free power count from 0 on.
    static std::int64_t deficit(const ExplainContext& scene) {
        const PowerPicture& power = scene.decision.power;
        return power.pv && power.base_load ? std::max<std::int64_t>((*power.base_load - *power.pv).steps, 0) : 0;
    }
    static std::string text_of(const Need& need, std::int64_t gap) {
        const std::string more = gap_watts(gap) + " more";
        // A failed start on wasted sun is retried later. Enough sun for the load starts it earlier.
        const std::string again = need.gate.remaining ? fmt::format(", or wasted sun ({} at the earliest)",
                                                                    parts::moment_of(need.scene, *need.gate.remaining))
                                                      : "";
        if (need.gate.name == GateName::excess && *need.gate.need <= 0) return fmt::format("{} spare sun{}", more, again);
        const char* what = need.gate.name == GateName::sun      ? "sun"
                           : need.gate.name == GateName::excess ? "spare sun"
                                                                : "free power";
        return fmt::format("{} of {}, {}{}", phrase_kw(*need.gate.need), what, more, again);
    }
    Needs::Level level_, unknown_;
};

bool waits_for_time(const Need& need) {
    switch (need.gate.name) {
        case GateName::schedule:
        case GateName::rest:
        case GateName::starts:
        case GateName::stagger:
        case GateName::runtime:
        case GateName::override_: return true;
        case GateName::excess: return !need.numbers() && need.gate.remaining;  // its last start on wasted sun failed
        case GateName::output: {
            const auto output = static_cast<std::size_t>(parts::output_of(need.scene.policy, need.load));
            const OutputReport& report = need.scene.snapshot.outputs[output];
            return need.gate.remaining && need.scene.snapshot.broker_up && report.available &&
                   report.state != OutputState::unknown && !parts::waits_for_others(need.scene, need.load);
        }
        default: return false;
    }
}

void raise(std::optional<Duration>& most, GateName& whose, Duration time, GateName gate) {
    if (most && *most >= time) return;
    most = time;
    whose = gate;
}

/// Returns true if the value is reached but the hold time has not passed.
bool is_held(const Need& need) {
    return need.gate.hold || (need.gate.name == GateName::stage && need.numbers() && need.gap() <= 0);
}

/// Sorts the text: what usually takes longest comes first.
int place_of(GateName gate) {
    static constexpr std::array order{GateName::sun,     GateName::excess,   GateName::power,
                                      GateName::weather, GateName::voltage,  GateName::budget,
                                      GateName::zone,    GateName::inverter, GateName::priority};
    return static_cast<int>(std::find(order.begin(), order.end(), gate) - order.begin());
}

}  // namespace

std::optional<GateName> Needs::first() const {
    if (!acts.empty()) return acts.front().gate;
    if (wait) return waits_for;
    if (!levels.empty()) return levels.front().gate;
    return hold ? std::optional(held) : std::nullopt;
}

Needs needs_of(const ExplainContext& scene, std::size_t load) {
    Needs needs;
    VoltageNeed voltage;
    SunNeed sun;
    for (const Gate& gate : scene.decision.verdicts[load].gates) {
        if (gate.passes) continue;
        const Need need{scene, load, gate};
        ++needs.blocking;
        if (is_held(need)) raise(needs.hold, needs.held, gate.remaining.value_or(limits::stage_rises_after), gate.name);
        else if (std::string act = act_for(need); !act.empty()) needs.acts.push_back({gate.name, std::move(act)});
        else if (waits_for_time(need)) raise(needs.wait, needs.waits_for, gate.remaining.value_or(Duration{}), gate.name);
        else if (is_of_voltage(gate.name)) voltage.add(need);
        else if (is_of_sun(gate.name)) sun.add(need);
        else needs.levels.push_back({gate.name, level_for(need), {}, 0, need.numbers() ? need.gap() : 0});
    }
    voltage.add_to(needs.levels);
    sun.add_to(needs.levels);
    std::ranges::stable_sort(needs.levels, {}, [](const Needs::Level& level) { return place_of(level.gate); });
    return needs;
}

std::string explain_needs(const ExplainContext& scene, const Needs& needs) {
    std::string text;
    for (const Needs::Act& act : needs.acts) text += (text.empty() ? "" : ", and ") + act.text;
    if (!text.empty() && (needs.wait || !needs.levels.empty())) text += "; then ";
    if (needs.wait) text += "earliest " + parts::moment_of(scene, *needs.wait) + (needs.levels.empty() ? "" : ", with ");
    else if (!needs.levels.empty()) text += "needs ";
    Duration hold{};
    for (std::size_t i = 0; i < needs.levels.size(); ++i) {
        text += (i == 0 ? "" : "; and ") + needs.levels[i].text;
        hold = std::max(hold, needs.levels[i].hold);
    }
    if (!needs.wait && hold > Duration{}) text += ", held for " + phrase(hold);
    if (text.empty())
        text = needs.hold ? fmt::format("in {}, if nothing changes", phrase(*needs.hold)) : "any moment: nothing blocks it";
    return parts::capital(text);
}

}  // namespace volt
