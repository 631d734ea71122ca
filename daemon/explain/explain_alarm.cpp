// Sentences of alarms: the problem with its numbers, and the affected part.
#include <fmt/format.h>

#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/explain_reading.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

template <class List>
const typename List::value_type* pick(const List& list, Index index) {
    return index >= 0 && static_cast<std::size_t>(index) < list.size() ? &list[static_cast<std::size_t>(index)] : nullptr;
}

/// Returns "Primary S21's relay" or "Heat Room fan". An output without a load has only its id.
std::string output_name(const Policy& policy, Index output) {
    for (std::size_t load = 0; load < load_count(policy); ++load)
        if (output != no_index && parts::output_of(policy, load) == output) return load_name(policy, load) + "'s relay";
    for (const Zone& zone : policy.zones)
        if (output != no_index && zone.fan == output) return zone.name + " fan";
    return {};
}

/// Returns the owner's name of the subject.
std::string subject_name(const Policy& policy, const Alarm& alarm) {
    if (alarm.kind == SubjectKind::zone)
        if (const Zone* zone = pick(policy.zones, alarm.subject)) return zone->name;
    if (alarm.kind == SubjectKind::output)
        if (const std::string name = output_name(policy, alarm.subject); !name.empty()) return name;
    if (alarm.kind == SubjectKind::load) return parts::other_load(policy, alarm.subject);
    const std::string subject = alarm_subject(policy, alarm);
    return subject.empty() ? "Something" : subject;
}

/// Returns "are off" for all loads or the miners of one zone. States it as a fact only if no output reports and no meter shows
/// otherwise.
std::string are_off(const ExplainContext& scene, const Zone* zone = nullptr) {
    if (parts::shadow(scene)) return "would be off";
    std::string denials;
    // An output whose load was removed may still draw.
    bool all = zone != nullptr || std::none_of(scene.decision.alarms.begin(), scene.decision.alarms.end(),
                                               [](const Alarm& alarm) { return alarm.code == AlarmCode::output_stuck_on; });
    for (std::size_t i = 0; i < scene.decision.verdicts.size() && i < load_count(scene.policy); ++i) {
        const Verdict& verdict = scene.decision.verdicts[i];
        if (zone != nullptr && (is_heater(scene.policy, i) || parts::zone_of(scene.policy, i) != zone)) continue;
        if (verdict.denied) denials += "; " + parts::denial(scene, i);
        all = all && !verdict.denied && verdict.state != LoadState::on && verdict.state != LoadState::stopping &&
              verdict.state != LoadState::unknown;
    }
    return (all ? "are off" : "are ordered off") + denials;
}

/// Returns ": have, limit need" if the numbers are known.
std::string numbers(const Alarm& alarm) {
    if (alarm.have && alarm.need)
        return fmt::format(" ({}, limit {})", phrase(*alarm.have, alarm.unit), phrase(*alarm.need, alarm.unit));
    return alarm.have ? fmt::format(" ({})", phrase(*alarm.have, alarm.unit)) : std::string();
}

std::string reserve_text(const Alarm& alarm, const std::string& who) {
    const std::string advice = alarm.need ? fmt::format("a stop voltage of {} would", phrase(*alarm.need, alarm.unit))
                                          : fmt::format("a stop voltage {} higher would", phrase(limits::advised_above_stop));
    return fmt::format("{} ran on the battery until it was critical; {} keep more in reserve", who, advice);
}

/// Describes a frozen reading, with the voltage that still counts for stops and that of the source in use.
std::string frozen_text(const Alarm& alarm, const std::string& who) {
    if (!alarm.have || !alarm.need) return fmt::format("The voltage reading from {} is frozen", who);
    return fmt::format(
        "The voltage reading from {} is frozen at {}; it still counts for stops, because the source "
        "in use shows {} and either one may be wrong",
        who, phrase(*alarm.have, alarm.unit), phrase(*alarm.need, alarm.unit));
}

/// Describes a failing source: the weather, or a unit whose power differs from voltage times current.
std::string failing_text(const ExplainContext& scene, const Alarm& alarm, const std::string& who) {
    if (alarm.kind == SubjectKind::weather)
        return fmt::format(
            "No usable weather for {}; continuing as if none were configured. Publish it to weather.topic, or remove `weather` "
            "from voltd.yaml",
            phrase(limits::weather_grace));
    const VoltageSample* sample = pick(scene.snapshot.voltages, alarm.subject);
    if (sample == nullptr || !sample->value || !sample->power || !sample->current) return who + " contradicts itself";
    const Watts product{sample->value->steps * sample->current->steps / 10000};
    return fmt::format("{} shows {} for a battery at {} and {}, which is {}: its register map looks wrong", who,
                       phrase(*sample->power), phrase(*sample->value), phrase(*sample->current), phrase(product));
}

