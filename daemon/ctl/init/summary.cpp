#include "daemon/ctl/init/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/init/bank.hpp"

namespace volt::ctl::init {

namespace {

constexpr std::size_t most_rows = 4;  // maximum zones and miners together: the summary has at most ten lines

std::string volts_of(Volts value) { return volts(static_cast<double>(value.steps) / 100); }
std::string watts_of(Watts value) { return watts(static_cast<double>(value.steps)); }

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& it : parts) text += (text.empty() ? "" : ", ") + it;
    return text;
}

std::string site_line(const Json& answers, const Settings& settings) {
    const auto latitude = number(answers, "latitude"), longitude = number(answers, "longitude");
    const std::string place = latitude && longitude ? fmt::format("at {:.2f}, {:.2f}", *latitude, *longitude) : "place not given";
    return fmt::format("Site {}, {}, time zone {}, temperatures in °{}.", word(answers, "site"), place, settings.timezone,
                       settings.temperature_unit);
}

std::string bank_line(const Json& answers, const Settings& settings) {
    const Preferences& p = settings.preferences;
    const BankKind* kind = bank_kind(word(part(answers, "bank"), "kind"));
    const std::string size = p.bank_wh ? fmt::format("{:.1f} kWh", static_cast<double>(*p.bank_wh) / 1000) : "size unknown";
    return fmt::format("Battery: {}, {}; all loads take at most {} from it. Inverter: {}.",
                       kind == nullptr || kind->chemistry == nullptr ? "your own figures" : kind->about, size,
                       watts_of(p.max_battery_discharge), watts_of(p.inverter_max));
}

std::string voltage_line(const Preferences& p) {
    return fmt::format("No load starts below {}; all stop at {}; above {} charging must stop.", volts_of(p.low),
                       volts_of(p.critical_low), volts_of(p.absolute_max));
}

std::string night_line(const Preferences& p) {
    if (p.bank_wh)
        return fmt::format("By night voltd keeps what the house needs until the sun is back, and the last {} %.",
                           p.budget_floor_percent);
    if (p.reserve)
        return fmt::format("By night loads stop below {}: without the size there is no night budget.", volts_of(*p.reserve));
    return "Nothing keeps the night for the house: the size is unknown, and there is no reserve.";
}

std::string devices_line(const Json& answers) {
    std::vector<std::string> parts;
    for (const auto& [key, name] :
         {std::pair("victron", "GX"), std::pair("sol_ark", "Sol-Ark"), std::pair("sol_ark_2", "second Sol-Ark")})
        if (!has_none(answers, key)) parts.push_back(std::string(name) + " at " + word(answers[key], "host"));
    if (!has_none(answers, "mqtt")) parts.push_back("broker " + word(answers["mqtt"], "url"));
    return joined(parts) + ".";
}

std::string zone_line(const Zone& zone, bool fahrenheit) {
    std::vector<std::string> parts;
    const auto at = [fahrenheit](Celsius value) { return degrees(static_cast<double>(value.steps) / 10, fahrenheit); };
    if (zone.fan_enabled) parts.push_back("fan from " + at(zone.too_hot) + " to " + at(zone.hot_ok));
    if (zone.heating_enabled) parts.push_back("heater of " + watts_of(zone.heater_power) + " at " + at(zone.too_cold));
    if (zone.block_charging_enabled) parts.push_back("no charging below " + at(zone.block_charging_below));
    return zone.name + ": " + (parts.empty() ? "only watched" : joined(parts)) + ".";
}

std::string miner_line(const Miner& miner) {
    return fmt::format("{}, {}: {}, starts from {}, stops below {}.", miner.name, watts_of(miner.power),
                       miner.require_excess_solar ? "on excess sun alone" : "on sun and battery", volts_of(miner.start),
                       volts_of(miner.stop));
}

/// Returns the number of rows that are not shown, for the end of the last one shown.
std::string more(std::size_t at, std::size_t last, std::size_t all, const char* noun) {
    const std::size_t left = at == last ? all - last : 0;
    return left == 0 ? "" : fmt::format(" And {} more {}{}.", left, noun, left == 1 ? "" : "s");
}

std::string page_line(const Json& answers) {
    const Json& api = part(answers, "api");
    const std::string page = word(api, "lan") != "plain"   ? "on this machine only"
                             : word(api, "view") == "open" ? "in your network, open to every viewer"
                                                           : "in your network, after signing in";
    return "The page: " + page + (has_none(answers, "home_assistant") ? "." : "; voltd appears in Home Assistant.");
}

}  // namespace

std::vector<std::string> summary_lines(const Json& answers, const Settings& settings) {
    const Preferences& p = settings.preferences;
    std::vector<std::string> lines = {site_line(answers, settings), bank_line(answers, settings), voltage_line(p), night_line(p),
                                      devices_line(answers)};
    const bool fahrenheit = settings.temperature_unit == "F";
    const std::size_t zones = settings.zones.size(), miners = settings.miners.size();
    const std::size_t shown_miners = std::min(miners, most_rows - std::min(zones, most_rows / 2));
    const std::size_t shown_zones = std::min(zones, most_rows - shown_miners);
    for (std::size_t i = 0; i < shown_zones; ++i)
        lines.push_back(zone_line(settings.zones[i], fahrenheit) + more(i + 1, shown_zones, zones, "zone"));
    for (std::size_t i = 0; i < shown_miners; ++i)
        lines.push_back(miner_line(settings.miners[i]) + more(i + 1, shown_miners, miners, "miner"));
    lines.push_back(page_line(answers));
    return lines;
}

}  // namespace volt::ctl::init
