#include "daemon/config/check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>

#include "daemon/config/config_checks.hpp"
#include "daemon/config/uses.hpp"
#include "drivers/zone_name.hpp"

namespace volt {

namespace {

constexpr int exit_ok = 0;
constexpr int exit_bad_configuration = 78;
constexpr std::size_t least_token_characters = 32;  // as daemon/api/token.cpp asks
constexpr int sun_is_down_from_s = 22 * 3600, longest_dark_s = 6 * 3600;  // wherever an off-grid site is likely to be

std::string volts(Volts v) {
    return fmt::format("{}.{:02} V", v.steps / 100, v.steps % 100);
}

/// Both sides, and where findings go.
struct Check {
    const ParsedConfig& parsed;
    const Config& config;
    const Settings& settings;
    Findings& findings;

    void warn(const std::string& row, const std::string& what, const std::string& right) const {
        findings.warnings.push_back({config.database, {}, row, what, right});
    }
    void refuse(const std::string& row, const std::string& what, const std::string& right) const {
        findings.problems.push_back({config.database, {}, row, what, right});
    }
    void warn_in_file(const std::string& path, const std::string& what, const std::string& right) const {
        const auto place = parsed.places.find(path);
        findings.warnings.push_back(
            {parsed.file, place != parsed.places.end() ? place->second : Place{1, 1}, path, what, right});
    }
};

std::string row_of(const Miner& miner) {
    return "miner " + miner.name;
}
std::string row_of(const Zone& zone) {
    return "zone " + zone.name;
}

// ---- outputs and who uses them

void check_use(const Check& check, const Use& use) {
    const std::string row = name_of(use, check.settings);
    const Index index = output_index(check.config, use.output_id);
    if (index == no_index) {
        if (use.enabled)
            check.warn(row, "its output " + shown(use.output_id) + " is not in the file", "an output of the file");
        return;
    }
    const OutputConfig& output = check.config.outputs[static_cast<std::size_t>(index)];
    const std::string trouble = unfit(output, use, check.config);
    if (!trouble.empty() && use.enabled) check.refuse(row, trouble, "an output of its own with safe_state off");
    if (!trouble.empty() && !use.enabled)
        check.warn(row, trouble + " (not in use now)", "another output before it is enabled");
    if (use.enabled && use.kind != UseKind::fan && output.lease == 0s && trouble.empty())
        check.warn(row, "its output " + output.id + " has no lease: it stays on when voltd dies", "lease_s: 300");
}

void check_uses(const Check& check) {
    std::set<std::string> used, in_use;
    for (const Use& use : uses_of(check.settings)) {
        check_use(check, use);
        used.insert(use.output_id);
        if (use.enabled && !in_use.insert(use.output_id).second)
            check.warn(name_of(use, check.settings), "its output " + use.output_id + " is used by another one already",
                       "an output of its own");
    }
    const auto& outputs = check.config.outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (used.count(outputs[i].id) == 0 && check.config.charge_output != outputs[i].id)
            check.warn_in_file(item_path("outputs", i),
                               "output " + outputs[i].id + " is used by no profile and no zone",
                               "a miner, heater or fan that names it");
}

void check_inverter(const Check& check) {
    Watts sum{};
    for (const Use& use : uses_of(check.settings))
        if (use.enabled) sum += use.power;
    const Watts most = check.settings.preferences.inverter_max;
    if (sum > most)
        check.warn("inverter_max_w",
                   fmt::format("all loads together draw {} W, the inverter gives {} W", sum.steps, most.steps),
                   "fewer loads at a time, which the rules will see to");
}

// ---- miners

void check_output_named(const Check& check, const Miner& miner) {
    if (miner.output_id.empty()) check.warn(row_of(miner), "it names no output", "device_id: an output of the file");
}

void check_sag(const Check& check, const Miner& miner) {
    if (miner.start <= Volts{}) return;
    const std::int64_t sag = sag_mv(miner.power, check.settings.preferences.internal_resistance_mohm, miner.start);
    const std::int64_t gap = (miner.start - miner.stop).steps * 10;
    if (gap < sag)
        check.warn(row_of(miner),
                   fmt::format("start lies {} mV over stop, but its own draw pulls the bank down by {} mV", gap, sag),
                   "a wider gap between start_voltage and stop_voltage");
}

void check_thresholds(const Check& check, const Miner& miner) {
    const Preferences& site = check.settings.preferences;
    if (miner.emergency <= site.critical_low)
        check.warn(row_of(miner),
                   fmt::format("emergency_stop_voltage {} is not above voltage_critical_low {}, which stops it anyway",
                               volts(miner.emergency), volts(site.critical_low)),
                   "a higher one");
    if (miner.stop <= site.low)
        check.warn(row_of(miner),
                   fmt::format("stop_voltage {} is not above voltage_low {}: it runs the bank down to where nothing "
                               "starts",
                               volts(miner.stop), volts(site.low)),
                   "a higher one");
    if (miner.start > site.full)
        check.warn(row_of(miner),
                   fmt::format("start_voltage {} is above voltage_full {}: never reached", volts(miner.start),
                               volts(site.full)),
                   "a lower one");
}

void check_weather(const Check& check, const Miner& miner) {
    if (!miner.require_sunny || check.config.weather) return;
    check.warn(row_of(miner),
               miner.minimum_solar ? "require_sunny, but no weather is configured: minimum_solar_w alone decides"
                                   : "require_sunny, but no weather is configured: it never starts",
               "a weather section in the file");
}

void check_window(const Check& check, const Miner& miner) {
    constexpr int day_s = 24 * 3600;
    const int length_s = (miner.preferred_end_s - miner.preferred_start_s + day_s) % day_s;
    if (length_s == 0 || miner.allow_outside_schedule) return;
    if (std::chrono::seconds(length_s) < miner.min_on)
        check.warn(
            row_of(miner),
            fmt::format("its window of {} min is shorter than min_on_s {}", length_s / 60, miner.min_on.count() / 1000),
            "a longer window");
    const bool wants_sun =
        miner.require_excess_solar || miner.require_sunny || miner.minimum_solar.value_or(Watts{}) > 0_W;
    const int after_dusk_s = (miner.preferred_start_s - sun_is_down_from_s + day_s) % day_s;
    if (wants_sun && after_dusk_s + length_s <= longest_dark_s)
        check.warn(row_of(miner), "it asks for sun, but its window lies in the night: never reached",
                   "a window by day");
}

void check_miner(const Check& check, const Miner& miner) {
    if (!miner.enabled) return;
    check_output_named(check, miner);
    check_sag(check, miner);
    check_thresholds(check, miner);
    check_weather(check, miner);
    check_window(check, miner);
}

// ---- zones

bool sensor_known(const Config& config, const std::string& id) {
    for (const SensorConfig& sensor : config.sensors)
        if (sensor.id == id) return true;
    if (config.victron)
        for (const GxTemperature& temperature : config.victron->temperatures)
            if (temperature.id == id) return true;
    return false;
}

void check_zone(const Check& check, const Zone& zone) {
    if (!zone.enabled) return;
    if (zone.sensor_id.empty())
        check.warn(row_of(zone), "it has no sensor: nothing there is watched", "sensor_id");
    else if (!sensor_known(check.config, zone.sensor_id))
        check.warn(row_of(zone), "its sensor " + shown(zone.sensor_id) + " is not in the file", "a sensor of the file");
    const Index fan = output_index(check.config, zone.fan_id);
    if (!zone.fan_enabled || fan == no_index) return;
    const OutputConfig& output = check.config.outputs[static_cast<std::size_t>(fan)];
    if (output.kind == "level" && zone.fan_max_level > output.max_level)
        check.warn(row_of(zone),
                   fmt::format("fan_max_level {} is above the max_level {} of {}", zone.fan_max_level, output.max_level,
                               output.id),
                   "the smaller one");
}

/// Written by plain SQL it is nowhere else refused; UTC serves then.
void check_timezone(const Check& check) {
    const std::string& zone = check.settings.timezone;
    if (!is_zone_name(zone))
        check.warn("timezone " + shown(zone), "this machine knows no such zone: windows and days go wrong",
                   "`voltctl prefs set timezone=America/Los_Angeles`, or another of " + std::string(zone_directory));
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
    for (const Miner& miner : settings.miners) check_miner(check, miner);
    for (const Zone& zone : settings.zones) check_zone(check, zone);
    return findings;
}

std::vector<std::string> new_findings(const ParsedConfig& parsed, const Settings& before, const Settings& after) {
    const auto texts = [&parsed](const Settings& settings) {
        std::vector<std::string> lines;
        const Findings findings = check_settings(parsed, settings);
        for (const auto* list : {&findings.problems, &findings.warnings})
            for (const Problem& it : *list) lines.push_back(it.key + ": " + it.what + "; " + it.right);
        return lines;
    };
    const std::vector<std::string> known = texts(before);
    std::vector<std::string> found = texts(after);
    std::erase_if(found, [&](const std::string& it) { return std::find(known.begin(), known.end(), it) != known.end(); });
    return found;
}

std::optional<Problem> check_database_place(const ParsedConfig& parsed) {
    namespace fs = std::filesystem;
    const fs::path directory = fs::absolute(parsed.config->database).parent_path();
    std::error_code failed;
    if (fs::is_directory(directory, failed) || directory == fs::path(Config{}.database).parent_path()) return std::nullopt;
    const auto place = parsed.places.find("database");
    return Problem{parsed.file, place != parsed.places.end() ? place->second : Place{}, "database",
                   fmt::format("there is no directory {}", directory.string()),
                   "the path of the database that is in use; for a new site make the directory first, owned by voltd (a file "
                   "system mounted late: RequiresMountsFor= in the unit)"};
}

namespace {

/// Why no file can be made there, found by making one beside it; empty: it can, or only voltd's own account can tell.
std::string cannot_make(const std::string& path) {
    const std::string beside = path + ".check";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const int wrong = errno;
    if (fd >= 0) {
        ::close(fd);
        ::unlink(beside.c_str());
        return {};
    }
    const bool not_ours = (wrong == EACCES || wrong == EPERM) && ::geteuid() != 0;
    return wrong == EEXIST || not_ours ? "" : fmt::format("it cannot be made: {}", std::strerror(wrong));
}

/// Why this can be no token file; empty: it can, or this account may not look.
std::string unfit_token_file(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code failed;
    const fs::file_status there = fs::status(path, failed);
    if (fs::exists(there) && !fs::is_regular_file(there)) return "it is no plain file";
    if (fs::exists(there)) {
        std::string token;
        std::ifstream(path) >> token;
        return token.empty() || token.size() >= least_token_characters
                   ? ""
                   : fmt::format("it is shorter than {} characters", least_token_characters);
    }
    if (there.type() != fs::file_type::not_found) return {};
    const fs::path directory = fs::absolute(path).parent_path();
    if (fs::is_directory(directory, failed)) return cannot_make(path);
    // The package's own is systemd's to make.
    return directory == fs::path(ApiConfig{}.token_file).parent_path() ? "" : "there is no directory " + directory.string();
}

}  // namespace

std::optional<Problem> check_token_file(const ParsedConfig& parsed) {
    const std::string& path = parsed.config->api.token_file;
    const std::string what = unfit_token_file(path);
    if (what.empty()) return std::nullopt;
    const auto place = parsed.places.find("api.token_file");
    return Problem{parsed.file, place != parsed.places.end() ? place->second : Place{}, "api.token_file",
                   fmt::format("{}: {}: there will be no local API", path, what), "a file that voltd makes, in a directory it may write"};
}

Findings check_file(const std::string& path, const SettingsReader& read_settings) {
    const ParsedConfig parsed = load_config(path);
    Findings findings{parsed.problems, parsed.warnings};
    if (parsed.config)
        if (auto unfit = check_token_file(parsed)) findings.warnings.push_back(std::move(*unfit));
    if (!parsed.config) return findings;
    if (auto nowhere = check_database_place(parsed)) {
        findings.problems.push_back(std::move(*nowhere));
        return findings;
    }
    if (!read_settings) return findings;
    const std::optional<Settings> settings = read_settings(parsed.config->database);
    if (!settings) return findings;
    const Findings more = check_settings(parsed, *settings);
    findings.problems.insert(findings.problems.end(), more.problems.begin(), more.problems.end());
    findings.warnings.insert(findings.warnings.end(), more.warnings.begin(), more.warnings.end());
    return findings;
}

int check_config(const std::string& path, std::ostream& out, const SettingsReader& read_settings) {
    const Findings findings = check_file(path, read_settings);
    print(out, findings.problems, false);
    print(out, findings.warnings, true);
    out << fmt::format("{}: {}, {} problems, {} warnings\n", path, findings.problems.empty() ? "good" : "refused",
                       findings.problems.size(), findings.warnings.size());
    return findings.problems.empty() ? exit_ok : exit_bad_configuration;
}

}  // namespace volt
