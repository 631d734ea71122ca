#include "daemon/explain/explain_reading.hpp"

#include <fmt/format.h>

#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"

namespace volt {

namespace {

std::string watts(const std::optional<Watts>& value) { return value ? phrase(*value) : "unknown"; }

std::string odds_text(const PowerBalance& powers) {
    if (!powers.pv || !powers.load || !powers.battery) return "The powers did not add up; voltd does not plan with them";
    const Watts grid = powers.grid.value_or(Watts{});
    return fmt::format(
        "The powers do not add up: sun {} + grid {} - load {} is {}, but the battery shows {}; voltd does not plan with them",
        phrase(*powers.pv), phrase(grid), phrase(*powers.load), phrase(*powers.pv + grid - *powers.load),
        phrase(*powers.battery));
}

std::string unmeasured_text(const ExplainContext& scene) {
    const Preferences& p = scene.policy.preferences;
    const std::string text = fmt::format("The house is not measured: sun, grid and load are 0 W while the battery shows {}. ",
                                         watts(scene.decision.power.balance.battery));
    if (!p.bank_wh) return text + "Only voltage decides about loads that share the battery allowance";
    return text + "The night budget cannot keep energy for it" +
           (p.reserve ? "; `reserve_voltage` " + phrase(*p.reserve) + " does" : ", so nothing starts on the battery");
}

const char* power_words(Index power) {
    switch (static_cast<Power>(power)) {
        case Power::pv: return "The sun's power";
        case Power::load: return "The site's load";
        case Power::battery: return "The battery's power";
    }
    return "A power";
}

std::string stands_text(const ExplainContext& scene, const Alarm& alarm) {
    if (alarm.subject < 0 || static_cast<std::size_t>(alarm.subject) >= power_count) return "A power reading does not change";
    const auto at = static_cast<std::size_t>(alarm.subject);
    const PowerBalance& powers = scene.decision.power.balance;
    const std::string since = parts::wall_clock(scene, powers.stood_since[at]);
    const std::optional<Volts>& swung = powers.swung[at];
    const std::string proof = swung && *swung > Volts{} ? fmt::format("the battery moved by {}", phrase(*swung)) : "others moved";
    return fmt::format("{} has read exactly {}{} while {}; it is not used until it changes", power_words(alarm.subject),
                       phrase(powers.stood_at[at]), since.empty() ? "" : " since " + since, proof);
}

std::string source_at(const Policy& policy, Index source) {
    const auto& sources = policy.battery_temperatures;
    if (source < 0 || static_cast<std::size_t>(source) >= sources.size()) return "a sensor";
    return sources[static_cast<std::size_t>(source)].name;
}

std::string degrees(const std::optional<Celsius>& t) { return t ? phrase(*t) : "unknown"; }

std::string temperature_text(const ExplainContext& scene) {
    const std::optional<TemperatureDisagreement>& t = scene.decision.temperatures;
    if (!t) return "Two battery temperatures differ";
    const std::string one = source_at(scene.policy, t->one);
    switch (t->cause) {
        case TemperatureDoubt::leaped:
            return fmt::format(
                "{} rose to {} faster than a battery can; it is not used until it falls back or another sensor "
                "agrees",
                one, degrees(t->at));
        case TemperatureDoubt::hot:
            return fmt::format("{} shows {}: charging stops until it shows a usable value", one, degrees(t->at));
        case TemperatureDoubt::stands:
            return fmt::format("{} has stayed at {} while another battery temperature changed; it is not used until it changes",
                               one, degrees(t->at));
        case TemperatureDoubt::none: break;
    }
    return fmt::format("Two battery temperatures differ: {} ({}), {} ({})", degrees(t->at), one, degrees(t->other_at),
                       source_at(scene.policy, t->other));
}

std::string jumps_text(const Alarm& alarm, const std::string& who) {
    if (!alarm.have || !alarm.need) return fmt::format("The voltage of {} jumps; the lower one counts", who);
    return fmt::format("The voltage of {} jumps between {} and {}; the lower one counts", who, phrase(*alarm.have, alarm.unit),
                       phrase(*alarm.need, alarm.unit));
}

}  // namespace

std::string power_name(Index power) {
    constexpr const char* names[] = {"pv", "load", "battery_power"};
    return power >= 0 && static_cast<std::size_t>(power) < power_count ? names[power] : "";
}

std::string explain_reading(const ExplainContext& scene, const Alarm& alarm, const std::string& who) {
    switch (alarm.code) {
        case AlarmCode::source_lags:
            return fmt::format("{} changes only every {}: it looks like a logger's copy, not the device itself", who,
                               alarm.have ? phrase(std::chrono::seconds(*alarm.have)) : "few minutes");
        case AlarmCode::temperature_disagreement: return temperature_text(scene);
        case AlarmCode::powers_at_odds: return odds_text(scene.decision.power.balance);
        case AlarmCode::house_not_measured: return unmeasured_text(scene);
        case AlarmCode::reading_stands: return stands_text(scene, alarm);
        case AlarmCode::discharge_limited: {
            const std::optional<Amps>& amps = scene.decision.power.discharge_limit;
            return fmt::format("The BMS allows {} of discharge (register 308)", amps ? phrase(*amps) : "little");
        }
        default: return jumps_text(alarm, who);
    }
}

}  // namespace volt
