#include "drivers/modbus/probe_yaml.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "drivers/modbus/gx_alarms.hpp"
#include "drivers/modbus/gx_registers.hpp"
#include "drivers/modbus/pack_watch.hpp"
#include "drivers/modbus/scale_watch.hpp"
#include "drivers/modbus/sol_ark.hpp"
#include "drivers/modbus/sol_ark_registers.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus {
namespace {

using sol_ark::Agreement;

bool is_tenfold(Agreement agreement) {
    return agreement == Agreement::ten_times_too_small || agreement == Agreement::ten_times_too_large;
}

/// Scales derived from the values. Not judged at low power.
struct Scales {
    Agreement current = Agreement::unjudged, power = Agreement::unjudged, grid = Agreement::unjudged;
};

Scales scales_of(const Answers& answers) {
    const auto reading = sol_ark::reading(answers, SolArkConfig{});
    if (!reading) return {};
    return {sol_ark::judge_current_scale(reading.value()), sol_ark::judge_power_scale(reading.value(), answers),
            sol_ark::judge_grid_scale(reading.value(), answers)};
}

void say(std::vector<std::string>& remarks, Agreement agreement, const char* what, const char* key) {
    const std::string name = what;
    if (agreement == Agreement::unjudged)
        remarks.push_back(name + ": too little power to judge " + key + "; probe again under load");
    else if (is_tenfold(agreement)) remarks.push_back(name + ": differ by a factor of ten, see " + key + " below");
    else if (agreement == Agreement::disagrees) remarks.push_back(name + ": do not agree; " + key + " cannot be judged");
}

std::vector<std::string> sol_ark_remarks(const Answers& answers) {
    std::vector<std::string> remarks;
    if (const auto wrong = sol_ark::identify(answers)) remarks.push_back(wrong->text + ": voltd will refuse it");
    const auto reading = sol_ark::reading(answers, SolArkConfig{});
    if (!reading) return remarks.push_back(reading.failure().text), remarks;
    if (!reading.value().complaint.empty()) remarks.push_back(reading.value().complaint);
    const Scales scales = scales_of(answers);
    say(remarks, scales.current, "battery power (190) and voltage times current (183, 191)", "battery_current_scale");
    if (is_tenfold(scales.grid)) say(remarks, scales.grid, "inverter (175) and load minus grid (178, 169)", "grid_power_scale");
    else say(remarks, scales.power, "inverter (175) and load minus grid (178, 169)", "power_scale");
    return remarks;
}

void add_host(std::vector<std::string>& lines, const std::string& host, int port) {
    lines.push_back("  host: " + (host.find(':') != std::string::npos ? "'" + host + "'" : host));
    if (port != 502) lines.push_back("  port: " + std::to_string(port));
}

/// Returns the battery unit whose voltage is nearest to the system's, or else the first one.
std::size_t best_battery(const std::vector<std::size_t>& batteries, const std::optional<Volts>& system,
                         const std::vector<Answers>& answers) {
    const auto apart = [&](std::size_t at) {
        const auto own = value_of<Volts>(gx::unit_voltage, answers[at]);
        return own && system ? std::abs(own->steps - system->steps) : std::numeric_limits<std::int64_t>::max();
    };
    return *std::ranges::min_element(batteries, {}, apart);
}

/// Returns unit 100, where every GX has its system service (some also answer for it on 0), or else the first one.
std::size_t best_system(const std::vector<std::size_t>& systems, const std::vector<ProbedUnit>& units) {
    const auto at = std::ranges::find_if(systems, [&](std::size_t i) { return units[i].unit == 100; });
    return at != systems.end() ? *at : systems.front();
}

std::vector<std::size_t> of_kind(const char* kind, const std::vector<ProbedUnit>& units) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].kind == kind) found.push_back(i);
    }
    return found;
}

std::string others(const std::vector<std::size_t>& all, std::size_t chosen, const std::vector<ProbedUnit>& units) {
    std::string text;
    for (const std::size_t at : all) {
        if (at != chosen) text += (text.empty() ? "  # also " : ", ") + std::to_string(units[at].unit);
    }
    return text;
}

void add_temperatures(std::vector<std::string>& lines, const std::vector<ProbedUnit>& units,
                      const std::vector<Answers>& answers) {
    std::string list;
    for (const std::size_t at : of_kind("temperature", units)) {
        const Decoded type = decode(*find(gx::temperature_map(), 3303), answers[at]);
        const std::string unit = std::to_string(units[at].unit);
        list += (list.empty() ? "" : ", ") + ("{ id: sensor-" + unit) + ", unit: " + unit +
                ", role: " + (type.good() && type.steps == 0 ? "battery" : "room") + " }";
    }
    if (!list.empty()) lines.push_back("  temperatures: [ " + list + " ]");
}

