#include "drivers/store/settings/value.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/decimal.hpp"
#include "drivers/hidden.hpp"
#include "drivers/spelling.hpp"
#include "drivers/store/settings/rules.hpp"

namespace volt {

namespace {

/// Formats a number as a person writes it: 100000 and not 1e+05, unless it is too long.
std::string number_text(double value) {
    char room[64];
    const auto plain = std::to_chars(room, room + sizeof room, value, std::chars_format::fixed);
    if (plain.ec == std::errc{}) return {room, plain.ptr};
    return {room, std::to_chars(room, room + sizeof room, value).ptr};
}

std::string percent_text(Percent soc) {
    std::string text = short_decimal(soc.steps, 2);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

/// Returns the text for a requirement that begins with a sign.
std::string sentence_of(const std::string& need) {
    for (const auto& [sign, words] : {std::pair{"<= ", "at most "}, {">= ", "at least "}, {"< ", "under "}, {"> ", "above "}})
        if (need.starts_with(sign)) return words + need.substr(std::string(sign).size());
    return need;
}

double as_number(std::int64_t steps, int decimals) {
    constexpr double scales[] = {1, 10, 100, 1000};
    return static_cast<double>(steps) / scales[decimals];
}

/// Returns the whole step within the bounds that is nearest to a number.
std::string nearest_step(double value, Bounds bounds) {
    if (value != value) return "";
    if (value <= as_number(bounds.low, bounds.decimals)) return short_decimal(bounds.low, bounds.decimals);
    if (value >= as_number(bounds.high, bounds.decimals)) return short_decimal(bounds.high, bounds.decimals);
    constexpr double scales[] = {1, 10, 100, 1000};
    const double scaled = value * scales[bounds.decimals];
    return short_decimal(static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5)), bounds.decimals);
}

/// Counts the characters of UTF-8. Empty if it is invalid, or contains control or invisible characters.
std::optional<std::int64_t> characters(const std::string& text) {
    if (has_hidden(text)) return std::nullopt;
    std::int64_t count = 0;
    std::size_t follow = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool continues = (byte & 0xC0) == 0x80;
        if (continues != (follow > 0)) return std::nullopt;
        if (continues) {
            --follow;
            continue;
        }
        ++count;
        if (byte >= 0xF8) return std::nullopt;
        follow = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    }
    return follow == 0 ? std::optional(count) : std::nullopt;
}

bool is_clock(const std::string& t) {
    const auto digit = [&](std::size_t i, char most) { return t[i] >= '0' && t[i] <= most; };
    return t.size() == 5 && digit(0, '2') && digit(1, '9') && t[2] == ':' && digit(3, '5') && digit(4, '9') && t < "24:00";
}

FieldValue fitted_curve(const GivenCurve& given) {
    Curve curve;
    for (const auto& [voltage, soc] : given) {
        const auto volts = whole_steps(voltage, 2), percent = whole_steps(soc, 2);
        if (!volts || !percent) return given;
        curve.push_back({{*volts}, {*percent}});
    }
    return curve;
}

std::string curve_text(const GivenCurve& curve) {
    std::string text;
    for (const auto& [voltage, soc] : curve) text += (text.empty() ? "" : ",") + number_text(voltage) + ":" + number_text(soc);
    return text;
}

std::optional<EditProblem> refuse(const SettingsField& field, const FieldValue& value, std::string need,
                                  std::string nearest = "") {
    return make_problem(field.name, shown(field, value), std::move(need), std::move(nearest));
}

std::optional<EditProblem> check_number(const SettingsField& field, const FieldValue& value) {
    if (const auto* steps = std::get_if<std::int64_t>(&value)) {
        if (*steps >= field.bounds.low && *steps <= field.bounds.high) return std::nullopt;
        return refuse(field, value, need_of(field), nearest_step(as_number(*steps, field.bounds.decimals), field.bounds));
    }
    if (const auto* number = std::get_if<double>(&value))
        return refuse(field, value, need_of(field), nearest_step(*number, field.bounds));
    return refuse(field, value, "a number, " + need_of(field));
}

std::optional<EditProblem> check_real(const SettingsField& field, const FieldValue& value) {
    const auto* number = std::get_if<double>(&value);
    if (number == nullptr) return refuse(field, value, "a number, " + need_of(field));
    const auto low = static_cast<double>(field.bounds.low), high = static_cast<double>(field.bounds.high);
    if (*number >= low && *number <= high) return std::nullopt;
    const std::string nearest = *number != *number ? "" : number_text(std::clamp(*number, low, high));
    return refuse(field, value, need_of(field), nearest);
}

std::optional<EditProblem> check_text(const SettingsField& field, const FieldValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return refuse(field, value, "text of " + need_of(field));
    const auto count = characters(*text);
    if (!count) return refuse(field, value, need_of(field) + " of UTF-8 without control or invisible characters");
    if (*count >= field.bounds.low && *count <= field.bounds.high) return std::nullopt;
    const bool unset = text->empty() && field.nullable;
    return refuse(field, value, need_of(field) + (unset ? ", or null" : ""));
}

std::optional<EditProblem> check_word(const SettingsField& field, const FieldValue& value) {
    const auto* word = std::get_if<std::string>(&value);
    if (word == nullptr) return refuse(field, value, "one of " + need_of(field));
    if (std::find(field.words.begin(), field.words.end(), *word) != field.words.end()) return std::nullopt;
    return refuse(field, value, "one of " + need_of(field), nearest(*word, field.words).value_or(""));
}

