// Sentences that name what would change a load, a fan or the charge order.
#include "daemon/explain/explain_flip.hpp"

#include <fmt/format.h>

#include "daemon/explain/explain_needs.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

FlipWords flip_of_waiting(const ExplainContext& scene, std::size_t load) {
    const Needs needs = needs_of(scene, load);
    const std::optional<GateName> first = needs.first();
    return {first ? name_of(*first) : name_of(scene.decision.verdicts[load].reason), explain_needs(scene, needs)};
}

/// Names the end of a heater's run: its zone is warm.
std::string heater_stop(const ExplainContext& scene, std::size_t load) {
    const std::size_t index = load - scene.policy.miners.size();
    const auto& now = scene.decision.zones[index].temperature;
    const Celsius warm = scene.policy.zones[index].cold_ok;
    if (!now || *now >= warm) return "Stops as soon as it may";
    return fmt::format("Stops when {} reaches {}, {} warmer", scene.policy.zones[index].name, phrase(warm),
                       phrase_kelvin(warm - *now));
}

/// Returns "Stops if the voltage stays below 47.00 V for 30 s, or the sun drops below 8 kW".
std::string miner_stop(const ExplainContext& scene, std::size_t load) {
    const Miner& miner = *parts::miner_of(scene.policy, load);
    const Verdict& verdict = scene.decision.verdicts[load];
    std::string text =
        fmt::format("tops if the voltage stays below {} for {}", phrase(miner.stop), phrase(scene.policy.control.stop_hold));
    if (verdict.override_ != OverrideKind::on)
        return "S" + text + (miner.minimum_solar ? ", or the sun below " + phrase_kw(miner.minimum_solar->steps) : "");
    if (!verdict.override_until) return "On by hand until you end it; s" + text;
    return fmt::format("Manual until {}, then automatic; s{}",
                       parts::moment_of(scene, *verdict.override_until - scene.snapshot.now), text);
}

/// Names the end that the relay makes by itself, because voltd cannot reach it.
std::string unreachable_stop(const ExplainContext& scene, std::size_t load) {
    const std::string end = parts::own_end(scene, parts::output_of(scene.policy, load));
    const char* until = scene.snapshot.broker_up ? "its relay is back online" : "the MQTT broker is back online";
    return fmt::format("Nothing can be switched until {}{}", until, end);
}

FlipWords flip_of_running(const ExplainContext& scene, std::size_t load) {
    const Verdict& verdict = scene.decision.verdicts[load];
    if (parts::out_of_reach(scene, load)) return {"output", unreachable_stop(scene, load)};
    if (verdict.remaining && verdict.reason == Reason::min_on)
        return {"min_on", fmt::format("Stops {}, when its minimum run ends", parts::at_moment(scene, *verdict.remaining))};
    if (verdict.remaining && verdict.have && verdict.need)
        return {"hold", fmt::format("Stops {}, if nothing changes", parts::at_moment(scene, *verdict.remaining))};
    if (is_heater(scene.policy, load)) return {"temperature", heater_stop(scene, load)};
    if (!verdict.flip) return {"blind", parts::capital(parts::blind_end(scene))};
    return {name_of(verdict.flip->gate), miner_stop(scene, load)};
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
        return fmt::format("Its override ends, or `voltctl override {}/fan auto` ends it", zone.slug);
    if (zone.fan == no_index && !zone.fan_id.empty())
        return fmt::format(
            "Add an output {} to voltd.yaml, or choose a different one in the zone's settings (see `voltctl config check`)",
            zone.fan_id);
    if (!verdict.temperature)
        return zone.sensor == no_index
                   ? fmt::format("Add a sensor to voltd.yaml and to the zone's settings: `voltctl zones set {} sensor_id=…`",
                                 zone.slug)
                   : std::string("Needs a usable temperature");
    const Celsius now = *verdict.temperature;
    if (verdict.reason == ZoneReason::run_on && verdict.remaining) return "Stops " + parts::at_moment(scene, *verdict.remaining);
    if (verdict.fan_wanted == 0 && now < zone.too_hot)
        return fmt::format("Starts at {}, {} warmer", phrase(zone.too_hot), phrase_kelvin(zone.too_hot - now));
    if (verdict.fan_wanted > 0 && now > zone.hot_ok)
        return fmt::format("Stops at {}, {} cooler", phrase(zone.hot_ok), phrase_kelvin(now - zone.hot_ok));
    return {};
}

/// Names the site's zone, if it has one, when no zone guards the charging.
static std::string guard_needed(const ExplainContext& scene) {
    const auto& zones = scene.policy.zones;
    if (zones.empty()) return "Needs a zone that guards it: `voltctl zones add`";
    return fmt::format("Needs a zone that guards it: `voltctl zones set {} block_charging_enabled=yes`", zones.front().slug);
}

static std::string charge_flip_words(const ExplainContext& scene) {
    const ChargeVerdict& charge = scene.decision.charge;
    const Preferences& limits = scene.policy.preferences;
    if (charge.reason == ChargeReason::overvoltage)
        return fmt::format("Allowed again at {} or less for {}", phrase(limits.full),
                           phrase(scene.policy.control.charge_release_hold));
    if (!charge.limit) return guard_needed(scene);
    const std::optional<Celsius> decides = charge.by_other && charge.other_usable ? charge.other_temperature : charge.temperature;
    if (!decides) return "Needs a usable battery temperature";
    const Celsius release = *charge.limit + scene.policy.control.charge_release;
    if (!charge.blocked && *decides >= *charge.limit)
        return fmt::format("Blocked below {}, {} cooler", phrase(*charge.limit), phrase_kelvin(*decides - *charge.limit));
    if (charge.blocked && *decides < release)
        return fmt::format("Allowed again at {} for {}, {} warmer", phrase(release),
                           phrase(scene.policy.control.charge_release_hold), phrase_kelvin(release - *decides));
    return charge.remaining ? fmt::format("Changes {}, if nothing else does", parts::at_moment(scene, *charge.remaining)) : "";
}

std::string explain_fan_flip(const ExplainContext& scene, std::size_t index) {
    return in_units(fan_flip_words(scene, index), scene.shown.fahrenheit);
}

std::string explain_charge_flip(const ExplainContext& scene) {
    return in_units(charge_flip_words(scene), scene.shown.fahrenheit);
}

}  // namespace volt