std::string missed_text(const ExplainContext& scene, const std::string& who) {
    const std::optional<MissedNight>& missed = scene.decision.budget.missed;
    const std::string why = missed ? explain_missed_night(*missed) : std::string();
    return fmt::format("{} used energy that the house needed{}; voltd will keep more for the next nights", who,
                       why.empty() ? why : ": " + why);
}

std::string disagreement_text(const Alarm& alarm) {
    if (!alarm.have || !alarm.need) return "The voltage sources disagree; the lower one counts";
    return fmt::format("The voltage sources disagree, {} and {}; the lower one counts", phrase(*alarm.have, alarm.unit),
                       phrase(*alarm.need, alarm.unit));
}

}  // namespace

std::string alarm_subject(const Policy& policy, const Alarm& alarm) {
    switch (alarm.kind) {
        case SubjectKind::none: return {};
        case SubjectKind::output:
            if (const auto* it = pick(policy.outputs, alarm.subject)) return it->id;
            break;
        case SubjectKind::zone:
            if (const auto* it = pick(policy.zones, alarm.subject)) return it->slug;
            break;
        case SubjectKind::source:
            if (const auto* it = pick(policy.voltage_sources, alarm.subject)) return it->name;
            break;
        case SubjectKind::sensor:
            if (const auto* it = pick(policy.sensors, alarm.subject)) return it->name;
            break;
        case SubjectKind::battery_sensor:
            if (const auto* it = pick(policy.battery_temperatures, alarm.subject)) return it->name;
            break;
        case SubjectKind::weather: return "weather";
        case SubjectKind::power: return power_name(alarm.subject);
        case SubjectKind::load:
            if (alarm.subject >= 0 && static_cast<std::size_t>(alarm.subject) < load_count(policy))
                return load_slug(policy, static_cast<std::size_t>(alarm.subject));
            break;
    }
    return {};
}

