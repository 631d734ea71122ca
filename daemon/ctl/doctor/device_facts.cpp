// Facts about the polled devices: from voltd while it runs, because a device may serve only one client, and a second one costs it
// time; else from the device itself.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/config/build_policy.hpp"
#include "daemon/ctl/doctor/examination.hpp"
#include "daemon/ctl/doctor/run_program.hpp"
#include "daemon/host/clock.hpp"
#include "daemon/host/sun.hpp"
#include "daemon/host/timedate.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/modbus/copy_watch.hpp"
#include "drivers/modbus/device_look.hpp"
#include "drivers/modbus/pack_watch.hpp"
#include "drivers/modbus/register_board.hpp"
#include "drivers/modbus/sol_ark_registers.hpp"
#include "drivers/source.hpp"
#include "drivers/text.hpp"
#include "drivers/zone_name.hpp"
#include "rules/battery/bank.hpp"

namespace volt::ctl::doctor {

namespace {

constexpr Duration timedate_limit = 3s, date_limit = 2s;
constexpr double answered_within_s = 15;
constexpr Volts apart_of_default_bank = 100_cV;

/// Converts the words of `GET /api/sources/{name}/registers`.
modbus::Answers answers_in(const Json& page) {
    modbus::Answers answers;
    const auto rows = page.find("registers");
    if (rows == page.end() || !rows->is_array()) return answers;
    for (const Json& row : *rows) {
        modbus::Answer answer{static_cast<std::uint16_t>(number(row, "address").value_or(0)), {}};
        if (const auto words = row.find("words"); words != row.end() && words->is_array())
            for (const Json& one : *words)
                answer.words.push_back(one.is_number_unsigned() ? one.get<std::uint16_t>() : std::uint16_t{0});
        answers.push_back(std::move(answer));
    }
    return answers;
}

std::optional<std::int64_t> voltage_of(const std::optional<SourceReading>& reading) {
    return reading && reading->voltage ? std::optional(reading->voltage->steps) : std::nullopt;
}

UnitFact unit_by_voltd(const Subject& subject, const std::string& source, int unit) {
    const Json& state = part(subject.voltd.status, "source/" + source);
    UnitFact fact{.source = source, .unit = unit, .kind = modbus::kind_of_source(source).name};
    fact.state = word(state, "state");
    fact.error = word(state, "last_error");
    const auto page = subject.voltd.registers.find(source);
    if (page == subject.voltd.registers.end() || !page->second.is_object()) return fact;
    fact.moved_s = number(page->second, "moved_s");
    // A unit whose values are rejected does answer.
    if (number(page->second, "age_s").value_or(answered_within_s) < answered_within_s &&
        fact.error.find("implausible") != std::string::npos)
        fact.state = "ok";
    const SolArkConfig scales = source == "sol_ark_2" ? subject.config().sol_ark_2.value_or(SolArkConfig{})
                                                      : subject.config().sol_ark.value_or(SolArkConfig{});
    fact.voltage_cv = voltage_of(modbus::reading_of(source, answers_in(page->second), scales));
    return fact;
}

/// Returns the watts at the generator port of an inverter whose section does not say what feeds it.
std::optional<std::int64_t> unnamed_port(const Subject& subject, const std::string& source, const modbus::Answers& answers) {
    if (subject.parsed.places.contains(source + ".generator_port")) return std::nullopt;
    const modbus::Decoded power = modbus::decode(modbus::sol_ark::generator_port, answers);
    return power.good() ? std::optional(power.steps) : std::nullopt;
}

UnitFact unit_by_look(const modbus::UnitLook& look) {
    UnitFact fact{.source = look.source, .unit = look.unit, .kind = modbus::kind_of_source(look.source).name};
    fact.state = look.failure.empty() ? "ok" : "failing";
    fact.error = look.failure;
    if (look.failure.empty()) fact.voltage_cv = voltage_of(look.reading);
    return fact;
}

/// Returns the units with a configured id, without those that voltd would search for.
std::vector<std::pair<std::string, int>> gx_units_of(const VictronConfig& config) {
    std::vector<std::pair<std::string, int>> units{{"victron.system", config.system_unit}};
    if (config.battery_unit) units.emplace_back("victron.battery", *config.battery_unit);
    if (config.vebus_unit) units.emplace_back("victron.vebus", *config.vebus_unit);
    for (const GxTemperature& sensor : config.temperatures) units.emplace_back("victron." + sensor.id, sensor.unit);
    return units;
}

/// Returns the facts that a running voltd's polls do not cover.
DeviceFacts begun_facts(const Subject& subject, bool configured) {
    DeviceFacts facts{.configured = configured, .by_voltd = subject.voltd.runs};
    if (facts.by_voltd && !subject.voltd.reached) facts.not_asked = subject.voltd.why;
    if (!facts.by_voltd && !subject.asks_devices) facts.not_asked = "voltd on another computer may be polling it";
    return facts;
}

/// Returns the reason none of voltd's units has a connection.
std::string unreachable_by_voltd(const DeviceFacts& facts) {
    for (const UnitFact& unit : facts.units)
        if (unit.state != "failing" || !unit.error.starts_with("no connection")) return {};
    return facts.units.empty() ? "" : facts.units.front().error;
}

void add_bank(const Subject& subject, DeviceFacts& facts) {
    if (!subject.settings) return;
    const VoltageRange range = plausible_range(subject.settings->preferences);
    facts.range = {range.lowest.steps, range.highest.steps};
    facts.most_apart_cv = scaled(apart_of_default_bank, subject.settings->preferences).steps;
}

std::optional<double> failed_percent(const Subject& subject, const std::string& source, Duration poll) {
    const auto failures = number(part(subject.voltd.status, "source/" + source), "failures");
    const auto uptime = number(part(subject.voltd.system, "process"), "uptime_s");
    if (!failures || !uptime || *uptime <= 0) return std::nullopt;
    const double polls = std::max(1.0, *uptime * 1000 / static_cast<double>(poll.count()));
    return std::min(100.0, 100 * *failures / polls);
}

/// Returns the name of the computer's time zone, or an empty string if unknown.
std::string machine_zone(const std::string& root) {
    std::error_code failed;
    const std::string link = std::filesystem::read_symlink(root + "/etc/localtime", failed);
    if (const auto at = link.find("zoneinfo/"); !failed && at != std::string::npos) return link.substr(at + 9);
    std::string name;
    std::ifstream(root + "/etc/timezone") >> name;
    return name;
}

/// Returns the note of voltd's polls, or of a single reading.
std::string one_pack(const DeviceFacts& facts, const std::vector<modbus::UnitLook>& looks) {
    std::optional<Amps> unit, bank;
    for (const modbus::UnitLook& look : looks) {
        if (look.source == "victron.battery") unit = look.reading.battery_current;
        if (look.source == "victron.system") bank = look.reading.battery_current;
    }
    for (const UnitFact& fact : facts.units)
        if (const auto at = fact.error.find(modbus::gx::of_one_pack); at != std::string::npos) return fact.error.substr(at);
    return modbus::gx::pack_remark(unit, bank);
}

/// Returns a time in the coming year that `date` shows differently from voltd: one of the two misreads a file, or the file
/// changed since the start.
std::string misread_time(const std::string& zone) {
    constexpr int looks = 5;
    constexpr auto apart = std::chrono::hours{24 * 73};
    const auto clock = ZoneClock::load(zone);
    for (int i = 0; clock && i < looks; ++i) {
        const Utc at = wall_now() + i * apart;
        const LocalTime local = clock->local(at);
        const std::string moment = "@" + std::to_string(at.count() / 1000);
        const auto answer = run_program({"env", "TZ=:" + zone, "date", "-d", moment, "+%FT%T"}, date_limit);
        if (!answer || answer->code != 0 || answer->text.empty()) return {};
        const std::string theirs = text_lines(answer->text).front(),
                          ours = iso_time(std::int64_t{local.day} * 86'400 + local.second_of_day);
        if (theirs != ours) return theirs + ", by voltd " + ours;
    }
    return {};
}

}  // namespace

DeviceFacts gx_facts(const Subject& subject) {
    DeviceFacts facts = begun_facts(subject, subject.config().victron.has_value());
    if (!facts.configured || !facts.not_asked.empty()) return facts;
    const VictronConfig& config = *subject.config().victron;
    facts.address = fmt::format("{}:{}", config.host, config.port);
    facts.writes = config.charge_limit == ChargeLimit::write;
    facts.may_write = facts.writes && !facts.by_voltd;
    add_bank(subject, facts);
    if (facts.by_voltd) {
        for (const auto& [source, unit] : gx_units_of(config)) facts.units.push_back(unit_by_voltd(subject, source, unit));
        facts.unreachable = unreachable_by_voltd(facts);
        facts.pack = one_pack(facts, {});
        return facts;
    }
    const modbus::DeviceLook look = modbus::look_at_gx(config, GxUse{});
    facts.unreachable = look.unreachable;
    for (const modbus::UnitLook& unit : look.units) facts.units.push_back(unit_by_look(unit));
    facts.pack = one_pack(facts, look.units);
    if (look.clock) {
        const auto now = wall_now();
        facts.ahead_s = (*look.clock - now).count() / 1000;
    }
    facts.charge_limit = look.charge_limit;
    facts.charge_limit_failure = look.unreachable.empty() ? look.charge_limit_failure : look.unreachable;
    return facts;
}

DeviceFacts sol_ark_facts(const Subject& subject, const std::string& source, const std::optional<SolArkConfig>& config) {
    DeviceFacts facts = begun_facts(subject, config.has_value());
    if (!config || !facts.not_asked.empty()) return facts;
    facts.address = fmt::format("{}:{}", config->host, config->port);
    facts.framing = name_of(config->framing);
    facts.may_write = config->charge_limit == ChargeLimit::write && !facts.by_voltd;
    add_bank(subject, facts);
    if (facts.by_voltd) {
        facts.units.push_back(unit_by_voltd(subject, source, config->unit));
        facts.unreachable = unreachable_by_voltd(facts);
        for (const char* key : {"power_scale", "grid_power_scale", "battery_current_scale"})
            if (facts.units.front().state == "ok" && facts.units.front().error.find(key) != std::string::npos)
                facts.wrong_scale = key;
        facts.failed_percent = failed_percent(subject, source, config->poll);
        facts.copy = word(part(subject.voltd.status, "alarm/source_lags/" + source), "text");
        if (const auto page = subject.voltd.registers.find(source); page != subject.voltd.registers.end())
            facts.unnamed_port_w = unnamed_port(subject, source, answers_in(page->second));
        return facts;
    }
    static_assert(longest_examination > modbus::CopyWatch::lasts + 20s);
    // One watch fits into an examination.
    const Duration watch = source == "sol_ark" ? modbus::CopyWatch::lasts : Duration{};
    const modbus::DeviceLook look = modbus::look_at_sol_ark(*config, source, watch);
    facts.unreachable = look.unreachable;
    for (const modbus::UnitLook& unit : look.units) {
        facts.units.push_back(unit_by_look(unit));
        if (unit.failure.empty()) facts.unnamed_port_w = unnamed_port(subject, source, unit.answers);
    }
    facts.instead = look.instead;
    facts.wrong_scale = look.wrong_scale;
    facts.copy = look.copy;
    facts.second_client = look.second_client;
    facts.charge_limit = look.charge_limit;
    facts.charge_limit_failure = look.charge_limit_failure;
    return facts;
}

ClockFacts clock_facts(const Subject& subject, const DeviceFacts& gx) {
    ClockFacts facts;
    facts.simulated = word(part(subject.voltd.status, "site"), "clock") == "simulated";
    facts.vouched = subject.config().clock == ClockTrust::trusted;
    facts.synchronized = clock_is_synchronised();
    if (!facts.synchronized || !*facts.synchronized)
        if (const auto answer = query_timedate(timedate_limit)) facts.synchronized = answer;
    if (subject.settings) facts.site_zone = subject.settings->timezone;
    facts.zone_known = facts.site_zone.empty() || is_zone_name(facts.site_zone);
    if (!facts.site_zone.empty() && facts.zone_known) facts.zone_misread = misread_time(facts.site_zone);
    facts.machine_zone = machine_zone(subject.root);
    facts.has_gx = gx.configured;
    facts.gx_ahead_s = gx.ahead_s;
    facts.gx_why = !gx.not_asked.empty()    ? gx.not_asked
                   : gx.by_voltd            ? "voltd polls it, and its clock is read only while voltd is stopped"
                   : gx.unreachable.empty() ? "it reported no time"
                                            : gx.unreachable;
    facts.against_sun = word(part(subject.voltd.status, "alarm/clock_against_sun"), "text");
    if (facts.against_sun.empty() && subject.config().site_place && !facts.simulated)
        facts.against_sun = zone_doubt(facts.site_zone, *subject.config().site_place, wall_now());
    if (subject.voltd.reached) facts.jump = word(part(subject.voltd.status, "alarm/clock_jumped"), "text");
    return facts;
}

}  // namespace volt::ctl::doctor
