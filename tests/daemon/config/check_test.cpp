#include "daemon/config/check.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/daemon/config/site.hpp"

using namespace volt;
using namespace volt::test;

namespace {

const std::string s21 = "/d.db: miner Primary S21+ (Revenue): ";
const std::string s19 = "/d.db: miner Dump Load S19 #1: ";

const std::string night =
    "/d.db: bank_wh: no energy is reserved for the house overnight: Primary S21+ (Revenue) takes 3.9 kWh an hour from the bank. "
    "The loads may take the bank to 47.00 V (15 %); the house then has about 1.9 h (1.5 kWh of each 10 kWh of bank, at 800 W); "
    "set the bank's size, voltctl prefs set bank_wh=WH (Ah times nominal volts), or a reserve_voltage\n";

/// Returns the default rows with some energy reserved for the night.
Settings with_reserve() {
    Settings settings = default_settings();
    settings.preferences.reserve = 4900_cV;
    return settings;
}

Findings check(const Settings& settings, const std::string& text = wired) {
    const ParsedConfig parsed = parse(text);
    CAPTURE(said(parsed.problems));
    REQUIRE(parsed.config);
    return check_settings(parsed, settings);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

/// Returns the warnings after one change of the settings.
template <class Change>
std::string warned(Change change) {
    Settings settings = with_reserve();
    change(settings);
    const Findings findings = check(settings);
    CHECK(said(findings.problems) == "");
    return said(findings.warnings);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("warns only about the night for the default rows") {
    const Findings findings = check(default_settings());
    CHECK(said(findings.problems) == "");
    CHECK(said(findings.warnings) == night);
    const Findings kept = check(with_reserve());
    CHECK(said(kept.warnings) == "");
}

TEST_CASE("names the loads that may drain the bank, with their limit") {
    const auto warned_night = [](auto change) {
        Settings settings = default_settings();
        change(settings);
        return said(check(settings).warnings);
    };
    const auto second = [](Settings& s) {
        s.miners[1].require_excess_solar = s.miners[1].require_sunny = false;
        s.miners[1].operating_mode = OperatingMode::aggressive;
    };
    CHECK(has(
        warned_night(second),
        "Primary S21+ (Revenue) and 1 more take 7.1 kWh an hour from the bank. The loads may take the bank to 47.00 V (15 %)"));
    CHECK(has(warned_night([](Settings& s) { s.miners[0].stop = 4940_cV; }),
              "to 49.40 V (35 %); the house then has about 4.4 h (3.5 kWh of each 10 kWh of bank, at 800 W)"));
    CHECK_FALSE(
        has(warned_night([](Settings& s) { s.miners[0].operating_mode = OperatingMode::opportunistic; }), "nothing keeps"));
    CHECK_FALSE(has(warned_night([](Settings& s) { s.miners[0].require_excess_solar = true; }), "nothing keeps"));
    CHECK_FALSE(has(warned_night([](Settings& s) { s.miners[0].enabled = false; }), "nothing keeps"));
    CHECK_FALSE(has(warned_night([](Settings& s) { s.miners[0].output_id = "none"; }), "nothing keeps"));
    CHECK_FALSE(has(warned_night([](Settings& s) { s.preferences.mode = SiteMode::off; }), "nothing keeps"));
}

TEST_CASE("warns about a bank with the default curve") {
    Settings settings = default_settings();
    settings.preferences.bank_wh = 20'800;
    CHECK(said(check(settings).warnings) ==
          "/d.db: voltage_curve: it is still the default, and the night budget relies on it; "
          "compare its points with the battery's data sheet, voltctl prefs show\n");
    settings.preferences.curve[2].soc = {4100};
    CHECK(said(check(settings).warnings) == "");
}

TEST_CASE("warns about a bank that its loads empty too fast or slowly") {
    const auto warned_bank = [](std::int64_t bank_wh, Watts most) {
        Settings settings = default_settings();
        settings.preferences.curve[2].soc = {4100};
        settings.preferences.bank_wh = bank_wh;
        settings.preferences.bridge_wh = 0;
        settings.preferences.max_battery_discharge = most;
        return said(check(settings).warnings);
    };
    const std::string right =
        "; multiply the bank's Ah by its nominal voltage, and set the result: voltctl prefs set bank_wh=WH\n";
    CHECK(warned_bank(208'000, 5000_W) ==
          "/d.db: bank_wh: it is 208.0 kWh, 41.6 h of the most that the loads may take (max_battery_discharge_w): "
          "is there a digit too many?" +
              right);
    CHECK(warned_bank(2'080, 5000_W) ==
          "/d.db: bank_wh: it is 2.1 kWh, 0.4 h of the most that the loads may take (max_battery_discharge_w): "
          "is a digit missing?" +
              right);
    CHECK(warned_bank(5'000, 5000_W) == "");
    CHECK(warned_bank(125'000, 5000_W) == "");
    CHECK(warned_bank(125'001, 5000_W) != "");
    CHECK(warned_bank(208'000, 0_W) == "");
}

TEST_CASE("warns about unchanged thresholds in a custom row") {
    const auto own = warned([](Settings& s) { s.miners[0].id = "e1"; });
    CHECK(own ==
          s21 +
              "emergency_stop_voltage 45.00 V is not above voltage_critical_low 45.00 V, which already stops it; use a higher "
              "value\n" +
              s21 +
              "stop_voltage 47.00 V is not above voltage_low 47.00 V: it can drain the bank to the point where nothing restarts; "
              "use a higher value\n" +
              s21 +
              "its preferred hours have no effect: allow_outside_schedule is true; to enforce them: voltctl miners set "
              "primary-s21-revenue allow_outside_schedule=false\n");
    CHECK(has(warned([](Settings& s) { s.miners[0].emergency = 4400_cV; }), "emergency_stop_voltage 44.00 V is not above"));
    CHECK(has(warned([](Settings& s) { s.preferences.low = 4750_cV; }), "stop_voltage 47.00 V is not above voltage_low 47.50 V"));
}

TEST_CASE("explains how to adapt or remove the default rows") {
    CHECK(has(warned([](Settings& s) { s.miners[0].output_id = "gone"; }),
              "define it, or use another: voltctl miners set primary-s21-revenue device_id=ID. If you do not have this miner: "
              "voltctl miners rm primary-s21-revenue"));
    CHECK(has(warned([](Settings& s) { s.zones[0].fan_id = "gone"; }),
              "voltctl zones set heat-room exhaust_fan_device_id=ID. If you do not have this zone: voltctl zones rm heat-room"));
    // Report nothing else about a miner that cannot run.
    const auto gone = warned([](Settings& s) { s.miners[0].output_id = "gone", s.miners[0].start = 5801_cV; });
    CHECK_FALSE(has(gone, "above voltage_full"));
}

TEST_CASE("reports an unknown room with a single warning") {
    const std::string bare = wired.substr(0, wired.find("  - {id: heat-room-heater")) + "weather: {topic: w}\n";
    const Findings findings = check(with_reserve(), bare);
    CHECK(findings.warnings.size() == 2);
    CHECK(says(findings.warnings,
               "zone Main Room: none of its outputs and sensors is defined in voltd.yaml; make it your own (voltctl zones set "
               "main-room KEY=VALUE), or remove it: voltctl zones rm main-room"));
}

TEST_CASE("warns about configured parts that never act") {
    CHECK(has(warned([](Settings& s) { s.zones[0].fan_enabled = false; }),
              "zone Heat Room: its fan \"ac-infinity-1\" never runs: exhaust_fan_enabled is false; voltctl zones set heat-room "
              "exhaust_fan_enabled=true"));
    CHECK(has(warned([](Settings& s) { s.zones[1].heating_enabled = false; }),
              "its heater \"main-room-heater\" never runs: heating_enabled is false; voltctl zones set main-room "
              "heating_enabled=true\n"));
    CHECK(has(warned([](Settings& s) { s.zones[1].heat_first = HeatSource::none; }),
              "its heater \"main-room-heater\" never runs: no heating priority names it; voltctl zones set main-room "
              "heating_priority_1=heater"));
    CHECK(has(warned([](Settings& s) { s.zones[1].heat_first = HeatSource::miner; }), "heating_priority_2=heater"));
    CHECK_FALSE(
        has(warned([](Settings& s) { s.zones[1].heat_first = HeatSource::miner, s.zones[1].heat_second = HeatSource::heater; }),
            "never runs"));
    CHECK(has(warned([](Settings& s) { s.miners[1].allow_outside_schedule = true, s.miners[1].preferred_end_s = 17 * 3600; }),
              s19 + "its preferred hours have no effect"));
    CHECK_FALSE(
        has(warned([](Settings& s) { s.miners[1].allow_outside_schedule = true, s.miners[1].preferred_end_s = 10 * 3600; }),
            "bind nothing"));
}

TEST_CASE("rejects profiles and zones that name no output") {
    CHECK(has(warned([](Settings& s) { s.miners[0].output_id = "gone"; }), s21 + "output \"gone\" is not defined in voltd.yaml"));
    CHECK(has(warned([](Settings& s) { s.miners[0].output_id = ""; }), s21 + "it has no output"));
    CHECK(has(warned([](Settings& s) { s.zones[0].fan_id = "gone"; }), "fan of zone Heat Room: output \"gone\""));
    CHECK(has(warned([](Settings& s) { s.zones[1].heater_id = "gone"; }), "heater of zone Main Room: output \"gone\""));
    CHECK_FALSE(has(warned([](Settings& s) { s.miners[0].enabled = false, s.miners[0].output_id = "gone"; }), "gone"));
    CHECK_FALSE(
        has(warned([](Settings& s) { s.zones[0].fan_enabled = false, s.zones[0].fan_id = "gone"; }), "gone\" is not defined"));
}

TEST_CASE("warns about unused outputs") {
    CHECK(has(warned([](Settings& s) { s.miners.pop_back(); }),
              "f.yaml:9:5: outputs[1]: output dump-load-s19-1: no miner or zone uses it"));
    CHECK_FALSE(has(warned([](Settings& s) { s.miners[1].enabled = false; }), "no miner or zone uses it"));
    const auto charge =
        check(default_settings(), replaced(wired, "outputs:\n", "charge_output: c\noutputs:\n  - {id: c, topic: c}\n"));
    CHECK_FALSE(says(charge.warnings, "output c: no miner"));
}

TEST_CASE("rejects one output for two loads") {
    CHECK(has(warned([](Settings& s) { s.zones[1].heater_id = "primary-s21"; }),
              "heater of zone Main Room: output primary-s21 is already used by another one"));
}

TEST_CASE("warns of a load that alone exceeds the inverter") {
    CHECK_FALSE(has(warned([](Settings& s) { s.preferences.inverter_max = 3878_W; }), "inverter"));
    CHECK(has(warned([](Settings& s) { s.preferences.inverter_max = 3877_W; }),
              "it draws 3878 W, more than the 3877 W of the inverter (inverter_max_w): it never starts"));
    CHECK_FALSE(
        has(warned([](Settings& s) { s.preferences.inverter_max = 3877_W, s.miners[0].enabled = false; }), "inverter_max"));
}

TEST_CASE("compares the gap with the sag to the millivolt") {
    // 3,878 W at 50.00 V and 10 mOhm: 776 mV.
    CHECK_FALSE(has(warned([](Settings& s) { s.miners[0].stop = 4922_cV; }), "pulls the bank down"));
    CHECK(has(warned([](Settings& s) { s.miners[0].stop = 4923_cV; }),
              "start_voltage is 770 mV above stop_voltage, but its own draw pulls the bank down by 776 mV"));
}

TEST_CASE("warns about thresholds close to the site's") {
    const auto quiet = warned([](Settings& s) { s.miners[0].emergency = 4501_cV, s.miners[0].stop = 4701_cV; });
    CHECK_FALSE(has(quiet, "emergency_stop_voltage"));
    CHECK_FALSE(has(quiet, "stop_voltage"));
    CHECK(has(warned([](Settings& s) { s.miners[1].start = 5801_cV; }),
              s19 + "start_voltage 58.01 V is above voltage_full 58.00 V: it never starts"));
    CHECK_FALSE(has(warned([](Settings& s) { s.miners[1].start = 5800_cV; }), "above voltage_full"));
}

TEST_CASE("warns about required weather that is not configured") {
    const std::string without = wired.substr(0, wired.find("weather:"));
    CHECK(says(check(default_settings(), without).warnings,
               s19 + "require_sunny, but no weather is configured: minimum_solar_w alone decides"));
    Settings settings = default_settings();
    settings.miners[1].minimum_solar.reset();
    CHECK(says(check(settings, without).warnings, "it never starts"));
}

TEST_CASE("warns about loads without a lease") {
    const auto text = replaced(wired, "topic: m2", "topic: m2, lease_s: 0");
    CHECK(says(check(default_settings(), text).warnings, s19 + "its output dump-load-s19-1 has no lease"));
    CHECK_FALSE(says(check(default_settings(), text).warnings, "ac-infinity-1 has no lease"));
    const auto meant = replaced(wired, "topic: m2", "topic: m2, lease_s: 0, require_lease: false");
    CHECK_FALSE(says(check(default_settings(), meant).warnings, "has no lease"));
    Settings off = default_settings();
    off.miners[1].enabled = false;
    CHECK_FALSE(says(check(off, text).warnings, "no lease"));
}

TEST_CASE("warns about windows that cannot be used") {
    const auto window = [](int start_s, int end_s, bool outside) {
        return warned([&](Settings& s) {
            s.miners[1].preferred_start_s = start_s, s.miners[1].preferred_end_s = end_s;
            s.miners[1].allow_outside_schedule = outside;
        });
    };
    CHECK(has(window(36000, 36540, false), s19 + "its window of 9 min is shorter than min_on_s 600"));
    CHECK_FALSE(has(window(36000, 36600, false), "window"));
    CHECK_FALSE(has(window(36000, 36540, true), "window"));
    CHECK_FALSE(has(window(36000, 36000, false), "window"));
    CHECK(
        has(window(0, 24 * 3600 - 60, false), s19 + "its window ends at 23:59, a minute before midnight; for midnight: voltctl"));
    CHECK(has(window(22 * 3600, 4 * 3600, false), "its window is at night"));
    CHECK(has(window(1 * 3600, 3 * 3600, false), "its window is at night"));
    CHECK_FALSE(has(window(22 * 3600, 4 * 3600 + 60, false), "night"));
    CHECK_FALSE(has(window(21 * 3600, 3 * 3600, false), "night"));
    CHECK_FALSE(has(warned([](Settings& s) {
                        s.miners[0].allow_outside_schedule = false, s.miners[0].preferred_start_s = 23 * 3600,
                        s.miners[0].preferred_end_s = 3600;
                    }),
                    "night"));
}

TEST_CASE("warns about zones without a sensor and unreachable fan levels") {
    CHECK(has(warned([](Settings& s) { s.zones[0].sensor_id = ""; }), "zone Heat Room: it has no sensor"));
    CHECK(has(warned([](Settings& s) { s.zones[0].sensor_id = "gone"; }),
              "zone Heat Room: sensor \"gone\" is not defined in voltd.yaml"));
    CHECK_FALSE(has(warned([](Settings& s) { s.zones[0].sensor_id = "attic"; }), "sensor"));
    CHECK_FALSE(has(warned([](Settings& s) { s.zones[0].sensor_id = "", s.zones[0].enabled = false; }), "sensor"));
    CHECK(has(warned([](Settings& s) { s.zones[1].fan_max_level = 9; }),
              "fan_max_level 9 is above the max_level 8 of ac-infinity-2"));
}

TEST_CASE("rejects loads that are not safe off or share the charge output") {
    const auto on = replaced(wired, "topic: m2", "topic: m2, safe_state: on, lease_s: 0");
    CHECK(said(check(default_settings(), on).problems) ==
          s19 + "the safe_state of dump-load-s19-1 is not off; use a separate output with safe_state off\n");
    const auto heater = replaced(wired, "channel: 2", "channel: 2, safe_state: on, lease_s: 0");
    CHECK(says(check(default_settings(), heater).problems,
               "heater of zone Main Room: the safe_state of main-room-heater is not off"));
    const auto charge = wired + "charge_output: dump-load-s19-1\n";
    CHECK(said(check(default_settings(), charge).problems) ==
          s19 + "dump-load-s19-1 is the charge_output; use a separate output with safe_state off\n");
    Settings off = default_settings();
    off.miners[1].enabled = false;
    CHECK(check(off, charge).problems.empty());
    CHECK(says(check(off, charge).warnings, "dump-load-s19-1 is the charge_output (not in use now)"));
    // A fan may be on or auto.
    const auto fan = replaced(wired, "state_topic: s1", "state_topic: s1, safe_state: on");
    CHECK(check(default_settings(), fan).problems.empty());
}

TEST_CASE("prints every finding for --check and returns the exit code") {
    std::string directory = "/var/tmp/volt-check-XXXXXX";
    REQUIRE(::mkdtemp(directory.data()) != nullptr);
    const std::string path = directory + "/v.yaml";
    const auto run = [&](const std::string& text, const SettingsReader& reader) {
        std::ofstream(path) << text;
        std::ostringstream out;
        const int code = check_config(path, out, reader);
        return std::pair{code, out.str()};
    };
    std::string asked;
    const SettingsReader reader = [&](const std::string& database) { return asked = database, with_reserve(); };
    const auto [good, printed] = run(wired, reader);
    CHECK(good == 0);
    CHECK(asked == "/d.db");
    CHECK(printed == path + ": OK, no problems\n");
    CHECK(run(wired, {}) == std::pair{0, path + ": OK, no problems\n"});
    CHECK(run("database: x.db\n" + wired.substr(wired.find("site")), {}).first == 78);
    // Without a database, check the default rows, which lose their output if it is renamed.
    const auto [fresh, renamed] =
        run(replaced(wired, "id: primary-s21", "id: s21"), [](const std::string&) { return std::nullopt; });
    CHECK(fresh == 0);
    CHECK(has(renamed, "/d.db: warning: miner Primary S21+ (Revenue): output \"primary-s21\" is not defined in voltd.yaml"));
    CHECK(has(renamed, "outputs[0]: output s21: no miner or zone uses it; assign it, or remove it"));
    CHECK(has(renamed, path + ": OK, no problems, 2 warnings\n"));
    const SettingsReader guarded = [](const std::string&) {
        Settings settings = default_settings();
        settings.zones[0].block_charging_enabled = true;
        return settings;
    };
    const SettingsReader rejected = [](const std::string&) {
        Settings settings = with_reserve();
        settings.problems = {"preferences: voltage_low: 9999 is not allowed"};
        settings.left_out = {"miner_profiles has 257 rows"};
        return settings;
    };
    const auto [with_rejected, warned_of] = run(wired, rejected);
    CHECK(with_rejected == 0);
    CHECK(has(warned_of, "voltage_low: 9999 is not allowed"));
    CHECK(has(warned_of, "257 rows"));
    CHECK(has(run(wired, guarded).second, "a zone blocks charging below 0.0 °C, but nothing here can stop charging"));
    const std::string writes = replaced(wired, "outputs:\n", "charge_output: c\noutputs:\n  - {id: c, topic: c}\n");
    CHECK(has(run(writes, guarded).second, "it was never proven"));
    std::ostringstream proven;
    check_config(path, proven, guarded, [](const std::string&) { return "output=c;"; });
    CHECK_FALSE(has(proven.str(), "a zone blocks charging"));

    const auto [both, why] = run(wired + "charge_output: primary-s21\n", reader);
    CHECK(both == 78);
    CHECK(has(why, "primary-s21 is the charge_output"));
    asked.clear();
    const auto [bad, problems] = run("site: s\n", reader);
    CHECK(bad == 78);
    CHECK(asked == "");
    CHECK(has(problems, path + ":1:1: mqtt: missing"));
    CHECK(has(problems, ": rejected, 2 problems"));
    REQUIRE(std::system(("rm -rf " + directory).c_str()) == 0);
}

TEST_CASE("warns about a token file that cannot be created or used") {
    std::string pattern = "/var/tmp/volt-check-XXXXXX";
    const std::string directory = ::mkdtemp(pattern.data());
    const auto token_at = [&](const std::string& path) {
        const ParsedConfig parsed = parse(std::string(wired) + "api: { token_file: " + path + " }\n");
        CAPTURE(said(parsed.problems));
        REQUIRE(parsed.config);
        const auto found = check_token_file(parsed);
        return found ? text_of(*found) : std::string();
    };
    std::ofstream(directory + "/short") << "short\n";
    std::ofstream(directory + "/good") << std::string(32, 'x') << '\n';
    CHECK(has(token_at(directory), "api.token_file: " + directory + ": not a regular file"));
    CHECK(has(token_at(directory + "/short"), "it is shorter than 32 characters"));
    CHECK(has(token_at(directory + "/nowhere/token"), "directory " + directory + "/nowhere does not exist"));
    if (::geteuid() == 0) CHECK(has(token_at("/proc/nope"), "it cannot be created"));
    for (const std::string& path : {directory + "/good", directory + "/new", std::string("/run/voltd/token")})
        CHECK(token_at(path) == "");
    std::filesystem::remove_all(directory);
}

TEST_CASE("warns about a password file without a password") {
    std::string pattern = "/var/tmp/volt-check-XXXXXX";
    const std::string directory = ::mkdtemp(pattern.data());
    const auto password_at = [&](const std::string& path) {
        const ParsedConfig parsed =
            parse(replaced(wired, "{url: mqtt://b}", "{url: mqtt://b, username: u, password_file: " + path + "}"));
        CAPTURE(said(parsed.problems));
        REQUIRE(parsed.config);
        const auto found = check_password_file(parsed);
        return found ? text_of(*found) : std::string();
    };
    std::ofstream(directory + "/empty") << "\n";
    std::ofstream(directory + "/good") << "secret\n";
    std::filesystem::permissions(directory, std::filesystem::perms(0755));
    std::filesystem::permissions(directory + "/good", std::filesystem::perms(0644));
    CHECK(has(password_at(directory + "/none"), "f.yaml:6:36: mqtt.password_file: " + directory + "/none: file not found"));
    CHECK(has(password_at(directory + "/empty"), "it is empty"));
    CHECK(has(password_at(directory), "it is a directory"));
    CHECK(has(password_at("/dev/null"), "not a regular file"));
    CHECK(password_at(directory + "/good") == "");
    std::filesystem::permissions(directory + "/good", std::filesystem::perms(0600));
    if (::geteuid() == 0) CHECK(has(password_at(directory + "/good"), "user voltd"));
    std::filesystem::remove_all(directory);
}

TEST_CASE("accepts at start every file that --check accepts") {
    std::string pattern = "/var/tmp/volt-check-XXXXXX";
    const std::string directory = ::mkdtemp(pattern.data()), path = directory + "/v.yaml";
    const std::string text = replaced(wired, "/d.db", directory + "/v.db");
    int good = 0, bad = 0;
    for (std::size_t at = 0; at < text.size(); at += 7)
        for (const char c : {'0', 'x', ' ', ':', '/', '"'}) {
            std::string changed = text;
            changed[at] = c;
            std::ofstream(path) << changed;
            std::ostringstream out;
            const bool ok = check_config(path, out, [](const std::string&) { return default_settings(); }) == 0;
            ++(ok ? good : bad);
            if (!ok) continue;
            const ParsedConfig started = load_config(path);
            CHECK_MESSAGE((started.config && !check_database_place(started)), out.str());
        }
    CHECK(good > 50);
    CHECK(bad > 50);
    std::filesystem::remove_all(directory);
}
