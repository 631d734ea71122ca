// Alarms: what needs a person's attention, by code and subject.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/verdict.hpp"

namespace volt {

enum class AlarmCode : std::uint8_t {
    blind,
    critical,
    shutdown,
    overvoltage,
    charge_not_blocked,
    charge_not_carried_out,
    output_stuck_on,
    zone_trip,
    second_controller,
    voltage_disagreement,
    voltage_frozen,
    voltage_implausible,
    source_failing,
    sensor_lost,
    charge_guard_blind,
    clock_untrusted,
    output_not_following,
    output_unreachable,
    not_drawing,
    draw_over_nominal,
    no_lease,
    power_on_state,
    reserve_too_small,
    budget_missed,
    bank_misfit,
    bank_never_full,
    // From outside the rules, whose text comes with them.
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
};

/// The last one that the rules raise.
inline constexpr AlarmCode last_of_rules = AlarmCode::bank_never_full;

/// What an alarm is about; the index is into the policy's list of that kind.
enum class SubjectKind : std::uint8_t { none, output, zone, source, sensor, battery_sensor, load, weather };

/// Which of the causes that share a code.
enum class AlarmCause : std::uint8_t {
    usual,
    idle_charger,  ///< output_not_following: the charge output is off, and in `shadow` nothing switches it on
    silent,        ///< output_not_following: never answered
    own_timer,     ///< no_lease: a timer in the device that voltd does not renew
};

struct Alarm {
    AlarmCode code{};
    SubjectKind kind = SubjectKind::none;
    Index subject = no_index;
    Time since{};
    std::optional<std::int64_t> have, need;  ///< in steps of `unit`; for a disagreement: the lower and the higher voltage
    Unit unit = Unit::none;
    AlarmCause cause = AlarmCause::usual;
};

}  // namespace volt