namespace {

/// Describes a silent device. One that never reported may still be online.
std::string silence(const ExplainContext& scene, const Alarm& alarm) {
    const auto* report = pick(scene.snapshot.outputs, alarm.subject);
    if (report == nullptr || (report->state_received && !report->hint)) return {};
    if (const auto* topics = pick(scene.topics, alarm.subject); topics != nullptr && !topics->unread.empty())
        return ": " + topics->unread;
    return ". It has never answered: the device is off, its topic is wrong, or the broker's access list "
           "blocks it";
}

/// Describes an output without an answer since the broker connected.
std::string silent_text(const ExplainContext& scene, const Alarm& alarm, const std::string& who) {
    const OutputTopics* topics = pick(scene.topics, alarm.subject);
    if (topics != nullptr && !topics->unread.empty())
        return fmt::format("{} has never reported a state: {}", who, topics->unread);
    return fmt::format("{} has never answered: the device is off, its topic is wrong, or the broker's access list blocks {}", who,
                       topics != nullptr && !topics->reports.empty() ? topics->reports : "it");
}

std::string lease_text(const ExplainContext& scene, const Alarm& alarm, const std::string& who) {
    const auto* report = pick(scene.snapshot.outputs, alarm.subject);
    const OutputWiring* wiring = pick(scene.policy.outputs, alarm.subject);
    const bool leased = wiring != nullptr && wiring->lease > Duration{};
    if (alarm.cause == AlarmCause::turns_on)
        return fmt::format("{} has PowerOnState 5: its own timer would turn it on{}. Enter PowerOnState 0 in its console", who,
                           leased ? ", so voltd sets none, and it would stay on if voltd died" : "");
    if (alarm.cause == AlarmCause::locked)
        return fmt::format(
            "{} has PowerOnState 4: it is on from power-up and refuses orders{}. Enter PowerOnState 0 in its console and "
            "restart it",
            who, leased ? ", so voltd sets no lease timer" : "");
    if (alarm.cause != AlarmCause::own_timer || report == nullptr)
        return fmt::format(
            "{0} has no confirmed lease timer (dead-man timer): it would stay on if voltd died. This clears once the device "
            "reports one, or `sudo voltctl outputs prove {1}` has measured it",
            who, alarm_subject(scene.policy, alarm));
    return fmt::format(
        "{1} has a {0} s timer although lease_s is 0: it will switch itself off {0} s after each ON. Set lease_s so that voltd "
        "renews it, or set the device's PulseTime to 0",
        (report->own_timer + 999ms) / 1s, who);
}

/// Returns "has been offline since 09:12; it was on. Its own timer turns it off by 09:17".
std::string offline_text(const ExplainContext& scene, const Alarm& alarm) {
    const OutputMemory* m = pick(scene.decision.next.outputs, alarm.subject);
    if (m == nullptr) return "is offline";
    const bool was_on = m->last_confirmed == OutputState::on;
    return parts::offline_since(scene, m->gone.since) + (was_on ? "; it was on" : "; it should be on") +
           parts::own_end(scene, alarm.subject) + parts::kept_offline(scene, alarm.subject);
}

/// Describes a load, heater or fan whose output is not in voltd.yaml.
std::string unwired(const ExplainContext& scene, const Alarm& alarm) {
    const Policy& policy = scene.policy;
    const auto text = [](const std::string& who, const std::string& output, const std::string& rows, const std::string& slug,
                         const char* field, const std::string& without) {
        return fmt::format(
            "{}: its output {} is not in voltd.yaml, so nothing switches it. Add it to `outputs`, or choose another: "
            "voltctl {} set {} {}=…. {}",
            who, output, rows, slug, field, without);
    };
    const auto of_zone = [&](const Zone& zone, const char* what, const std::string& output, const char* field, const char* flag) {
        return text(fmt::format("{} {}", zone.name, what), output, "zones", zone.slug, field,
                    fmt::format("If the zone has none: voltctl zones set {0} {1}=false. If you do not have this zone: voltctl "
                                "zones rm {0}, after its miners",
                                zone.slug, flag));
    };
    if (const Zone* zone = pick(policy.zones, alarm.subject); zone != nullptr && alarm.kind == SubjectKind::zone)
        return of_zone(*zone, "fan", zone->fan_id, "exhaust_fan_device_id", "exhaust_fan_enabled");
    if (alarm.subject < 0 || static_cast<std::size_t>(alarm.subject) >= load_count(policy))
        return "An output in use is not in voltd.yaml";
    const auto load = static_cast<std::size_t>(alarm.subject);
    const std::string output = parts::output_id_of(policy, load);
    if (is_heater(policy, load))
        return of_zone(*parts::zone_of(policy, load), "heater", output, "heater_device_id", "heating_enabled");
    const std::string slug = load_slug(policy, load);
    return text(load_name(policy, load), output, "miners", slug, "device_id",
                fmt::format("If you do not have this miner: voltctl miners rm {}", slug));
}

}  // namespace

static std::string against_sun_text() {
    return fmt::format(
        "By this clock the sun powers the house at night: the time zone or clock is wrong. The night budget keeps {} of house "
        "load until a whole day passes without this",
        phrase(limits::kept_while_clock_unset));
}

static std::string zone_trip_text(const ExplainContext& scene, const Alarm& alarm, const std::string& who) {
    return fmt::format("{} is too hot, or its sensor is lost: its miners {}{}", who,
                       are_off(scene, pick(scene.policy.zones, alarm.subject)), numbers(alarm));
}

static std::string stuck_text(const Alarm& alarm, const std::string& who) {
    if (!alarm.have) return who + " reports off, but its meter shows power";
    const std::string shown = fmt::format("{} reports off, but its meter shows {}", who, phrase(*alarm.have, alarm.unit));
    return alarm.cause == AlarmCause::meter_high ? shown + ", more than the whole site draws: the meter is wrong" : shown;
}

static std::string tripped_text(const Alarm& alarm, const std::string& who) {
    switch (alarm.cause) {
        case AlarmCause::overpower: return who + " switched itself off: overpower";
        case AlarmCause::overtemperature: return who + " switched itself off: it is too hot";
        case AlarmCause::overvoltage: return who + " switched itself off: overvoltage";
        case AlarmCause::overcurrent: return who + " switched itself off: overcurrent";
        case AlarmCause::other_protection: return who + " was switched off by its own protection";
        case AlarmCause::auto_on: return who + " was switched on by a timer of its own";
        default: return who + " switched itself off";
    }
}

