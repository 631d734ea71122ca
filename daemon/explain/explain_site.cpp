// Sentences about the site: stage, zones and the charge guard.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/battery/bank.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

using parts::left;

std::string degrees(const ZoneVerdict& verdict) {
    return verdict.temperature ? phrase(*verdict.temperature) : "No usable temperature";
}

/// Returns "37.5 °C is 2.5 K below 40.0 °C (too hot)".
std::string against(const ZoneVerdict& verdict, Celsius limit, const char* name) {
    if (!verdict.temperature) return degrees(verdict);
    const std::int64_t have = verdict.temperature->steps;
    if (have == limit.steps) return fmt::format("{} is {}", degrees(verdict), name);
    return fmt::format("{} is {} {} {} ({})", degrees(verdict), phrase_gap(have, limit.steps, Unit::celsius),
                       have < limit.steps ? "below" : "above", phrase(limit), name);
}

std::string zone_override(const ExplainContext& scene, const Zone& zone, const ZoneVerdict& verdict) {
    if (verdict.fan_override == OverrideKind::automatic) return zone.name + " is set manually";
    if (!zone.fan_enabled) return "Its fan is switched off in the settings: its override does nothing";
    if (zone.fan == no_index) return "Its fan has no output: its override does nothing";
    const std::string how = verdict.fan_override == OverrideKind::level
                                ? fmt::format("at level {}", std::min(verdict.fan_override_level, zone.fan_max_level))
                                : std::string(name_of(verdict.fan_override));
    return fmt::format("Manually {}", how) + parts::override_end(scene, verdict.fan_override_until);
}

bool has_miner(const ExplainContext& scene, std::size_t zone) {
    for (const Miner& miner : scene.policy.miners)
        if (miner.enabled && miner.zone == static_cast<Index>(zone)) return true;
    return false;
}

std::string lost_text(const ExplainContext& scene, std::size_t index, const ZoneVerdict& verdict) {
    if (!has_miner(scene, index)) return "Its temperature is lost";
    if (!verdict.remaining) return "Its temperature is lost: the fan runs at full level while a miner runs";
    return "Its temperature is lost: the fan runs at full level, and its miners stop in " + phrase(*verdict.remaining);
}

std::string trip_text(const ExplainContext& scene, const Zone& zone, const ZoneVerdict& verdict) {
    if (!verdict.temperature) return "Temperature lost for too long: miners off" + left(verdict.remaining);
    const Celsius limit = zone.too_hot + scene.policy.control.trip_margin;
    return fmt::format("{}: miners stay off after {} until it cools to {}", degrees(verdict), phrase(limit), phrase(zone.hot_ok));
}

bool heater_is_wanted(const ExplainContext& scene, std::size_t zone) {
    return scene.decision.verdicts[scene.policy.miners.size() + zone].wanted;
}

bool miner_is_wanted(const ExplainContext& scene, std::size_t zone) {
    for (std::size_t i = 0; i < scene.policy.miners.size(); ++i)
        if (scene.policy.miners[i].zone == static_cast<Index>(zone) && scene.decision.verdicts[i].wanted) return true;
    return false;
}

std::string cold_text(const ExplainContext& scene, std::size_t index) {
    const Zone& zone = scene.policy.zones[index];
    const ZoneVerdict& verdict = scene.decision.zones[index];
    const std::string text = fmt::format("{}: heat needed until {}", degrees(verdict), phrase(zone.cold_ok));
    if (verdict.heat == HeatSource::none) return text;
    const bool miner = verdict.heat == HeatSource::miner;
    const bool now = miner ? miner_is_wanted(scene, index) : heater_is_wanted(scene, index);
    const char* heats = !now ? "will heat" : parts::shadow(scene) ? "would heat" : "heats";
    return fmt::format("{}, {} {}", text, miner ? "a miner" : "the heater", heats);
}

std::string no_solar_text(const ExplainContext& scene, const Zone& zone, const ZoneVerdict& verdict) {
    const auto& pv = scene.decision.power.pv;
    if (verdict.remaining) {
        const bool by_sun = pv && zone.minimum_solar_for_heating > 0_W;
        const std::string enough =
            by_sun ? fmt::format(" and PV {} is enough ({})", phrase(*pv), phrase(zone.minimum_solar_for_heating)) : "";
        return fmt::format("{} is cold{}; heating is requested in {}", degrees(verdict), enough, phrase(*verdict.remaining));
    }
    return fmt::format("{} is cold, but PV {} is below the {} for heating", degrees(verdict), pv ? phrase(*pv) : "(unknown)",
                       phrase(zone.minimum_solar_for_heating));
}

