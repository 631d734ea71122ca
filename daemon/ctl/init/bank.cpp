#include "daemon/ctl/init/bank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "daemon/settings/settings_text.hpp"
#include "drivers/store/settings/fields.hpp"

namespace volt::ctl::init {

namespace {

/// Voltages that protect the night while the bank's size is unknown.
struct SafeNight {
    double reserve, start, stop;
};

/// Start, stop, emergency stop.
using MinerVolts = std::array<double, 3>;

}  // namespace

/// Values of typical cells, not measured on any bank of voltd's owners.
struct Chemistry {
    double nominal_v;
    std::vector<std::pair<int, double>> curve;  ///< percent and resting voltage
    std::array<double, 10> thresholds;          ///< in the order of bank_columns(), without both ends of the curve
    MinerVolts first, others;                   ///< for the miner that may use the battery, and those that run on excess sun
    SafeNight night;
    int resistance_mohm;
    int floor_percent;       ///< percent of the bank that is never planned for use
    double discharge_hours;  ///< minimum time that a full bank lasts at the maximum draw of the loads
};

namespace {

constexpr double most_bridge_share = 0.05, default_bridge_wh = 500;  // limit and default of the settings
constexpr double default_discharge_w = 5000, default_inverter_w = 12'000;
constexpr double sag_margin = 1.25;
constexpr double default_middle_v = 48;  ///< banks from this voltage on get the default limits
constexpr int lithium_cells = 16, lead_cells = 24;
constexpr std::size_t least_points = 2;   ///< two points of a curve are only a line
constexpr std::size_t absorption_at = 7;  ///< in Chemistry::thresholds
/// Default curve with one more point on its line: an owner who chose that bank has confirmed the curve.
constexpr const char* confirmed_curve = "45.0:0,47.0:15,48.2:25,50.0:40,51.5:60,54.5:80,56.0:100";

/// Thresholds of the Solar Shack, for which voltd's default rows are made. A row with another name stops just above voltage_low.
const Chemistry& solar_shack() {
    static const Chemistry it{51.2, {}, {}, {50.0, 47.1, 45.5}, {54.5, 53.0, 50.0}, {54.0, 54.0, 52.0}, 10, 15, 2};
    return it;
}

const Chemistry& lifepo4() {
    static const Chemistry it{51.2,
                              {{0, 44.00},
                               {5, 49.60},
                               {10, 51.40},
                               {20, 52.00},
                               {30, 52.50},
                               {40, 52.70},
                               {60, 52.90},
                               {70, 53.25},
                               {90, 53.40},
                               {99, 54.00},
                               {100, 54.40}},
                              {44.0, 45.0, 47.0, 50.0, 50.0, 54.5, 55.0, 57.6, 58.0, 58.4},
                              {51.5, 50.0, 48.0},
                              {54.5, 53.0, 50.0},
                              {53.0, 53.0, 51.0},
                              10,
                              15,
                              2};
    return it;
}

// Lead-acid lasts longer in its upper half. Values are for 12 V, times four.
const Chemistry& flooded() {
    static const Chemistry it{48,
                              {{0, 45.44},
                               {10, 46.04},
                               {20, 46.64},
                               {30, 47.24},
                               {40, 47.84},
                               {50, 48.40},
                               {60, 48.96},
                               {70, 49.48},
                               {80, 50.00},
                               {90, 50.48},
                               {100, 50.92}},
                              {44.4, 46.0, 47.2, 49.2, 49.2, 52.0, 52.8, 58.8, 59.2, 64.0},
                              {50.0, 47.6, 46.4},
                              {53.2, 50.4, 48.0},
                              {49.6, 51.2, 49.2},
                              20,
                              50,
                              5};
    return it;
}

const Chemistry& agm() {
    static const Chemistry it{48,
                              {{0, 46.4}, {25, 47.6}, {50, 48.8}, {75, 50.0}, {100, 51.2}},
                              {44.4, 46.0, 47.2, 49.6, 49.6, 52.4, 53.6, 57.6, 58.4, 60.0},
                              {50.4, 48.0, 46.8},
                              {53.6, 50.8, 48.4},
                              {50.0, 51.6, 49.6},
                              15,
                              50,
                              5};
    return it;
}

const Chemistry& gel() {
    static const Chemistry it{48,
                              {{0, 46.2}, {25, 47.4}, {50, 48.8}, {75, 50.2}, {100, 51.4}},
                              {44.4, 46.0, 47.2, 49.6, 49.6, 52.4, 53.6, 56.4, 56.8, 58.4},
                              {50.4, 48.0, 46.8},
                              {53.6, 50.8, 48.4},
                              {50.0, 51.6, 49.6},
                              20,
                              50,
                              5};
    return it;
}

double share_of(const BankKind& kind) { return static_cast<double>(kind.cells) / kind.of_cells; }

double scaled(double volts, const BankKind& kind) { return std::round(volts * share_of(kind) * 100) / 100; }

std::string text(double volts) { return fmt::format("{:.2f}", volts); }
std::string whole(double number) { return fmt::format("{:.0f}", number); }

/// Returns a number of the answers, which may be text or a number.
std::optional<double> number_at(const Json& object, const std::string& key) {
    if (!object.is_object() || !object.contains(key)) return std::nullopt;
    const Json& value = object[key];
    if (value.is_number()) return value.get<double>();
    if (!value.is_string()) return std::nullopt;
    try {
        return std::stod(value.get<std::string>());
    } catch (const std::exception&) { return std::nullopt; }
}

/// Returns the middle between empty and full, for a bank of which only the ends are known.
double middle_of(const Json& thresholds) {
    return (number_at(thresholds, "voltage_at_0_percent").value_or(0) +
            number_at(thresholds, "voltage_at_100_percent").value_or(0)) /
           2;
}

/// Returns the kind whose figures apply: the bank's own, or that of the chemistry and cells that the owner gave.
std::optional<BankKind> figures_of(const Json& bank) {
    const BankKind* kind = bank_kind(word(bank, "kind"));
    if (kind == nullptr) return bank_kinds().front();
    if (kind->chemistry != nullptr) return *kind;
    const auto cells = number_at(bank, "cells");
    for (const BankKind& it : bank_chemistries())
        if (cells && it.name == word(bank, "chemistry")) {
            BankKind own = it;
            own.cells = static_cast<int>(*cells);
            return own;
        }
    return std::nullopt;
}

std::string curve_of(const BankKind& kind) {
    std::string points;
    for (const auto& [percent, volts] : kind.chemistry->curve)
        points += fmt::format("{}{:.2f}:{}", points.empty() ? "" : ",", scaled(volts, kind), percent);
    return points;
}

int resistance_of(const BankKind& kind) {
    return std::max(1, static_cast<int>(std::lround(kind.chemistry->resistance_mohm * share_of(kind))));
}

/// Returns the columns by which voltd reads the charge.
Json charge_columns(const BankKind& kind) {
    const Chemistry& cells = *kind.chemistry;
    return {{"voltage_at_0_percent", text(scaled(cells.curve.front().second, kind))},
            {"voltage_at_100_percent", text(scaled(cells.curve.back().second, kind))},
            {"voltage_curve", curve_of(kind)},
            {"internal_resistance_mohm", std::to_string(resistance_of(kind))},
            {"budget_floor_percent", std::to_string(cells.floor_percent)}};
}

/// Returns everything that follows from kind and voltage alone.
Json typical_columns(const BankKind& kind) {
    const Chemistry& cells = *kind.chemistry;
    Json columns = charge_columns(kind);
    columns["max_battery_discharge_w"] = whole(default_discharge_w * share_of(kind));
    columns["inverter_max_w"] = whole(default_inverter_w * share_of(kind));
    for (std::size_t i = 0; i < cells.thresholds.size(); ++i)
        columns[bank_columns()[i + 2]] = text(scaled(cells.thresholds[i], kind));
    return columns;
}

Json own_thresholds(const Json& bank, const Json& thresholds) {
    Json columns = thresholds.is_object() ? thresholds : Json::object();
    if (const auto kind = figures_of(bank)) columns.update(charge_columns(*kind));
    else if (!columns.contains("voltage_curve"))  // a line that no budget reads: only its ends are known
        columns["voltage_curve"] =
            word(columns, "voltage_at_0_percent") + ":0," + word(columns, "voltage_at_100_percent") + ":100";
    // Keep the same currents as the default: a 12 V bank gives a quarter of the watts.
    const double share = std::min(1.0, middle_of(columns) / default_middle_v);
    columns.emplace("max_battery_discharge_w", whole(std::round(default_discharge_w * share)));
    columns.emplace("inverter_max_w", whole(std::round(default_inverter_w * share)));
    return columns;
}

/// Returns the highest start voltage that init computes: the absorption voltage, which the charger reaches on a sunny day.
double highest_start(const BankKind& kind) {
    const double solar_shack_absorption = 57.6;
    const auto& thresholds = kind.chemistry->thresholds;
    return kind.typical ? scaled(thresholds[absorption_at], kind) : solar_shack_absorption;
}

bool is_own(const Json& bank) {
    const BankKind* kind = bank_kind(word(bank, "kind"));
    return kind != nullptr && kind->chemistry == nullptr;
}

std::vector<BankKind> made_kinds() {
    std::vector<BankKind> kinds;
    for (const int cells : {16, 15, 8, 4})
        kinds.push_back({fmt::format("lifepo4-{}s", cells), fmt::format("{} LiFePO4 cells in series", cells), &lifepo4(), cells,
                         lithium_cells});
    struct Lead {
        const char *name, *about;
        const Chemistry* chemistry;
    };
    for (const Lead& lead : {Lead{"flooded", "flooded lead-acid", &flooded()}, Lead{"agm", "AGM lead-acid", &agm()},
                             Lead{"gel", "gel lead-acid", &gel()}})
        for (const int cells : {24, 12, 6})
            kinds.push_back({fmt::format("{}-{}v", lead.name, cells * 2), fmt::format("{}, {} V", lead.about, cells * 2),
                             lead.chemistry, cells, lead_cells, true, false});
    kinds.push_back({"own", "any other bank: you enter each voltage from its data sheet", nullptr});
    kinds.push_back({"solar-shack-16s", "the Solar Shack's own 16 LiFePO4 cells, with the curve measured there", &solar_shack(),
                     lithium_cells, lithium_cells, false});
    return kinds;
}

}  // namespace

const std::vector<BankKind>& bank_kinds() {
    static const std::vector<BankKind> kinds = made_kinds();
    return kinds;
}

const std::vector<BankKind>& bank_chemistries() {
    static const std::vector<BankKind> kinds = {{"lifepo4", "LiFePO4", &lifepo4(), lithium_cells, lithium_cells},
                                                {"flooded", "flooded lead-acid", &flooded(), lead_cells, lead_cells, true, false},
                                                {"agm", "AGM lead-acid", &agm(), lead_cells, lead_cells, true, false},
                                                {"gel", "gel lead-acid", &gel(), lead_cells, lead_cells, true, false}};
    return kinds;
}

bool cold_charge_damages(const Json& bank) {
    const auto kind = figures_of(bank);
    return !kind || kind->cold_charge_damages;
}

bool has_charge_curve(const Json& bank, const Json& thresholds) {
    const std::string given = thresholds.is_object() ? word(thresholds, "voltage_curve") : "";
    const FieldValue value = value_of_text(field_at(SettingsTable::preferences, "voltage_curve"), given);
    const auto* points = std::get_if<GivenCurve>(&value);
    return figures_of(bank) || (points != nullptr && points->size() > least_points);
}

const BankKind* bank_kind(const std::string& name) {
    for (const BankKind& it : bank_kinds())
        if (it.name == name) return &it;
    return nullptr;
}

const std::vector<std::string>& bank_columns() {
    static const std::vector<std::string> columns = {
        "voltage_at_0_percent", "voltage_at_100_percent", "voltage_shutdown",    "voltage_critical_low", "voltage_low",
        "voltage_restart",      "voltage_optimal_min",    "voltage_optimal_max", "voltage_float",        "voltage_absorption",
        "voltage_full",         "battery_absolute_max",   "reserve_voltage"};
    return columns;
}

Json bank_preferences(const Json& bank, const Json& thresholds) {
    const auto kind = figures_of(bank);
    const bool own = is_own(bank);
    Json columns = own ? own_thresholds(bank, thresholds) : kind->typical ? typical_columns(*kind) : Json::object();
    const auto capacity = number_at(bank, "capacity_ah");
    if (!capacity) {
        if (!own) columns["reserve_voltage"] = text(scaled(kind->chemistry->night.reserve, *kind));
        return columns;
    }
    const double nominal_v = kind ? kind->chemistry->nominal_v * share_of(*kind) : middle_of(columns);
    const double energy = std::round(*capacity * nominal_v);
    if (has_charge_curve(bank, thresholds)) {
        columns["bank_wh"] = whole(energy);
        const double bridge = std::floor(energy * most_bridge_share);
        if (bridge < default_bridge_wh) columns["bridge_wh"] = whole(bridge);
    }
    if (kind && !kind->typical) columns["voltage_curve"] = confirmed_curve;
    const double most = kind ? std::floor(energy / kind->chemistry->discharge_hours) : energy;
    const double usual = number_at(columns, "max_battery_discharge_w").value_or(default_discharge_w);
    const double limit = own ? std::min(most, usual) : most;
    if (limit < default_discharge_w) columns["max_battery_discharge_w"] = whole(limit);
    else columns.erase("max_battery_discharge_w");
    return columns;
}

Json miner_voltages(const Json& bank, std::size_t index, double draw_w) {
    if (is_own(bank)) return Json::object();
    const BankKind kind = *figures_of(bank);
    const Chemistry& cells = *kind.chemistry;
    auto [start, stop, emergency] = index == 0 ? cells.first : cells.others;
    if (index == 0 && !number_at(bank, "capacity_ah")) {
        start = cells.night.start;
        stop = cells.night.stop;
    }
    const double low = scaled(stop, kind);
    const double sag = draw_w / low * resistance_of(kind) / 1000 * sag_margin;
    const double wanted = std::max(scaled(start, kind), std::ceil((low + sag) * 100) / 100);
    return {{"start_voltage", text(std::min(wanted, highest_start(kind)))},
            {"stop_voltage", text(low)},
            {"emergency_stop_voltage", text(scaled(emergency, kind))}};
}

std::string start_doubt(const Json& bank, const Json& voltages, double draw_w) {
    if (voltages.empty() || is_own(bank)) return {};
    const BankKind kind = *figures_of(bank);
    const double high = highest_start(kind);
    if (number_at(voltages, "start_voltage").value_or(0) < high) return {};
    return fmt::format(
        "its {:.0f} W pull this bank down by about {:.1f} V, so it would start above a full battery; its start_voltage is "
        "limited "
        "to {:.2f} V. Such a load needs a larger bank; if yours is, set internal_resistance_mohm",
        draw_w, draw_w / high * resistance_of(kind) / 1000, high);
}

}  // namespace volt::ctl::init
