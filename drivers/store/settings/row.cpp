#include "drivers/store/settings/row.hpp"

#include "drivers/store/settings/decimal.hpp"

namespace volt {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string SettingsRow::raw(const char* name) const {
    const int column = row_.column(name);
    if (column < 0) return "(missing)";
    return row_.is_null(column) ? "NULL" : row_.text(column);
}

void SettingsRow::add(std::string field, std::string value, std::string need) {
    problems_.push_back({std::move(field), std::move(value), std::move(need)});
}

void SettingsRow::add(std::vector<SettingProblem> more) {
    for (SettingProblem& problem : more) problems_.push_back(std::move(problem));
}

std::optional<std::int64_t> SettingsRow::steps_or_null(const char* name, Bounds bounds) {
    const int column = row_.column(name);
    if (column >= 0 && row_.is_null(column)) return std::nullopt;
    if (column >= 0 && row_.is_number(column)) {
        const auto found = whole_steps(row_.real(column), bounds.decimals);
        if (found && *found >= bounds.low && *found <= bounds.high) return found;
    }
    add(name, raw(name), need_of(bounds));
    return std::nullopt;
}

std::int64_t SettingsRow::steps(const char* name, Bounds bounds, std::int64_t fallback) {
    const std::size_t before = problems_.size();
    const auto found = steps_or_null(name, bounds);
    if (found) return *found;
    if (problems_.size() == before) add(name, "NULL", need_of(bounds));
    return fallback;
}

bool SettingsRow::flag(const char* name, bool fallback) { return steps(name, {0, 1}, fallback ? 1 : 0) != 0; }

double SettingsRow::real(const char* name, double low, double high, double fallback) {
    const int column = row_.column(name);
    if (column >= 0 && row_.is_number(column)) {
        const double value = row_.real(column);
        if (value >= low && value <= high) return value;
    }
    add(name, raw(name), std::to_string(low) + ".." + std::to_string(high));
    return fallback;
}

std::string SettingsRow::text(const char* name, std::size_t least) {
    const int column = row_.column(name);
    if (column >= 0 && row_.is_null(column) && least == 0) return {};
    const std::string found = raw(name);
    // 64 characters of at most 4 bytes
    if (column >= 0 && row_.is_text(column) && found.size() >= least && found.size() <= 256) return found;
    add(name, found, std::to_string(least) + " to 64 characters");
    return {};
}

std::int32_t SettingsRow::second_of_day(const char* name) {
    const std::string t = raw(name);
    if (t.size() == 5 && is_digit(t[0]) && is_digit(t[1]) && t[2] == ':' && is_digit(t[3]) && is_digit(t[4])) {
        const std::int32_t hour = (t[0] - '0') * 10 + (t[1] - '0'), minute = (t[3] - '0') * 10 + (t[4] - '0');
        if (hour < 24 && minute < 60) return hour * 3600 + minute * 60;
    }
    add(name, t, "HH:MM, 00:00..23:59");
    return 0;
}

}  // namespace volt
