#include "daemon/config/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <ostream>
#include <set>

#include "daemon/config/charge_plan.hpp"
#include "daemon/config/check_night.hpp"
#include "daemon/config/config_checks.hpp"
#include "daemon/config/uses.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/zone_name.hpp"

namespace volt {

namespace {

constexpr int exit_ok = 0;
constexpr int sun_is_down_from_s = 22 * 3600, longest_dark_s = 6 * 3600;  // wherever an off-grid site is likely to be

std::string volts(Volts v) { return fmt::format("{}.{:02} V", v.steps / 100, v.steps % 100); }

/// Configuration and settings with their findings.
struct Check {
    const ParsedConfig& parsed;
    const Config& config;
    const Settings& settings;
    Findings& findings;

    void warn(const std::string& row, const std::string& what, const std::string& right) const {
        findings.warnings.push_back({config.database, {}, row, what, advice(right)});
    }
    void refuse(const std::string& row, const std::string& what, const std::string& right) const {
        findings.problems.push_back({config.database, {}, row, what, advice(right)});
    }
    void warn_in_file(const std::string& path, const std::string& what, const std::string& right) const {
        const auto place = parsed.places.find(path);
        findings.warnings.push_back(
            {parsed.file, place != parsed.places.end() ? place->second : Place{1, 1}, path, what, advice(right)});
    }
};

std::string row_of(const Miner& miner) { return "miner " + miner.name; }
std::string row_of(const Zone& zone) { return "zone " + zone.name; }

// ---- default rows

const Settings& shipped_settings() {
    static const Settings settings = default_settings();
    return settings;
}

const Miner* shipped_row(const Miner& miner) {
    for (const Miner& row : shipped_settings().miners)
        if (row.id == miner.id) return &row;
    return nullptr;
}

/// Returns true for a default row with the default bank. voltd's own defaults cause no warning.
bool is_as_shipped(const Miner& miner, const Preferences& site) {
    const Miner* row = shipped_row(miner);
    const Preferences& of = shipped_settings().preferences;
    return row != nullptr && row->emergency == miner.emergency && row->stop == miner.stop &&
           of.critical_low == site.critical_low && of.low == site.low;
}

bool has_shipped_hours(const Miner& miner) {
    const Miner* row = shipped_row(miner);
    return row != nullptr && row->preferred_start_s == miner.preferred_start_s && row->preferred_end_s == miner.preferred_end_s;
}

// ---- outputs and their uses

bool sensor_known(const Config& config, const std::string& id) {
    for (const SensorConfig& sensor : config.sensors)
        if (sensor.id == id) return true;
    if (config.victron)
        for (const GxTemperature& temperature : config.victron->temperatures)
            if (temperature.id == id) return true;
    return false;
}

/// Returns true for a room that is missing in the file. Reported once, not for each of its devices.
bool is_unknown(const Config& config, const Zone& zone) {
    const auto missing = [&](const std::string& id) { return id.empty() || output_index(config, id) == no_index; };
    const bool named = !zone.fan_id.empty() || !zone.heater_id.empty();
    return named && missing(zone.fan_id) && missing(zone.heater_id) && !zone.sensor_id.empty() &&
           !sensor_known(config, zone.sensor_id);
}

/// Explains how to adapt or remove a row. A new site starts with the example site's rows.
std::string own_or_remove(const Use& use, const Settings& settings) {
    const bool miner = use.kind == UseKind::miner;
    const std::string slug = miner ? settings.miners[use.row].slug : settings.zones[use.row].slug;
    const char* column = miner ? "device_id" : use.kind == UseKind::heater ? "heater_device_id" : "exhaust_fan_device_id";
    return fmt::format("define it, or use another: voltctl {0} set {1} {2}=ID. If you do not have this {3}: voltctl {0} rm {1}",
                       miner ? "miners" : "zones", slug, column, miner ? "miner" : "zone");
}

void check_use(const Check& check, const Use& use) {
    const std::string row = name_of(use, check.settings);
    const Index index = output_index(check.config, use.output_id);
    if (index == no_index) {
        const bool unknown_zone = use.kind != UseKind::miner && is_unknown(check.config, check.settings.zones[use.row]);
        if (use.enabled && !unknown_zone)
            check.warn(row, fmt::format("output {} is not defined in voltd.yaml", shown(use.output_id)),
                       own_or_remove(use, check.settings));
        return;
    }
    const OutputConfig& output = check.config.outputs[static_cast<std::size_t>(index)];
    const std::string conflict = unfit(output, use, check.config);
    if (!conflict.empty() && use.enabled) check.refuse(row, conflict, "use a separate output with safe_state off");
    if (!conflict.empty() && !use.enabled)
        check.warn(row, conflict + " (not in use now)", "use another output before you enable it");
    const bool meant =  // the owner knows that it may stay on
        !output.require_lease &&
        check.parsed.places.contains(item_path("outputs", static_cast<std::size_t>(index)) + ".require_lease");
    if (use.enabled && use.kind != UseKind::fan && output.lease == 0s && conflict.empty() && !meant)
        check.warn(row, "its output " + output.id + " has no lease timer: it stays on if voltd dies", "use lease_s: 300");
}

void check_uses(const Check& check) {
    std::set<std::string> used, in_use;
    for (const Use& use : uses_of(check.settings)) {
        check_use(check, use);
        used.insert(use.output_id);
        if (use.enabled && !in_use.insert(use.output_id).second)
            check.warn(name_of(use, check.settings), "output " + use.output_id + " is already used by another one",
                       "use a separate output");
    }
    const auto& outputs = check.config.outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (used.count(outputs[i].id) == 0 && check.config.charge_output != outputs[i].id)
            check.warn_in_file(item_path("outputs", i), "output " + outputs[i].id + ": no miner or zone uses it",
                               "assign it, or remove it");
}

/// A load that alone is over the inverter never starts. Several that only together are over it take turns.
void check_inverter(const Check& check) {
    const Watts most = check.settings.preferences.inverter_max;
    for (const Use& use : uses_of(check.settings))
        if (use.enabled && use.power > most)
            check.warn(name_of(use, check.settings),
                       fmt::format("it draws {} W, more than the {} W of the inverter (inverter_max_w): it never starts",
                                   use.power.steps, most.steps),
                       "correct the one that is wrong: voltctl prefs set inverter_max_w=W");
}

// ---- miners

void check_output_named(const Check& check, const Miner& miner) {
    if (miner.output_id.empty())
        check.warn(row_of(miner), "it has no output",
                   fmt::format("voltctl miners set {} device_id=ID, with an output of voltd.yaml", miner.slug));
}

void check_sag(const Check& check, const Miner& miner) {
    if (miner.start <= Volts{}) return;
    const std::int64_t sag = sag_mv(miner.power, check.settings.preferences.internal_resistance_mohm, miner.start);
    const std::int64_t gap = (miner.start - miner.stop).steps * 10;
    if (gap < sag)
        check.warn(
            row_of(miner),
            fmt::format("start_voltage is {} mV above stop_voltage, but its own draw pulls the bank down by {} mV", gap, sag),
            "use a wider gap between start_voltage and stop_voltage");
}

void check_thresholds(const Check& check, const Miner& miner) {
    const Preferences& site = check.settings.preferences;
    const bool shipped = is_as_shipped(miner, site);
    if (miner.emergency <= site.critical_low && !shipped)
        check.warn(row_of(miner),
                   fmt::format("emergency_stop_voltage {} is not above voltage_critical_low {}, which already stops it",
                               volts(miner.emergency), volts(site.critical_low)),
                   "use a higher value");
    if (miner.stop <= site.low && !shipped)
        check.warn(row_of(miner),
                   fmt::format("stop_voltage {} is not above voltage_low {}: it can drain the bank to the point where nothing "
                               "restarts",
                               volts(miner.stop), volts(site.low)),
                   "use a higher value");
    if (miner.start > site.full)
        check.warn(
            row_of(miner),
            fmt::format("start_voltage {} is above voltage_full {}: it never starts", volts(miner.start), volts(site.full)),
            "use a lower value");
}

void check_weather(const Check& check, const Miner& miner) {
    if (!miner.require_sunny || check.config.weather) return;
    check.warn(row_of(miner),
               miner.minimum_solar ? "require_sunny, but no weather is configured: minimum_solar_w alone decides"
                                   : "require_sunny, but no weather is configured: it never starts",
               fmt::format("add a weather section to voltd.yaml, or: voltctl miners set {} require_sunny=false", miner.slug));
}

void check_window(const Check& check, const Miner& miner) {
    const int length_s = (miner.preferred_end_s - miner.preferred_start_s + day_s) % day_s;
    if (length_s == 0) return;
    constexpr int last_minute_s = day_s - 60;
    if (miner.preferred_end_s == last_minute_s)
        check.warn(row_of(miner), "its window ends at 23:59, a minute before midnight",
                   fmt::format("for midnight: voltctl miners set {} preferred_end=00:00", miner.slug));
    if (miner.allow_outside_schedule) {
        if (!has_shipped_hours(miner))
            check.warn(row_of(miner), "its preferred hours have no effect: allow_outside_schedule is true",
                       fmt::format("to enforce them: voltctl miners set {} allow_outside_schedule=false", miner.slug));
        return;
    }
    if (std::chrono::seconds(length_s) < miner.min_on)
        check.warn(row_of(miner),
                   fmt::format("its window of {} min is shorter than min_on_s {}", length_s / 60, miner.min_on.count() / 1000),
                   "use a longer window");
    const bool wants_sun = miner.require_excess_solar || miner.require_sunny || miner.minimum_solar.value_or(Watts{}) > 0_W;
    const int after_dusk_s = (miner.preferred_start_s - sun_is_down_from_s + day_s) % day_s;
    if (wants_sun && after_dusk_s + length_s <= longest_dark_s)
        check.warn(row_of(miner), "it needs sun, but its window is at night: it never starts", "use a window during the day");
}

void check_miner(const Check& check, const Miner& miner) {
    if (!miner.enabled) return;
    // It cannot run without its output, which is already reported.
    if (!miner.output_id.empty() && output_index(check.config, miner.output_id) == no_index) return;
    check_output_named(check, miner);
    check_sag(check, miner);
    check_thresholds(check, miner);
    check_weather(check, miner);
    check_window(check, miner);
}

// ---- zones

void check_fan_acts(const Check& check, const Zone& zone) {
    if (!zone.fan_id.empty() && !zone.fan_enabled)
        check.warn(row_of(zone), "its fan " + shown(zone.fan_id) + " never runs: exhaust_fan_enabled is false",
                   fmt::format("voltctl zones set {} exhaust_fan_enabled=true", zone.slug));
}

void check_heater_acts(const Check& check, const Zone& zone) {
    if (zone.heater_id.empty()) return;
    const bool ordered = zone.heat_first == HeatSource::heater || zone.heat_second == HeatSource::heater;
    if (!zone.heating_enabled)
        check.warn(
            row_of(zone), "its heater " + shown(zone.heater_id) + " never runs: heating_enabled is false",
            fmt::format("voltctl zones set {} heating_enabled=true{}", zone.slug, ordered ? "" : " heating_priority_1=heater"));
    else if (!ordered)
        check.warn(row_of(zone), "its heater " + shown(zone.heater_id) + " never runs: no heating priority names it",
                   fmt::format("voltctl zones set {} heating_priority_{}=heater", zone.slug,
                               zone.heat_first == HeatSource::none ? 1 : 2));
}

void check_zone(const Check& check, const Zone& zone) {
    if (!zone.enabled) return;
    if (is_unknown(check.config, zone))
        return check.warn(
            row_of(zone), "none of its outputs and sensors is defined in voltd.yaml",
            fmt::format("make it your own (voltctl zones set {0} KEY=VALUE), or remove it: voltctl zones rm {0}", zone.slug));
    if (zone.sensor_id.empty())
        check.warn(row_of(zone), "it has no sensor, so its temperature is not monitored",
                   fmt::format("voltctl zones set {} sensor_id=ID", zone.slug));
    else if (!sensor_known(check.config, zone.sensor_id))
        check.warn(row_of(zone), fmt::format("sensor {} is not defined in voltd.yaml", shown(zone.sensor_id)),
                   fmt::format("define it, or use another: voltctl zones set {0} sensor_id=ID. If you do not have this zone: "
                               "voltctl zones rm {0}",
                               zone.slug));
    check_fan_acts(check, zone);
    check_heater_acts(check, zone);
    const Index fan = output_index(check.config, zone.fan_id);
    if (!zone.fan_enabled || fan == no_index) return;
    const OutputConfig& output = check.config.outputs[static_cast<std::size_t>(fan)];
    if (output.kind == OutputKind::level && zone.fan_max_level > output.max_level)
        check.warn(
            row_of(zone),
            fmt::format("fan_max_level {} is above the max_level {} of {}", zone.fan_max_level, output.max_level, output.id),
            "use the smaller one");
}

/// Nothing else rejects a zone written by plain SQL, or one that a newer Debian dropped.
void check_timezone(const Check& check) {
    const std::string& zone = check.settings.timezone;
    if (!is_zone_name(zone))
        check.warn("timezone " + shown(zone), "this machine does not know that time zone: schedules wait",
                   "use voltctl prefs set timezone=America/Los_Angeles, or another name from " + std::string(zone_directory));
}

void check_night(const Check& check) {
    const auto can_run = [&check](const Miner& miner) { return output_index(check.config, miner.output_id) != no_index; };
    for (const NightDoubt& doubt : night_doubts(check.settings.preferences, check.settings.miners, can_run))
        check.warn(doubt.key, doubt.what, doubt.right);
}

void print(std::ostream& out, const std::vector<Problem>& problems, bool warning) {
    for (Problem problem : problems) {
        if (warning) problem.key = problem.key.empty() ? "warning" : "warning: " + problem.key;
        out << text_of(problem) << '\n';
    }
}

}  // namespace

Findings check_settings(const ParsedConfig& parsed, const Settings& settings) {
    assert(parsed.config);
    Findings findings;
    const Check check{parsed, *parsed.config, settings, findings};
    check_uses(check);
    check_inverter(check);
    check_timezone(check);
    check_night(check);
    for (const Miner& miner : settings.miners) check_miner(check, miner);
    for (const Zone& zone : settings.zones) check_zone(check, zone);
    return findings;
}

std::vector<std::string> new_findings(const ParsedConfig& parsed, const Settings& before, const Settings& after) {
    const auto texts = [&parsed](const Settings& settings) {
        std::vector<std::string> lines;
        const Findings findings = check_settings(parsed, settings);
        for (const auto* list : {&findings.problems, &findings.warnings})
            for (const Problem& it : *list) lines.push_back(it.key + ": " + sentence(it));
        return lines;
    };
    const std::vector<std::string> known = texts(before);
    std::vector<std::string> found = texts(after);
    std::erase_if(found, [&](const std::string& it) { return std::find(known.begin(), known.end(), it) != known.end(); });
    return found;
}

Findings check_file(const std::string& path, const SettingsReader& read_settings, const ProofReader& read_proof) {
    const ParsedConfig parsed = load_config(path);
    Findings findings{parsed.problems, parsed.warnings};
    if (!parsed.config) return findings;
    for (const auto& unfit : {check_token_file(parsed), check_password_file(parsed)})
        if (unfit) findings.warnings.push_back(*unfit);
    for (Problem& fleeting : check_memory(parsed)) findings.warnings.push_back(std::move(fleeting));
    if (auto nowhere = check_database_place(parsed)) {
        findings.problems.push_back(std::move(*nowhere));
        return findings;
    }
    if (!read_settings) return findings;
    std::optional<Settings> settings = read_settings(parsed.config->database);
    const bool stored = settings.has_value();
    // A new site starts with the default rows.
    std::error_code failed;
    if (!settings && !std::filesystem::exists(parsed.config->database, failed) && !failed) settings = default_settings();
    if (!settings) return findings;
    const Findings more = check_settings(parsed, *settings);
    findings.problems.insert(findings.problems.end(), more.problems.begin(), more.problems.end());
    findings.warnings.insert(findings.warnings.end(), more.warnings.begin(), more.warnings.end());
    if (!stored) return findings;  // defaults alone cause no warning
    for (const auto* rejected : {&settings->problems, &settings->left_out})
        for (const std::string& it : *rejected)
            findings.warnings.push_back({parsed.config->database,
                                         {},
                                         "settings",
                                         it,
                                         advice("voltctl prefs set, miners set or zones set with a value that is allowed")});
    const std::string proven = read_proof ? read_proof(parsed.config->database) : "";
    if (auto unproven = check_charge_guard(parsed, *settings, proven)) findings.warnings.push_back(std::move(*unproven));
    return findings;
}

std::string verdict(const std::string& path, const Findings& findings) {
    const auto counted = [](std::size_t count, const char* noun) {
        return count == 0 ? fmt::format("no {}s", noun) : fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
    };
    return fmt::format("{}: {}, {}{}", path, findings.problems.empty() ? "OK" : "rejected",
                       counted(findings.problems.size(), "problem"),
                       findings.warnings.empty() ? "" : ", " + counted(findings.warnings.size(), "warning"));
}

int check_config(const std::string& path, std::ostream& out, const SettingsReader& read_settings, const ProofReader& read_proof) {
    const Findings findings = check_file(path, read_settings, read_proof);
    print(out, findings.problems, false);
    print(out, findings.warnings, true);
    out << verdict(path, findings) << '\n';
    return findings.problems.empty() ? exit_ok : exit_refused;
}

}  // namespace volt