void add_victron(std::vector<std::string>& lines, const std::string& host, int port, const std::vector<ProbedUnit>& units,
                 const std::vector<Answers>& answers) {
    const auto systems = of_kind("system", units);
    if (systems.empty()) return;
    lines.emplace_back("victron:");
    add_host(lines, host, port);
    const std::size_t system = best_system(systems, units);
    std::string ids = "  units: { system: " + std::to_string(units[system].unit);
    std::string notes;
    const auto batteries = of_kind("battery", units), multis = of_kind("vebus", units);
    if (!batteries.empty()) {
        const auto best = best_battery(batteries, value_of<Volts>(gx::battery_voltage, answers[system]), answers);
        ids += ", battery: " + std::to_string(units[best].unit);
        notes = others(batteries, best, units);
    }
    if (!multis.empty()) ids += ", vebus: " + std::to_string(units[multis.front()].unit);
    lines.push_back(ids + " }" + notes);
    add_temperatures(lines, units, answers);
}

/// Returns the first unit with another serial number than `first`. One inverter that answers on two ids does not count.
std::optional<std::size_t> other_inverter(const std::vector<std::size_t>& found, const std::vector<Answers>& answers) {
    const auto serial = [&](std::size_t at) { return decode_text(sol_ark::serial, answers[at]).value_or(""); };
    for (const std::size_t at : found) {
        if (!serial(at).empty() && !serial(found.front()).empty() && serial(at) != serial(found.front())) return at;
    }
    return std::nullopt;
}

void add_inverter(std::vector<std::string>& lines, const std::string& host, int port, Framing framing, int unit,
                  const std::string& note, const Answers& answers) {
    add_host(lines, host, port);
    lines.push_back(std::string("  framing: ") + name_of(framing));
    lines.push_back("  unit: " + std::to_string(unit) + note);
    const Scales scales = scales_of(answers);
    if (scales.power == Agreement::ten_times_too_small) lines.emplace_back("  power_scale: 10             # by cross-check");
    if (scales.grid == Agreement::ten_times_too_small) lines.emplace_back("  grid_power_scale: 10        # by cross-check");
    if (scales.current == Agreement::ten_times_too_small) lines.emplace_back("  battery_current_scale: 0.1  # by cross-check");
}

void add_sol_arks(std::vector<std::string>& lines, const std::string& host, int port, Framing framing,
                  const std::vector<ProbedUnit>& units, const std::vector<Answers>& answers) {
    const auto found = of_kind("sol_ark", units);
    if (found.empty()) return;
    const std::size_t first = found.front();
    lines.emplace_back("sol_ark:");
    add_inverter(lines, host, port, framing, units[first].unit, others(found, first, units), answers[first]);
    const auto second = other_inverter(found, answers);
    if (!second) return;
    lines.emplace_back("sol_ark_2:");
    add_inverter(lines, host, port, framing, units[*second].unit, "", answers[*second]);
}

}  // namespace

std::vector<std::string> remarks_about(const std::string& kind, int unit, const Answers& answers) {
    std::vector<std::string> remarks;
    if (kind == "sol_ark") remarks = sol_ark_remarks(answers);
    const std::string complaint = kind == "battery" ? gx::battery_complaint(answers).text
                                  : kind == "vebus" ? gx::vebus_complaint(answers).text
                                                    : std::string();
    if (!complaint.empty()) remarks.push_back("it reports: " + complaint);
    if (kind == "system" && unit == 0) remarks.emplace_back("unit 0 is also the system service; 100 is the safer id");
    return remarks;
}

void remark_on_packs(std::vector<ProbedUnit>& units, const std::vector<Answers>& answers) {
    const auto systems = of_kind("system", units);
    if (systems.empty()) return;
    const auto bank = value_of<Amps>(gx::battery_current, answers[best_system(systems, units)]);
    for (const std::size_t at : of_kind("battery", units)) {
        const std::string remark = gx::pack_remark(value_of<Amps>(gx::unit_current, answers[at]), bank);
        if (!remark.empty()) units[at].remarks.push_back(remark);
    }
}

std::vector<std::string> yaml_lines(const std::string& host, int port, Framing framing, const std::vector<ProbedUnit>& units,
                                    const std::vector<Answers>& answers) {
    std::vector<std::string> lines;
    add_victron(lines, host, port, units, answers);
    add_sol_arks(lines, host, port, framing, units, answers);
    return lines;
}

}  // namespace volt::modbus
