#include "daemon/settings/settings_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "daemon/settings/settings_json.hpp"

namespace volt {

namespace {

std::optional<double> number_of(const std::string& text) {
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    // Reject infinity: JSON has none, so it would arrive as null and clear the field.
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<bool> flag_of(const std::string& text) {
    for (const char* yes : {"true", "yes", "on", "1"})
        if (text == yes) return true;
    for (const char* no : {"false", "no", "off", "0"})
        if (text == no) return false;
    return std::nullopt;
}

/// Reads `45.0:0,47.0:15`.
std::optional<GivenCurve> points_of(const std::string& text) {
    GivenCurve curve;
    std::size_t at = 0;
    while (at <= text.size()) {
        const std::size_t end = std::min(text.find_first_of(", ", at), text.size());
        const std::string point = text.substr(at, end - at);
        at = end + 1;
        if (point.empty()) continue;
        const std::size_t colon = point.find(':');
        if (colon == std::string::npos) return std::nullopt;
        const auto voltage = number_of(point.substr(0, colon)), soc = number_of(point.substr(colon + 1));
        if (!voltage || !soc) return std::nullopt;
        curve.emplace_back(*voltage, *soc);
    }
    return curve;
}

FieldValue curve_of(const SettingsField& field, const std::string& text) {
    if (!text.starts_with('[')) {
        if (auto points = points_of(text)) return *points;
        return text;
    }
    const auto points = json::Object::parse(text, nullptr, false);
    return points.is_array() ? json::value_of(field, points) : FieldValue(text);
}

}  // namespace

FieldValue value_of_text(const SettingsField& field, const std::string& text) {
    if (field.nullable && (text == "null" || text == "none")) return std::monostate{};
    switch (field.kind) {
        case FieldKind::number:
        case FieldKind::real:
            if (const auto number = number_of(text)) return *number;
            return text;
        case FieldKind::flag:
            if (const auto flag = flag_of(text)) return *flag;
            return text;
        case FieldKind::curve: return curve_of(field, text);
        case FieldKind::text:
        case FieldKind::word:
        case FieldKind::clock:
        case FieldKind::zone: return text;
    }
    return text;
}

Assignment assignment_of(SettingsTable table, const std::string& text) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string name = text.substr(0, equals), value = text.substr(std::min(equals + 1, text.size()));
    const int index = field_index(table, name);
    if (index < 0) return {name, value};
    return {name, value_of_text(fields_of(table)[static_cast<std::size_t>(index)], value)};
}

}  // namespace volt