static std::string alarm_words(const ExplainContext& scene, const Alarm& alarm) {
    const std::string who = subject_name(scene.policy, alarm);
    const std::string values = numbers(alarm);
    const Preferences& p = scene.policy.preferences;
    switch (alarm.code) {
        case AlarmCode::blind: return explain_stage(scene) + values;
        case AlarmCode::critical:
            return fmt::format("The battery is critical: {}; all loads {}", parts::battery_now(scene), are_off(scene));
        case AlarmCode::shutdown:
            return fmt::format("The battery is empty: {}; all loads {}", parts::battery_now(scene), are_off(scene));
        case AlarmCode::overvoltage:
            return fmt::format("{} is above the battery's maximum of {}",
                               alarm.have ? phrase(*alarm.have, alarm.unit) : parts::battery_now(scene), phrase(p.absolute_max));
        case AlarmCode::charge_not_blocked: return "Charging should be blocked, but the battery is still charging" + values;
        case AlarmCode::charge_not_carried_out: return explain_charge(scene, ChargeMeans::none);
        case AlarmCode::output_stuck_on: return stuck_text(alarm, who);
        case AlarmCode::zone_trip: return zone_trip_text(scene, alarm, who);
        case AlarmCode::voltage_disagreement: return disagreement_text(alarm);
        case AlarmCode::voltage_frozen: return frozen_text(alarm, who);
        case AlarmCode::voltage_implausible:
            if (alarm.cause == AlarmCause::restless) return explain_reading(scene, alarm, who);
            return who + ": " + (alarm.have ? explain_refusal(scene.policy, Volts{*alarm.have}) : "its voltage is implausible");
        case AlarmCode::source_failing: return failing_text(scene, alarm, who);
        case AlarmCode::sensor_lost: return fmt::format("No usable temperature from {}{}", who, values);
        case AlarmCode::charge_guard_blind: return "The battery temperature that guards charging is lost" + values;
        case AlarmCode::clock_untrusted:
            return "The clock is not set, is behind the newest record, or has no time zone: schedules are on hold";
        case AlarmCode::output_not_following:
            if (alarm.cause == AlarmCause::silent) return silent_text(scene, alarm, who);
            if (alarm.cause == AlarmCause::idle_charger)
                return fmt::format(
                    "{} is off, so its charger does not charge, and shadow mode does not switch it on. Switch it on{}", who,
                    scene.decision.charge.blocked ? " once charging is allowed again" : "");
            return fmt::format("{} does not obey{}{}", who, values, silence(scene, alarm));
        case AlarmCode::output_unreachable:
            if (alarm.kind != SubjectKind::output) return unwired(scene, alarm);
            return fmt::format("{} {}", who, offline_text(scene, alarm));
        case AlarmCode::second_controller:
            return fmt::format("Something other than voltd undid its orders to {} {} times within {}", who, limits::disputes,
                               phrase(limits::external_memory));
        case AlarmCode::output_tripped: return tripped_text(alarm, who);
        case AlarmCode::not_drawing: return fmt::format("{} is on but draws almost nothing{}", who, values);
        case AlarmCode::draw_over_nominal: return fmt::format("{} draws more than its rated power{}", who, values);
        case AlarmCode::no_lease: return lease_text(scene, alarm, who);
        case AlarmCode::power_on_state: return fmt::format("{} turned on by itself after a restart; it should stay off", who);
        case AlarmCode::reserve_too_small: return reserve_text(alarm, who);
        case AlarmCode::clock_against_sun: return against_sun_text();
        case AlarmCode::budget_missed: return missed_text(scene, who);
        case AlarmCode::source_lags:
        case AlarmCode::temperature_disagreement:
        case AlarmCode::powers_at_odds:
        case AlarmCode::house_not_measured:
        case AlarmCode::reading_stands:
        case AlarmCode::discharge_limited: return explain_reading(scene, alarm, who);
        case AlarmCode::bank_misfit: return explain_misfit(scene);
        case AlarmCode::bank_never_full: return explain_never_full(scene);
        default: break;  // from outside the rules: the alarm brings its text
    }
    return name_of(alarm.code);
}

std::string explain_alarm(const ExplainContext& scene, const Alarm& alarm) {
    return in_units(alarm_words(scene, alarm), scene.shown.fahrenheit);
}

}  // namespace volt
