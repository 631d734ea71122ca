// Alarms: conditions that need a person's attention, by code and subject.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include "rules/verdict.hpp"

namespace volt {

/// Alarm codes. A new code needs a row in alarm_facts. The rules raise the codes up to last_of_rules, in this order.
enum class AlarmCode : std::uint8_t {
    blind,
    critical,
    shutdown,
    overvoltage,
    charge_not_blocked,
    charge_not_carried_out,
    output_stuck_on,
    zone_trip,
    output_tripped,
    second_controller,
    voltage_disagreement,
    voltage_frozen,
    voltage_implausible,
    source_failing,
    source_lags,
    sensor_lost,
    charge_guard_blind,
    temperature_disagreement,
    powers_at_odds,
    house_not_measured,
    reading_stands,
    discharge_limited,
    clock_untrusted,
    output_not_following,
    output_unreachable,
    not_drawing,
    draw_over_nominal,
    no_lease,
    power_on_state,
    reserve_too_small,
    clock_against_sun,
    budget_missed,
    bank_misfit,
    bank_never_full,
    // Raised outside the rules, which supply the text.
    broker_auth,
    broker_hung,
    client_id_in_use,
    topic_denied,
    retained_command,
    config_rejected,
    safe_mode,
    api_unreachable,
    database_restored,
    database_failing,
    disk_full,
    settings_damaged,
    settings_cut,
    clock_jumped,
    under_voltage,
    backup_failed,
    charge_not_released,
    settings_in_memory,
    device_fault,
    device_warning,
    topic_shared,
};

/// The last code that the rules raise.
inline constexpr AlarmCode last_of_rules = AlarmCode::bank_never_full;

enum class Severity : std::uint8_t { warning, critical };

/// Relation of an alarm to others raised at the same time: a cause explains them and is shown first, an effect may follow and is
/// shown last.
enum class AlarmRole : std::uint8_t { usual, cause, effect };

/// Fixed facts of an alarm. The table has one row for each code, in the enum's order.
struct AlarmFacts {
    AlarmCode code;
    const char* name;
    Severity severity;
    AlarmRole role = AlarmRole::usual;
};
inline constexpr AlarmFacts alarm_facts[] = {
    {AlarmCode::blind, "blind", Severity::critical, AlarmRole::effect},
    {AlarmCode::critical, "critical", Severity::critical},
    {AlarmCode::shutdown, "shutdown", Severity::critical},
    {AlarmCode::overvoltage, "overvoltage", Severity::critical},
    {AlarmCode::charge_not_blocked, "charge_not_blocked", Severity::critical},
    {AlarmCode::charge_not_carried_out, "charge_not_carried_out", Severity::critical},
    {AlarmCode::output_stuck_on, "output_stuck_on", Severity::critical},
    {AlarmCode::zone_trip, "zone_trip", Severity::critical, AlarmRole::effect},
    {AlarmCode::output_tripped, "output_tripped", Severity::critical},
    {AlarmCode::second_controller, "second_controller", Severity::warning},
    {AlarmCode::voltage_disagreement, "voltage_disagreement", Severity::warning},
    {AlarmCode::voltage_frozen, "voltage_frozen", Severity::warning},
    {AlarmCode::voltage_implausible, "voltage_implausible", Severity::warning},
    {AlarmCode::source_failing, "source_failing", Severity::warning, AlarmRole::cause},
    {AlarmCode::source_lags, "source_lags", Severity::warning, AlarmRole::cause},
    {AlarmCode::sensor_lost, "sensor_lost", Severity::warning, AlarmRole::effect},
    {AlarmCode::charge_guard_blind, "charge_guard_blind", Severity::warning, AlarmRole::effect},
    {AlarmCode::temperature_disagreement, "temperature_disagreement", Severity::warning, AlarmRole::cause},
    {AlarmCode::powers_at_odds, "powers_at_odds", Severity::warning, AlarmRole::cause},
    {AlarmCode::house_not_measured, "house_not_measured", Severity::warning, AlarmRole::cause},
    {AlarmCode::reading_stands, "reading_stands", Severity::warning, AlarmRole::cause},
    {AlarmCode::discharge_limited, "discharge_limited", Severity::warning},
    {AlarmCode::clock_untrusted, "clock_untrusted", Severity::warning},
    {AlarmCode::output_not_following, "output_not_following", Severity::warning},
    {AlarmCode::output_unreachable, "output_unreachable", Severity::warning, AlarmRole::effect},
    {AlarmCode::not_drawing, "not_drawing", Severity::warning},
    {AlarmCode::draw_over_nominal, "draw_over_nominal", Severity::warning},
    {AlarmCode::no_lease, "no_lease", Severity::warning},
    {AlarmCode::power_on_state, "power_on_state", Severity::warning},
    {AlarmCode::reserve_too_small, "reserve_too_small", Severity::warning},
    {AlarmCode::clock_against_sun, "clock_against_sun", Severity::warning, AlarmRole::cause},
    {AlarmCode::budget_missed, "budget_missed", Severity::warning},
    {AlarmCode::bank_misfit, "bank_misfit", Severity::warning},
    {AlarmCode::bank_never_full, "bank_never_full", Severity::warning},
    {AlarmCode::broker_auth, "broker_auth", Severity::warning, AlarmRole::cause},
    {AlarmCode::broker_hung, "broker_hung", Severity::warning, AlarmRole::cause},
    {AlarmCode::client_id_in_use, "client_id_in_use", Severity::warning, AlarmRole::cause},
    {AlarmCode::topic_denied, "topic_denied", Severity::warning, AlarmRole::cause},
    {AlarmCode::retained_command, "retained_command", Severity::warning},
    {AlarmCode::config_rejected, "config_rejected", Severity::warning, AlarmRole::cause},
    {AlarmCode::safe_mode, "safe_mode", Severity::warning},
    {AlarmCode::api_unreachable, "api_unreachable", Severity::warning},
    {AlarmCode::database_restored, "database_restored", Severity::warning},
    {AlarmCode::database_failing, "database_failing", Severity::warning},
    {AlarmCode::disk_full, "disk_full", Severity::warning},
    {AlarmCode::settings_damaged, "settings_damaged", Severity::critical},
    {AlarmCode::settings_cut, "settings_cut", Severity::warning},
    {AlarmCode::clock_jumped, "clock_jumped", Severity::warning},
    {AlarmCode::under_voltage, "under_voltage", Severity::warning},
    {AlarmCode::backup_failed, "backup_failed", Severity::warning},
    {AlarmCode::charge_not_released, "charge_not_released", Severity::warning},
    {AlarmCode::settings_in_memory, "settings_in_memory", Severity::warning},
    {AlarmCode::device_fault, "device_fault", Severity::critical, AlarmRole::cause},
    {AlarmCode::device_warning, "device_warning", Severity::warning, AlarmRole::cause},
    {AlarmCode::topic_shared, "topic_shared", Severity::warning, AlarmRole::cause},
};
inline constexpr std::size_t alarm_code_count = std::size(alarm_facts);

constexpr bool in_order_of_alarms() {
    for (std::size_t i = 0; i < alarm_code_count; ++i)
        if (alarm_facts[i].code != static_cast<AlarmCode>(i)) return false;
    return true;
}
static_assert(in_order_of_alarms(), "alarm_facts needs one row for each AlarmCode, in its order");

constexpr const AlarmFacts& facts_of(AlarmCode code) { return alarm_facts[static_cast<std::size_t>(code)]; }

/// Kind of thing an alarm is about. The index refers to the policy's list of that kind.
enum class SubjectKind : std::uint8_t { none, output, zone, source, sensor, battery_sensor, load, weather, power };

/// Distinguishes the causes that share a code.
enum class AlarmCause : std::uint8_t {
    usual,
    idle_charger,  ///< output_not_following: the charge output is off, and in `shadow` nothing switches it on
    silent,        ///< output_not_following: never answered
    restless,      ///< voltage_implausible: the voltage jumps between `have` and `need`
    turned,        ///< powers_at_odds: the sign of the battery power is reversed
    no_battery,    ///< powers_at_odds: the battery meter reads nothing
    no_budget,     ///< house_not_measured: no `bank_wh` is set
    stands,        ///< temperature_disagreement: one sensor does not move
    leaped,        ///< temperature_disagreement: one sensor rose faster than a bank can
    hot,           ///< temperature_disagreement: one sensor reads above 60 °C
    meter_high,    ///< output_stuck_on: the meter reads more than the whole site draws
    own_timer,     ///< no_lease: the device has a timer that voltd does not renew
    turns_on,      ///< no_lease: the device's timer would switch the output on
    locked,        ///< no_lease: the device refuses orders
    overpower,     ///< output_tripped: the protection that tripped
    overtemperature,
    overvoltage,
    overcurrent,
    auto_on,
    other_protection,
    bank_small,  ///< bank_misfit: more power flows than a bank of this size takes or gives; `have` is in W into the bank
    bank_large,  ///< bank_misfit: by voltage the bank loses `have` times what it gives; 0 if it gave nothing
};

struct Alarm {
    AlarmCode code{};
    SubjectKind kind = SubjectKind::none;
    Index subject = no_index;
    Time since{};
    std::optional<std::int64_t> have, need;  ///< in steps of `unit`; for a disagreement, the lower and the higher voltage
    Unit unit = Unit::none;
    AlarmCause cause = AlarmCause::usual;
};

}  // namespace volt
