// Alarms by code: a one-line remedy for each, and the order in which to read them.
#include <fmt/format.h>

#include "daemon/explain/explain.hpp"
#include "rules/names.hpp"

namespace volt {

/// Returns remedies for untrusted data: readings, and reports on a topic that two devices share.
static const char* remedy_of_reading(AlarmCode code) {
    switch (code) {
        case AlarmCode::voltage_frozen: return "Restart the device or check its connection";
        case AlarmCode::voltage_implausible:
            return "Check the register map and the bank's voltages: voltctl probe, voltctl prefs show";
        case AlarmCode::source_lags:
            return "Connect an RS485 gateway to the inverter itself; with only this copy, no load starts";
        case AlarmCode::temperature_disagreement:
            return "Measure the battery by hand. A sensor that measures something else must not have `role: battery`";
        case AlarmCode::powers_at_odds:
            return "Compare all four with the inverter's display; `power_sources` names the device for each. An "
                   "unmeasured load on the battery side can also cause this";
        case AlarmCode::house_not_measured:
            return "Name the device that measures the house in `power_sources`, or clear `bank_wh` and set `reserve_voltage`";
        case AlarmCode::reading_stands: return "Restart the device that measures it, or its gateway";
        case AlarmCode::topic_shared: return "Give each Tasmota its own topic: enter `Topic …` in its console";
        case AlarmCode::discharge_limited: return "Check the BMS: its cells, its limits and its contactor";
        default: return "";
    }
}

const char* remedy_of(AlarmCode code) {
    switch (code) {
        case AlarmCode::blind:
            return "Check the devices that measure the battery: voltctl status names them, voltctl probe reads them";
        case AlarmCode::critical: return "Wait for sun, or charge from another source";
        case AlarmCode::shutdown: return "Charge the battery now; loads start again by themselves";
        case AlarmCode::overvoltage: return "Check the charger's settings against battery_absolute_max";
        case AlarmCode::charge_not_blocked: return "Stop the charger by hand until charging is allowed again";
        case AlarmCode::charge_not_carried_out:
            return "Stop the charger by hand and configure charge_limit or charge_output in voltd.yaml";
        case AlarmCode::output_stuck_on: return "Its relay may be welded: switch off its breaker";
        case AlarmCode::zone_trip:
            return "Cool the zone and check its fan and sensor; the miners start again once it is cool enough";
        case AlarmCode::output_tripped: return "Check what it feeds, and the relay's own limits; voltd tries again later";
        case AlarmCode::device_fault:
        case AlarmCode::device_warning: return "Read the device's own display or app, and its manual";
        case AlarmCode::second_controller:
            return "Unless a person switched it, stop the other voltd or automation, or give the other site its own `site`";
        case AlarmCode::voltage_disagreement: return "Compare both devices with a meter at the battery";
        case AlarmCode::source_failing: return "Check its power, network and address";
        case AlarmCode::sensor_lost: return "Check the sensor's battery, range and topic";
        case AlarmCode::charge_guard_blind: return "Restore the battery's temperature sensor before it freezes";
        case AlarmCode::clock_untrusted: return "Set the clock: timedatectl set-ntp true, or timedatectl set-time";
        case AlarmCode::output_not_following: return "Check the relay and its topics: voltctl outputs test";
        case AlarmCode::output_unreachable: return "Check its power and Wi-Fi, and its id in voltd.yaml";
        case AlarmCode::not_drawing: return "Check the load's own switch, fuse and cable";
        case AlarmCode::draw_over_nominal: return "Raise its power_draw_w, or check the load";
        case AlarmCode::no_lease: return "Set the device's lease timer (dead-man timer), or use a relay that has one";
        case AlarmCode::power_on_state: return "Set the relay to come up off after a power cut";
        case AlarmCode::reserve_too_small: return "Raise its stop_voltage: voltctl miners set";
        case AlarmCode::clock_against_sun:
            return "Set the time zone: voltctl prefs set timezone=…; or find out what measures PV at night";
        case AlarmCode::budget_missed: return "Check bank_wh and budget_floor_percent: voltctl prefs show";
        case AlarmCode::bank_misfit:
            return "If one of the two is wrong, change it as proposed: voltctl prefs set bank_wh=… or voltage_curve=…";
        case AlarmCode::bank_never_full:
            return "Compare voltage_float and voltage_curve with the voltage that the charger holds: voltctl prefs show";
        case AlarmCode::broker_auth: return "Check mqtt.username, the password file and ca_file";
        case AlarmCode::broker_hung: return "Restart the broker: systemctl restart mosquitto";
        case AlarmCode::client_id_in_use: return "Give each client its own mqtt.client_id";
        case AlarmCode::topic_denied: return "Allow these topics in the broker's access list";
        case AlarmCode::retained_command: return "Publish commands without the retain flag";
        case AlarmCode::config_rejected: return "Correct voltd.yaml (voltctl config check), then systemctl reload voltd";
        case AlarmCode::safe_mode: return "See journalctl -u voltd, then voltctl safe-mode end";
        case AlarmCode::api_unreachable: return "Find what uses its port: ss -ltnp";
        case AlarmCode::database_restored: return "Check the data, then voltctl db acknowledge";
        case AlarmCode::database_failing: return "Check the disk: df /var/lib/voltd, dmesg";
        case AlarmCode::disk_full: return "Free some space in /var/lib/voltd";
        case AlarmCode::settings_damaged:
            return "voltctl db verify names the columns; any settings change writes the good values back: voltctl settings "
                   "restore";
        case AlarmCode::settings_cut: return "Remove rows that are not needed: voltctl db verify names them";
        case AlarmCode::clock_jumped: return "Check the clock: timedatectl";
        case AlarmCode::under_voltage: return "Use a stronger power supply or a shorter cable for this computer";
        case AlarmCode::backup_failed: return "Check backup.to in voltd.yaml (is the stick mounted?), then sudo voltctl backup";
        case AlarmCode::settings_in_memory: return "Put `database:` on a disk that survives a reboot";
        case AlarmCode::charge_not_released: return "Set the charge limit on the device to the value you want";
        default: return remedy_of_reading(code);
    }
}

/// Returns the remedy for an alarm whose cause is known.
static const char* remedy_of(AlarmCode code, AlarmCause cause) {
    switch (cause) {
        case AlarmCause::restless: return "Check cable and adapter, and that no second Modbus master uses the line";
        case AlarmCause::turned: return "The sign of the battery power is inverted: change the setting of that source";
        case AlarmCause::no_battery: return "The battery meter shows nothing: check its shunt, and which device measures it";
        case AlarmCause::no_budget: return "Name the device that measures the house in `power_sources`, or set `reserve_voltage`";
        case AlarmCause::stands: return "Restart the BMS and check its sensor";
        case AlarmCause::leaped:
            return "Measure the battery by hand; if the value is right: voltctl charge accept, with that sensor's name";
        case AlarmCause::bank_small:
        case AlarmCause::bank_large:
            return "Multiply the bank's Ah by its nominal voltage, and set the result: voltctl prefs set bank_wh=…";
        case AlarmCause::meter_high: return "Check the relay's meter: the whole site draws less, so the contact is not welded";
        case AlarmCause::hot: return "Measure the battery by hand. If it is hot, stop everything; if not, replace the sensor";
        case AlarmCause::turns_on:
        case AlarmCause::locked: return "Enter PowerOnState 0 in the device's console and restart it";
        default: return remedy_of(code);
    }
}

std::string remedy_for(const Policy& policy, const Alarm& alarm) {
    const std::string subject = alarm_subject(policy, alarm);
    if (alarm.code == AlarmCode::output_not_following && !subject.empty())
        return fmt::format("{} {}", remedy_of(alarm.code), subject);
    if (alarm.code == AlarmCode::output_unreachable && alarm.kind == SubjectKind::output && !subject.empty())
        return fmt::format("Check its power and Wi-Fi, and the output {} in voltd.yaml", subject);
    if (alarm.code == AlarmCode::reserve_too_small && alarm.need)
        return fmt::format("Raise its stop voltage: voltctl miners set {} stop_voltage={}.{:02}", subject, *alarm.need / 100,
                           *alarm.need % 100);
    if (alarm.code == AlarmCode::draw_over_nominal && alarm.kind == SubjectKind::load)
        return fmt::format("Raise its power: voltctl miners set {} power_draw_w=…, or check the load", subject);
    return remedy_of(alarm.code, alarm.cause);
}

int alarm_rank(std::optional<AlarmCode> code, bool critical) {
    const AlarmRole role = code ? facts_of(*code).role : AlarmRole::usual;
    if (role == AlarmRole::cause) return 1;
    return (critical ? 0 : 3) + (role == AlarmRole::effect ? (critical ? 2 : 1) : 0);
}

std::string alarm_name(AlarmCode code, const std::string& subject) {
    return subject.empty() ? name_of(code) : name_of(code) + ("/" + subject);
}

std::optional<AlarmCode> alarm_code(std::string_view name) { return parse<AlarmCode>(name.substr(0, name.find('/'))); }

}  // namespace volt
