#include "daemon/ctl/init/bank.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "drivers/store/settings/fields.hpp"

namespace volt::ctl::init {

namespace {

constexpr int default_cells = 16;
constexpr double nominal_cell_v = 3.2;
constexpr double most_bridge_share = 0.05, default_bridge_wh = 500;  // what the settings allow, and begin with

/// Resting voltage of 16 typical LiFePO4 cells; not measured on any bank of voltd's owners.
constexpr std::array<std::pair<int, double>, 11> typical_curve{{{0, 44.00},
                                                                {5, 50.20},
                                                                {10, 51.60},
                                                                {20, 52.20},
                                                                {30, 52.60},
                                                                {40, 52.75},
                                                                {60, 53.00},
                                                                {70, 53.30},
                                                                {90, 53.45},
                                                                {99, 54.00},
                                                                {100, 54.40}}};

/// While the bank's size is unknown: what keeps the energy of a night, by the flat curve of the cells and by the default one.
struct SafeNight {
    double reserve, start, stop;
};
constexpr SafeNight flat_night{53.00, 53.00, 51.00}, default_night{54.00, 54.00, 52.00};

/// Start, stop, emergency stop of the default rows: the first miner, and the others.
constexpr std::array<std::array<double, 3>, 2> default_miners{{{50.0, 47.0, 45.0}, {54.5, 53.0, 50.0}}};

double scaled(double volts, int cells) { return std::round(volts * cells / default_cells * 100) / 100; }

std::string text(double volts) { return fmt::format("{:.2f}", volts); }

/// A number of the answers; they hold it as text or as a number.
std::optional<double> number_at(const Json& object, const std::string& key) {
    if (!object.is_object() || !object.contains(key)) return std::nullopt;
    const Json& value = object[key];
    if (value.is_number()) return value.get<double>();
    if (!value.is_string()) return std::nullopt;
    try {
        return std::stod(value.get<std::string>());
    } catch (const std::exception&) { return std::nullopt; }
}

/// Half way between empty and full, for a bank of which only the ends are known.
double middle_of(const Json& thresholds) {
    return (number_at(thresholds, "voltage_at_0_percent").value_or(0) +
            number_at(thresholds, "voltage_at_100_percent").value_or(0)) /
           2;
}

std::string curve_of(int cells) {
    std::string points;
    for (const auto& [percent, volts] : typical_curve)
        points += fmt::format("{}{:.2f}:{}", points.empty() ? "" : ",", scaled(volts, cells), percent);
    return points;
}

/// Every threshold of the defaults, by the number of cells.
Json scaled_defaults(int cells) {
    Json columns = Json::object();
    for (const std::string& column : bank_columns()) {
        const SettingsField& field = field_at(SettingsTable::preferences, column);
        if (field.fallback != std::string("null")) columns[column] = text(scaled(std::stod(field.fallback), cells));
    }
    columns["voltage_at_0_percent"] = text(scaled(typical_curve.front().second, cells));
    columns["voltage_at_100_percent"] = text(scaled(typical_curve.back().second, cells));
    columns["voltage_curve"] = curve_of(cells);
    return columns;
}

Json own_thresholds(const Json& thresholds) {
    Json columns = thresholds.is_object() ? thresholds : Json::object();
    if (!columns.contains("voltage_curve"))
        columns["voltage_curve"] =
            word(columns, "voltage_at_0_percent") + ":0," + word(columns, "voltage_at_100_percent") + ":100";
    return columns;
}

const BankKind& kind_of(const Json& bank) {
    const BankKind* kind = bank_kind(word(bank, "kind"));
    return kind != nullptr ? *kind : bank_kinds().front();
}

}  // namespace

const std::vector<BankKind>& bank_kinds() {
    static const std::vector<BankKind> kinds = {
        {"solar-shack-16s", "the Solar Shack's bank of 16 LiFePO4 cells, with voltd's default thresholds and curve", 16, false},
        {"lifepo4-16s", "16 LiFePO4 cells", 16},
        {"lifepo4-15s", "15 LiFePO4 cells", 15},
        {"lifepo4-8s", "8 LiFePO4 cells", 8},
        {"lifepo4-4s", "4 LiFePO4 cells", 4},
        {"own", "any other bank, such as lead-acid: you enter each voltage from its data sheet", 0, false},
    };
    return kinds;
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
    const BankKind& kind = kind_of(bank);
    Json columns = kind.cells == 0 ? own_thresholds(thresholds) : kind.typical ? scaled_defaults(kind.cells) : Json::object();
    const auto capacity = number_at(bank, "capacity_ah");
    const double middle = kind.cells == 0 ? middle_of(columns) : nominal_cell_v * kind.cells;
    if (capacity) {
        const double energy = std::round(*capacity * middle);
        columns["bank_wh"] = fmt::format("{:.0f}", energy);
        const double bridge = std::floor(energy * most_bridge_share);
        if (bridge < default_bridge_wh) columns["bridge_wh"] = fmt::format("{:.0f}", bridge);
    } else if (kind.cells > 0) {
        columns["reserve_voltage"] = text(scaled((kind.typical ? flat_night : default_night).reserve, kind.cells));
    }
    return columns;
}

Json miner_voltages(const Json& bank, std::size_t index) {
    const BankKind& kind = kind_of(bank);
    if (kind.cells == 0) return Json::object();
    auto [start, stop, emergency] = default_miners[index == 0 ? 0 : 1];
    if (index == 0 && !number_at(bank, "capacity_ah")) {
        const SafeNight& night = kind.typical ? flat_night : default_night;
        start = night.start;
        stop = night.stop;
    }
    return {{"start_voltage", text(scaled(start, kind.cells))},
            {"stop_voltage", text(scaled(stop, kind.cells))},
            {"emergency_stop_voltage", text(scaled(emergency, kind.cells))}};
}

}  // namespace volt::ctl::init
