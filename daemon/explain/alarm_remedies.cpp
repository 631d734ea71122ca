// Alarms by their codes: what to do about each, in one line, and which is read first.
#include <algorithm>
#include <array>

#include "daemon/explain/explain.hpp"

namespace volt {

namespace {

struct Remedy {
    std::string_view code, text;
};

constexpr std::array remedies{
    Remedy{"blind", "Check the devices that measure the battery: voltctl status names them, voltctl probe reads them"},
    Remedy{"critical", "Nothing to do but wait for sun, or charge from another source"},
    Remedy{"shutdown", "Charge the battery now; loads start again by themselves"},
    Remedy{"overvoltage", "Check the charger's settings against battery_absolute_max"},
    Remedy{"charge_not_blocked", "Stop the charger by hand until the battery is warm enough"},
    Remedy{"charge_not_carried_out", "Stop the charger by hand, and configure charge_limit or charge_output in voltd.yaml"},
    Remedy{"output_stuck_on", "Its relay may be welded: pull its breaker"},
    Remedy{"zone_trip", "Cool the room and check its fan and sensor; the miners start again once it is cool enough"},
    Remedy{"settings_damaged", "Compare and repair the settings: voltctl db verify, then voltctl settings history"},
    Remedy{"second_controller", "Stop the other one: only one voltd may command these relays"},
    Remedy{"voltage_disagreement", "Compare both devices with a meter at the battery"},
    Remedy{"voltage_frozen", "Restart the device, or check its link"},
    Remedy{"voltage_implausible", "Check the register map and the bank's voltages: voltctl probe, voltctl prefs show"},
    Remedy{"source_failing", "Check its power, network and address: voltctl probe HOST"},
    Remedy{"sensor_lost", "Check the sensor's battery, range and topic"},
    Remedy{"charge_guard_blind", "Restore the battery's temperature sensor before it freezes"},
    Remedy{"clock_untrusted", "Set the clock: timedatectl set-ntp true, or timedatectl set-time"},
    Remedy{"output_not_following", "Check the relay and its topics: voltctl outputs test ID"},
    Remedy{"output_unreachable", "Check its power and Wi-Fi, and its id in voltd.yaml"},
    Remedy{"not_drawing", "Check the load's own switch, fuse and cable"},
    Remedy{"draw_over_nominal", "Raise its power_draw_w, or check the load"},
    Remedy{"budget_missed", "Check bank_wh and budget_floor_percent: voltctl prefs show"},
    Remedy{"bank_misfit", "Change one of the two as proposed, if it is wrong: voltctl prefs set bank_wh=… or voltage_curve=…"},
    Remedy{"bank_never_full",
           "Compare voltage_float and voltage_curve with the voltage that the charger holds: voltctl prefs show"},
    Remedy{"no_lease", "Set the device's auto-off timer, or use a relay that has one"},
    Remedy{"power_on_state", "Set the relay to come up off after a power cut"},
    Remedy{"retained_command", "Publish commands without the retain flag"},
    Remedy{"reserve_too_small", "Raise its stop_voltage: voltctl miners set"},
    Remedy{"broker_auth", "Check mqtt.username, the password file and ca_file"},
    Remedy{"broker_hung", "Restart the broker: systemctl restart mosquitto"},
    Remedy{"client_id_in_use", "Give each client its own mqtt.client_id"},
    Remedy{"topic_denied", "Allow these topics in the broker's access list"},
    Remedy{"config_rejected", "Correct voltd.yaml (voltctl config check), then systemctl reload voltd"},
    Remedy{"safe_mode", "See journalctl -u voltd, then voltctl safe-mode end"},
    Remedy{"api_unreachable", "Find what uses its port: ss -ltnp"},
    Remedy{"database_restored", "Check the data, then voltctl db acknowledge"},
    Remedy{"database_failing", "Check the disk: df /var/lib/voltd, dmesg"},
    Remedy{"disk_full", "Free some space in /var/lib/voltd"},
    Remedy{"settings_cut", "Remove rows that are not needed: voltctl db verify names them"},
    Remedy{"clock_jumped", "Check the clock: timedatectl"},
    Remedy{"under_voltage", "Use a stronger power supply for this computer"},
    Remedy{"backup_failed", "Check the directory of backup.to"},
};

}  // namespace

std::string remedy_of(std::string_view code) {
    const auto found = std::find_if(remedies.begin(), remedies.end(), [code](const Remedy& it) { return it.code == code; });
    return found == remedies.end() ? std::string() : std::string(found->text);
}

int alarm_rank(std::string_view name, bool critical) {
    static constexpr std::array causes{"source_failing",   "broker_auth",  "broker_hung",
                                       "client_id_in_use", "topic_denied", "config_rejected"};
    static constexpr std::array followers{"blind", "zone_trip", "sensor_lost", "charge_guard_blind", "output_unreachable"};
    const std::string_view code = name.substr(0, name.find('/'));
    const auto is_one = [code](const auto& codes) { return std::find(codes.begin(), codes.end(), code) != codes.end(); };
    if (is_one(causes)) return 1;
    if (is_one(followers)) return critical ? 2 : 4;
    return critical ? 0 : 3;
}

}  // namespace volt