std::string idle_text(const Zone& zone, const ZoneVerdict& verdict) {
    if (zone.sensor == no_index) return "No temperature sensor is configured";
    if (!verdict.temperature) return degrees(verdict);
    return fmt::format("{}, between {} and {}", degrees(verdict), phrase(zone.too_cold), phrase(zone.too_hot));
}

std::string named_source(const ExplainContext& scene, Index source, bool zone_sensor) {
    const auto& names = zone_sensor ? scene.policy.sensors : scene.policy.battery_temperatures;
    if (source < 0 || static_cast<std::size_t>(source) >= names.size()) return {};
    return " (" + names[static_cast<std::size_t>(source)].name + ")";
}

/// Returns the deciding temperature and its source: another source if that one blocks, else the guard's.
std::string guard_temperature(const ExplainContext& scene) {
    const ChargeVerdict& charge = scene.decision.charge;
    if (charge.by_other) {
        const std::string source = named_source(scene, charge.other, false);
        if (!charge.other_temperature) return "another battery temperature" + source;
        return phrase(*charge.other_temperature) + source + (charge.other_usable ? "" : " when it was last read");
    }
    if (!charge.temperature) return "no usable battery temperature";
    return phrase(*charge.temperature) + named_source(scene, charge.source, charge.zone_sensor);
}

/// Words for the charge block. The text calls it a block only if something carries it out.
struct BlockWords {
    const char *is, *stays, *but;
};
BlockWords block_words(const Policy& policy, ChargeMeans carried_out) {
    if (!policy.control.live)
        return {"Charging would be blocked", "Charging would stay blocked", " (shadow: nothing is blocked)"};
    const BlockWords should{"Charging should be blocked", "Charging should stay blocked", ", but nothing here can block it"};
    if (carried_out == ChargeMeans::report || carried_out == ChargeMeans::none) return should;
    if (carried_out == ChargeMeans::failed) return {should.is, should.stays, ", but voltd's block has no effect"};
    return {"Charging is blocked", "Charging stays blocked", ""};
}

std::string cold_charge(const ExplainContext& scene, const BlockWords& words) {
    const ChargeVerdict& charge = scene.decision.charge;
    if (!charge.limit) return fmt::format("{}: the battery is too cold{}", words.is, words.but);
    const Celsius release = *charge.limit + scene.policy.control.charge_release;
    return fmt::format("{}: {}, the limit is {}{}; released at {}, held for {}", words.is, guard_temperature(scene),
                       phrase(*charge.limit), words.but, phrase(release), phrase(scene.policy.control.charge_release_hold));
}

std::string unblocked_charge(const ExplainContext& scene) {
    const ChargeVerdict& charge = scene.decision.charge;
    if (!charge.limit) return "Charging is allowed; no zone guards against cold";
    return fmt::format("Charging is allowed: {}, the limit is {}", guard_temperature(scene), phrase(*charge.limit));
}

std::string recovering_text(const ExplainContext& scene) {
    const Preferences& limits = scene.policy.preferences;
    return fmt::format("{}; after a critical voltage, nothing starts until {} holds for {}", parts::battery_now(scene),
                       phrase(limits.restart), phrase(scene.policy.control.restart_hold)) +
           left(scene.decision.battery.stage_remaining);
}

}  // namespace

static std::string stage_words(const ExplainContext& scene) {
    const Preferences& limits = scene.policy.preferences;
    const BatteryPicture& battery = scene.decision.battery;
    const std::string now = battery.voltage ? parts::battery_now(scene) : "No usable voltage";
    const char* go = parts::shadow(scene) ? "would go" : "go";
    switch (battery.stage) {
        case Stage::blind: return parts::no_voltage(scene);
        case Stage::shutdown: return fmt::format("{}; all loads {} off at {}", now, go, phrase(limits.shutdown));
        case Stage::critical: return fmt::format("{}; all loads {} off at {}", now, go, phrase(limits.critical_low));
        case Stage::recovering: return recovering_text(scene);
        case Stage::low: return fmt::format("{}; nothing starts while it is low, below {}", now, phrase(limits.low));
        case Stage::normal: return fmt::format("{}: above low ({})", now, phrase(limits.low));
        case Stage::optimal: return fmt::format("{}: optimal from {}", now, phrase(limits.optimal_min));
        case Stage::high: return fmt::format("{}: high from {}", now, phrase(limits.optimal_max));
        case Stage::float_: return fmt::format("{}: in the float band, from {}", now, phrase(limits.float_v));
        case Stage::absorption: return fmt::format("{}: in the absorption band, from {}", now, phrase(limits.absorption));
        case Stage::full: return fmt::format("{}: full from {}", now, phrase(limits.full));
        case Stage::overvoltage: return fmt::format("{}; the maximum is {}", now, phrase(limits.absolute_max));
    }
    return now;
}

