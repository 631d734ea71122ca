#include "daemon/ctl/import/cloud_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "drivers/iso_time.hpp"

namespace volt::ctl::cloud {

namespace {

constexpr std::array time_columns{"timestamp", "taken_at"};
constexpr std::array sol_ark_columns{"soc",        "batt_power", "batt_voltage", "batt_current", "pv_power",
                                     "pv_voltage", "pv_current", "load_power",   "grid_power"};
constexpr std::array victron_columns{"soc", "power", "voltage", "current", "temperature", "state"};
/// Columns of the program itself, or derived from the others.
constexpr std::array passed_over{"id",           "plant_id",   "created_at", "updated_at",  "pv_to_grid",
                                 "grid_to_load", "pv_to_load", "pv_to_bat",  "bat_to_load", "source"};

/// Bounds of a value, in the unit of its column. A value beyond them is an error of the record, not of the site.
struct CsvBounds {
    const char* name;
    double low, high;
    const char* unit;
};
constexpr CsvBounds bounds[] = {{"soc", 0, 100, "%"},
                                {"voltage", 0, 100, "V"},
                                {"power", -100'000, 100'000, "W"},
                                {"current", -2'000, 2'000, "A"},
                                {"temperature", -60, 120, "°C"},
                                {"state", 0, 65'535, ""},
                                {"pv_power", -100'000, 100'000, "W"},
                                {"pv_voltage", 0, 1'000, "V"},
                                {"pv_current", -2'000, 2'000, "A"},
                                {"load_power", -100'000, 100'000, "W"},
                                {"grid_power", -100'000, 100'000, "W"}};

template <std::size_t count>
bool is_in(const std::array<const char*, count>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Words that exports write while a sensor is absent.
bool is_void(std::string cell) {
    constexpr std::array words{"", "null", "\\n", "none", "-", "n/a", "unavailable", "unknown"};
    for (char& c : cell)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return std::find(words.begin(), words.end(), cell) != words.end();
}
bool is_true(const std::string& cell) { return cell == "t" || cell == "true" || cell == "True" || cell == "TRUE" || cell == "1"; }
bool is_false(const std::string& cell) {
    return cell == "f" || cell == "false" || cell == "False" || cell == "FALSE" || cell == "0";
}

std::optional<double> number_of(const std::string& cell) {
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    const bool whole = error == std::errc{} && end == cell.data() + cell.size();
    return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// Reads `+02:00`, `-07`, `Z` or nothing. Returns seconds east of UTC.
std::optional<std::int64_t> offset_s(std::string_view text) {
    if (text.empty() || text == "Z" || text == "UTC") return 0;
    if (text.front() != '+' && text.front() != '-') return std::nullopt;
    std::string digits;
    for (const char c : text.substr(1))
        if (c != ':') digits += c;
    if ((digits.size() != 2 && digits.size() != 4) || digits.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    const std::int64_t hours = std::stoi(digits.substr(0, 2)), minutes = digits.size() == 4 ? std::stoi(digits.substr(2)) : 0;
    if (hours > 14 || minutes > 59) return std::nullopt;
    return (text.front() == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

template <class Quantity>
std::optional<Quantity> steps(double value, double scale) {
    return Quantity{std::llround(value * scale)};
}

/// Returns the separator that splits a heading into the most columns.
char separator_of(const std::string& heading) {
    const auto count = [&](char c) { return std::count(heading.begin(), heading.end(), c); };
    return std::max({',', ';', '\t'}, [&](char a, char b) { return count(a) < count(b); });
}

/// Returns names for an error, cut to a line.
std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most_shown = 12, longest_name = 40;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most_shown; ++i)
        text += (i == 0 ? "'" : ", '") + names[i].substr(0, longest_name) + "'";
    return names.size() > most_shown ? text + " and " + std::to_string(names.size() - most_shown) + " more" : text;
}

bool has_zone(const std::string& time) {
    return time.find_first_of("Z+U", 19) != std::string::npos || time.find('-', 19) != std::string::npos;
}

}  // namespace

std::optional<std::vector<std::string>> csv_cells(const std::string& line, char separator) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') cells.back() += line[++i];
        else if (c == '"') quoted = !quoted;
        else if (c == separator && !quoted) cells.emplace_back();
        else if (c != '\r' || i + 1 < line.size()) cells.back() += c;
    }
    return quoted ? std::nullopt : std::optional(cells);
}

std::optional<std::int64_t> cloud_time(const std::string& text) {
    constexpr std::size_t length = 19;  // 2025-06-21T13:00:00
    if (text.size() < length || (text[10] != ' ' && text[10] != 'T')) return std::nullopt;
    const auto at = parse_iso_utc(text.substr(0, 10) + "T" + text.substr(11, 8) + "Z");
    std::size_t rest = length;
    if (rest < text.size() && text[rest] == '.')
        for (++rest; rest < text.size() && text[rest] >= '0' && text[rest] <= '9';) ++rest;
    if (rest < text.size() && text[rest] == ' ') ++rest;
    const auto offset = offset_s(std::string_view(text).substr(rest));
    return at && offset ? std::optional(*at - *offset) : std::nullopt;
}

bool CloudCsv::begin(const std::string& heading) {
    std::string line = heading;
    if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF"))
        return problem_ = "the file is UTF-16, as PowerShell writes it; save it as UTF-8", false;
    if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    separator_ = separator_of(line);
    const auto cells = csv_cells(line, separator_);
    if (!cells) return problem_ = "the heading has a quote that does not end", false;
    columns_ = *cells;
    const auto has = [&](const char* name) { return std::find(columns_.begin(), columns_.end(), name) != columns_.end(); };
    sol_ark_ = has("batt_voltage");
    const bool timed = has("timestamp") || has("taken_at");
    if (!timed || (!sol_ark_ && !has("voltage")))
        return problem_ = "unknown heading: found " + listed(columns_) +
                          "; expected the time as 'timestamp' or 'taken_at', and 'batt_voltage' (solark.telemetry) or 'voltage' "
                          "(victron_battery_readings), separated by ',', ';' or a tab",
               false;
    if (has("timestamp") && has("taken_at"))
        return problem_ = "the columns timestamp and taken_at are both the time; keep one of them", false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const std::string& name = columns_[i];
        if (std::find(columns_.begin(), columns_.begin() + static_cast<std::ptrdiff_t>(i), name) !=
            columns_.begin() + static_cast<std::ptrdiff_t>(i))
            return problem_ = "the column " + name + " appears twice", false;
        const bool known = is_in(time_columns, name) || is_in(passed_over, name) ||
                           (sol_ark_ ? is_in(sol_ark_columns, name) : is_in(victron_columns, name));
        if (!known) unknown_.push_back(name);
    }
    return true;
}

bool CloudCsv::take(const std::string& column, const std::string& cell, CloudReading& into) {
    if (is_in(time_columns, column)) {
        const auto at = cloud_time(cell);
        if (at) into.at_s = *at;
        if (at && !has_zone(cell)) ++without_zone_;
        return at.has_value();
    }
    const bool measured = sol_ark_ ? is_in(sol_ark_columns, column) : is_in(victron_columns, column);
    if (!measured || is_void(cell)) return true;
    const auto value = number_of(cell);
    if (!value) return column == "state";  // the GX's word for it is not stored
    SourceReading& r = into.reading;
    const std::string name = column.starts_with("batt_") ? column.substr(5) : column;
    for (const CsvBounds& it : bounds)
        if (name == it.name && (*value < it.low || *value > it.high)) {
            problem_ = column + ": " + cell.substr(0, 40) + " is impossible; expected " + std::to_string(std::llround(it.low)) +
                       " to " + std::to_string(std::llround(it.high)) + (*it.unit == '\0' ? "" : std::string(" ") + it.unit);
            return false;
        }
    if (name == "soc") r.soc = steps<Percent>(*value, 100);
    else if (name == "power") r.battery_power = steps<Watts>(*value, 1);
    else if (name == "voltage") r.voltage = steps<Volts>(*value, 100);
    else if (name == "current") r.battery_current = steps<Amps>(*value, 100);
    else if (name == "temperature") r.battery_temperature = steps<Celsius>(*value, 10);
    else if (name == "state") r.battery_state = std::llround(*value);
    else if (name == "pv_power") r.pv = steps<Watts>(*value, 1);
    else if (name == "pv_voltage") r.pv_voltage = steps<Volts>(*value, 100);
    else if (name == "pv_current") r.pv_current = steps<Amps>(*value, 100);
    else if (name == "load_power") r.load = steps<Watts>(*value, 1);
    else if (name == "grid_power") r.grid = steps<Watts>(*value, 1);
    return true;
}

void CloudCsv::see_flags(const std::vector<std::string>& cells, const SourceReading& reading) {
    bool discharges = false, charges_not = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (columns_[i] == "bat_to_load") discharges = is_true(cells[i]);
        if (columns_[i] == "pv_to_bat") charges_not = is_false(cells[i]);
    }
    if (!discharges || !charges_not || !reading.battery_power) return;
    if (reading.battery_power->steps > 0) ++positive_;
    else if (reading.battery_power->steps < 0) ++negative_;
}

std::optional<CloudReading> CloudCsv::read(const std::string& line) {
    const auto cells = csv_cells(line, separator_);
    if (!cells || cells->size() != columns_.size()) {
        problem_ = !cells ? "a quote does not end"
                          : std::to_string(cells->size()) + " values where the heading has " + std::to_string(columns_.size());
        return std::nullopt;
    }
    problem_.clear();
    CloudReading one;
    one.reading.name = sol_ark_ ? "sol_ark" : "victron.battery";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (take(columns_[i], (*cells)[i], one)) continue;
        if (problem_.empty())
            problem_ =
                columns_[i] + ": '" + (*cells)[i].substr(0, 40) + "' is not " +
                (is_in(time_columns, columns_[i]) ? "a time, such as 2025-06-21 13:00:00+00:00" : "a number, such as 52.30");
        return std::nullopt;
    }
    if (one.reading.voltage && *one.reading.voltage < lowest_) {
        one.reading.voltage.reset();
        ++gaps_;
    }
    see_flags(*cells, one.reading);
    return one;
}

}  // namespace volt::ctl::cloud