std::optional<EditProblem> check_points(const SettingsField& field, const FieldValue& value) {
    if (const auto* curve = std::get_if<Curve>(&value)) {
        if (curve->empty()) return refuse(field, value, need_of(field));
        // Compares with its own ends here: the row checks that they match the calibration.
        for (const SettingProblem& it : check_curve(*curve, curve->front().voltage, curve->back().voltage)) {
            if (it.field == "voltage_at_0_percent") return refuse(field, value, "a first point at soc 0");
            if (it.field == "voltage_at_100_percent") return refuse(field, value, "a last point at soc 100");
            return make_problem(it.field, it.value, it.need);
        }
        return std::nullopt;
    }
    if (std::holds_alternative<GivenCurve>(value)) return refuse(field, value, "points of volts and percent in steps of 0.01");
    return refuse(field, value, "points: 45.0:0,47.0:15,... or [{\"voltage\":45.0,\"soc\":0},...]");
}

}  // namespace

EditProblem make_problem(std::string field, std::string value, std::string need, std::string nearest) {
    std::string text = field + (value.empty() ? "" : " " + value) + ": must be " + sentence_of(need);
    if (!nearest.empty()) text += "; nearest allowed " + nearest;
    return {std::move(field), std::move(value), std::move(need), std::move(nearest), std::move(text)};
}

FieldValue fitted(const SettingsField& field, FieldValue given) {
    if (const auto* curve = std::get_if<GivenCurve>(&given)) return fitted_curve(*curve);
    const auto* number = std::get_if<double>(&given);
    if (number == nullptr) return given;
    if (field.kind == FieldKind::number)
        if (const auto steps = whole_steps(*number, field.bounds.decimals)) return *steps;
    if (field.kind == FieldKind::flag && (*number == 0 || *number == 1)) return *number == 1;
    return given;
}

std::optional<EditProblem> check_value(const SettingsField& field, const FieldValue& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        if (field.nullable) return std::nullopt;
        EditProblem unset = make_problem(field.name, shown(field, value), "set; need " + need_of(field));
        unset.need = need_of(field);
        return unset;
    }
    switch (field.kind) {
        case FieldKind::number: return check_number(field, value);
        case FieldKind::real: return check_real(field, value);
        case FieldKind::flag:
            if (std::holds_alternative<bool>(value)) return std::nullopt;
            return refuse(field, value, "true or false");
        case FieldKind::text:
        case FieldKind::zone:
            return check_text(
                field.kind == FieldKind::zone
                    ? SettingsField{.name = field.name, .kind = FieldKind::text, .bounds = {1, 64}, .nullable = true}
                    : field,
                value);
        case FieldKind::word: return check_word(field, value);
        case FieldKind::clock: {
            const auto* text = std::get_if<std::string>(&value);
            if (text != nullptr && is_clock(*text)) return std::nullopt;
            return refuse(field, value, need_of(field), text != nullptr && *text == "24:00" ? "00:00" : "");
        }
        case FieldKind::curve: return check_points(field, value);
    }
    return std::nullopt;
}

std::string shown(const SettingsField& field, const FieldValue& value) {
    struct Show {
        const SettingsField& field;
        std::string operator()(std::monostate) const { return "null"; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t steps) const { return short_decimal(steps, field.bounds.decimals); }
        std::string operator()(double number) const { return number_text(number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(const Curve& curve) const {
            std::string text;
            for (const CurvePoint& it : curve)
                text += (text.empty() ? "" : ",") + short_decimal(it.voltage.steps, 2) + ":" + percent_text(it.soc);
            return text;
        }
        std::string operator()(const GivenCurve& curve) const { return curve_text(curve); }
    };
    return std::visit(Show{field}, value);
}

FieldValue curve_of_json(Connection& db, const std::string& json) {
    Statement points = db.prepare(
        "SELECT json_extract(value, '$.voltage'), json_extract(value, '$.soc') FROM json_each(?1) ORDER BY key LIMIT 33");
    points.bind(1, json);
    GivenCurve curve;
    while (points.row()) {
        if (!points.is_number(0) || !points.is_number(1)) return json;
        curve.emplace_back(points.real(0), points.real(1));
    }
    if (!points.status().ok()) return json;
    return fitted_curve(curve);
}

std::string json_of(const Curve& curve) {
    std::string json;
    for (const CurvePoint& it : curve)
        json += (json.empty() ? "[" : ",") + std::string("{\"voltage\":") + short_decimal(it.voltage.steps, 2) +
                ",\"soc\":" + percent_text(it.soc) + "}";
    return json + "]";
}

FieldValue read_value(Connection& db, const Statement& row, int column, const SettingsField& field) {
    if (column < 0 || row.is_null(column)) return std::monostate{};
    if (row.is_number(column)) return fitted(field, row.real(column));
    if (field.kind == FieldKind::curve) return curve_of_json(db, row.text(column));
    return row.text(column);
}

void bind_value(Statement& statement, int index, const SettingsField& field, const FieldValue& value) {
    struct Bind {
        Statement& statement;
        int index;
        const SettingsField& field;
        void operator()(std::monostate) const { statement.bind_null(index); }
        void operator()(bool flag) const { statement.bind(index, std::int64_t{flag ? 1 : 0}); }
        void operator()(std::int64_t steps) const {
            if (field.bounds.decimals == 0) statement.bind(index, steps);
            else statement.bind(index, as_number(steps, field.bounds.decimals));
        }
        void operator()(double number) const { statement.bind(index, number); }
        void operator()(const std::string& text) const { statement.bind(index, std::string_view(text)); }
        void operator()(const Curve& curve) const { statement.bind(index, std::string_view(json_of(curve))); }
        void operator()(const GivenCurve& curve) const { statement.bind(index, std::string_view(curve_text(curve))); }
    };
    std::visit(Bind{statement, index, field}, value);
}

}  // namespace volt