namespace {

/// Returns a device that the zone needs now but that its settings disable, or an empty string if none.
std::string switched_off(const Zone& zone, const ZoneVerdict& verdict) {
    if (!zone.enabled || !verdict.temperature) return {};
    if (!zone.fan_id.empty() && !zone.fan_enabled && *verdict.temperature > zone.too_hot)
        return fmt::format(". The fan is switched off in the settings: voltctl zones set {} exhaust_fan_enabled=true", zone.slug);
    if (!zone.heater_id.empty() && !zone.heating_enabled && *verdict.temperature < zone.too_cold)
        return fmt::format(". The heater is switched off in the settings: voltctl zones set {} heating_enabled=true", zone.slug);
    return {};
}

std::string zone_text(const ExplainContext& scene, std::size_t index) {
    const Zone& zone = scene.policy.zones[index];
    const ZoneVerdict& verdict = scene.decision.zones[index];
    switch (verdict.reason) {
        case ZoneReason::too_hot: return against(verdict, zone.too_hot, "too hot");
        case ZoneReason::hysteresis:
            return against(verdict, zone.hot_ok, "cool enough") +
                   fmt::format(", fan {} {}", parts::shadow(scene) ? "would be at" : "at", verdict.fan_wanted);
        case ZoneReason::run_on:
            return std::string(parts::shadow(scene) ? "The fan would keep running after the last miner"
                                                    : "The fan keeps running after the last miner") +
                   (verdict.temperature ? "" : "; the temperature is unknown") + left(verdict.remaining);
        case ZoneReason::too_cold: return cold_text(scene, index);
        case ZoneReason::no_solar: return no_solar_text(scene, zone, verdict);
        case ZoneReason::sensor_lost: return lost_text(scene, index, verdict);
        case ZoneReason::trip: return trip_text(scene, zone, verdict);
        case ZoneReason::override_: return zone_override(scene, zone, verdict);
        case ZoneReason::idle: return idle_text(zone, verdict);
    }
    return degrees(verdict);
}

}  // namespace

static std::string zone_words(const ExplainContext& scene, std::size_t index) {
    return zone_text(scene, index) + switched_off(scene.policy.zones[index], scene.decision.zones[index]);
}

std::string explain_refusal(const Policy& policy, Volts voltage) {
    const VoltageRange range = plausible_range(policy.preferences);
    return fmt::format("{} is implausible for this bank ({}.{:02} to {})", phrase(voltage), range.lowest.steps / 100,
                       range.lowest.steps % 100, phrase(range.highest));
}

static std::string charge_words(const ExplainContext& scene, ChargeMeans carried_out) {
    const ChargeVerdict& charge = scene.decision.charge;
    const Preferences& limits = scene.policy.preferences;
    const BlockWords words = block_words(scene.policy, carried_out);
    switch (charge.reason) {
        case ChargeReason::none: return unblocked_charge(scene);
        case ChargeReason::cold: return cold_charge(scene, words) + left(charge.remaining);
        case ChargeReason::overvoltage:
            return fmt::format("{}: {} was above {}{}; released at {}, held for {}", words.is, parts::battery_now(scene),
                               phrase(limits.absolute_max), words.but, phrase(limits.full),
                               phrase(scene.policy.control.charge_release_hold)) +
                   left(charge.remaining);
        case ChargeReason::released: return "Charging is allowed again: " + guard_temperature(scene);
        case ChargeReason::hold:
            return fmt::format("{}: {}{}", charge.blocked ? words.stays : "Charging stays allowed", guard_temperature(scene),
                               charge.blocked ? words.but : "") +
                   left(charge.remaining);
        case ChargeReason::sensor_lost:
            return fmt::format("{}: the battery temperature is lost{}", charge.blocked ? words.is : "Charging is allowed",
                               charge.blocked ? words.but : "") +
                   left(charge.remaining);
    }
    return words.is;
}

std::string explain_stage(const ExplainContext& scene) { return in_units(stage_words(scene), scene.shown.fahrenheit); }

std::string explain_zone(const ExplainContext& scene, std::size_t index) {
    return in_units(zone_words(scene, index), scene.shown.fahrenheit);
}

std::string explain_charge(const ExplainContext& scene, ChargeMeans carried_out) {
    return in_units(charge_words(scene, carried_out), scene.shown.fahrenheit);
}

}  // namespace volt
