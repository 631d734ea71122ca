#include "daemon/agent/ask/check_numbers.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <utility>

namespace volt::agent {

namespace {

enum class Kind : std::uint8_t {
    voltage,
    current,
    power,
    energy,
    charge,
    share,
    temperature,
    warmth,
    time,
    resistance,
    frequency
};

/// `factor` of the kind's base unit, after `offset` was taken off.
struct Unit {
    const char* name;
    Kind kind;
    double factor, offset = 0;
};
/// As people write them, and as a key or the last part of one. The longest that fits counts. A dash may be a blank or nothing, an `s` behind
/// two letters or more is the plural, and words are the same in capitals: `12 Kilowatt hours`.
constexpr Unit units[] = {{"V", Kind::voltage, 1},
                          {"mV", Kind::voltage, 1e-3},
                          {"volt", Kind::voltage, 1},
                          {"millivolt", Kind::voltage, 1e-3},
                          {"A", Kind::current, 1},
                          {"mA", Kind::current, 1e-3},
                          {"amp", Kind::current, 1},
                          {"ampere", Kind::current, 1},
                          {"milliamp", Kind::current, 1e-3},
                          {"W", Kind::power, 1},
                          {"kW", Kind::power, 1e3},
                          {"MW", Kind::power, 1e6},
                          {"VA", Kind::power, 1},
                          {"kVA", Kind::power, 1e3},
                          {"watt", Kind::power, 1},
                          {"kilowatt", Kind::power, 1e3},
                          {"megawatt", Kind::power, 1e6},
                          {"Wh", Kind::energy, 1},
                          {"kWh", Kind::energy, 1e3},
                          {"MWh", Kind::energy, 1e6},
                          {"watt-hour", Kind::energy, 1},
                          {"kilowatt-hour", Kind::energy, 1e3},
                          {"megawatt-hour", Kind::energy, 1e6},
                          {"Ah", Kind::charge, 1},
                          {"amp-hour", Kind::charge, 1},
                          {"ampere-hour", Kind::charge, 1},
                          {"%", Kind::share, 1},
                          {"percent", Kind::share, 1},
                          {"per-cent", Kind::share, 1},
                          {"pct", Kind::share, 1},
                          {"°C", Kind::temperature, 1},
                          {"C", Kind::temperature, 1},
                          {"℃", Kind::temperature, 1},
                          {"celsius", Kind::temperature, 1},
                          {"°F", Kind::temperature, 5.0 / 9, 32},
                          {"F", Kind::temperature, 5.0 / 9, 32},
                          {"℉", Kind::temperature, 5.0 / 9, 32},
                          {"fahrenheit", Kind::temperature, 5.0 / 9, 32},
                          {"degree", Kind::temperature, 1},
                          {"deg", Kind::temperature, 1},
                          {"K", Kind::warmth, 1},
                          {"kelvin", Kind::warmth, 1},
                          {"ms", Kind::time, 1e-3},
                          {"millisecond", Kind::time, 1e-3},
                          {"s", Kind::time, 1},
                          {"sec", Kind::time, 1},
                          {"second", Kind::time, 1},
                          {"min", Kind::time, 60},
                          {"minute", Kind::time, 60},
                          {"h", Kind::time, 3600},
                          {"hr", Kind::time, 3600},
                          {"hour", Kind::time, 3600},
                          {"d", Kind::time, 86400},
                          {"day", Kind::time, 86400},
                          {"week", Kind::time, 604800},
                          {"mohm", Kind::resistance, 1},
                          {"mΩ", Kind::resistance, 1},
                          {"milliohm", Kind::resistance, 1},
                          {"Hz", Kind::frequency, 1},
                          {"hertz", Kind::frequency, 1}};

/// Known numbers of the results that are kept; an answer that has more than the tools of one question give is none of theirs.
constexpr std::size_t most_known_numbers = 200'000;
/// How deep keys of results are read.
constexpr int most_result_depth = 32;
/// Between a number and its unit.
constexpr std::size_t most_blanks = 3;

struct Quantified {
    double value = 0;
    int decimals = 0;            ///< behind the point, as written
    const Unit* unit = nullptr;  ///< null: none is known
    std::string text{};          ///< as written, with its unit
};

bool is_digit(const std::string& text, std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}

/// Whether a word goes on here: with a letter, but not with a dash, a quote or another mark outside ASCII.
bool is_word_at(const std::string& text, std::size_t at) {
    const unsigned char byte = at < text.size() ? static_cast<unsigned char>(text[at]) : ' ';
    return std::isalpha(byte) != 0 || (byte > 0x7f && byte != 0xc2 && byte != 0xe2);
}

bool is_name_at(const std::string& text, std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

/// Marks that a text may have between a number and its unit, as blanks, dashes or nothing.
constexpr std::pair<std::string_view, std::string_view> plain_marks[] = {
    {"\t", " "},     {"\u00a0", " "}, {"\u202f", " "}, {"\u205f", " "}, {"\u3000", " "}, {"\u2010", "-"},
    {"\u2011", "-"}, {"\u2060", ""},  {"\ufeff", ""},  {"\u00b7", ""},  {"&nbsp;", " "}};

/// Without the marks of Markdown, and with plain blanks and dashes. A star between digits, and a line within a name, stay.
std::string plain_text(const std::string& text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const bool inner = at > 0 && is_name_at(text, at - 1) && is_name_at(text, at + 1);
        const bool product = at > 0 && is_digit(text, at - 1) && is_digit(text, at + 1);
        const bool mark = ((text[at] == '*' || text[at] == '`') && !product) || (text[at] == '_' && !inner);
        const auto begins = [&](const auto& it) { return text.compare(at, it.first.size(), it.first) == 0; };
        const auto* const found = std::find_if(std::begin(plain_marks), std::end(plain_marks), begins);
        // U+2000 to U+200A are blanks of some width, U+200B to U+200F have none.
        const bool wide =
            text.compare(at, 2, "\xe2\x80") == 0 && at + 2 < text.size() && static_cast<unsigned char>(text[at + 2]) < 0x90;
        if (found != std::end(plain_marks)) plain += found->second;
        else if (wide) plain += static_cast<unsigned char>(text[at + 2]) <= 0x8a ? " " : "";
        else if (!mark) plain += text[at];
        at += found != std::end(plain_marks) ? found->first.size() : wide ? 3 : 1;
    }
    return plain;
}

char lower(char byte) { return static_cast<char>(std::tolower(static_cast<unsigned char>(byte))); }

/// How long the unit's name is at `at`, as it is written there; 0: it is not there.
std::size_t length_of(std::string_view name, const std::string& text, std::size_t at) {
    // `a` is an article, `k` a thousand, `mW` a thousandth of W.
    const bool in_capitals_too = (name.size() > 1 && name.front() != 'M') || name == "V" || name == "W";
    std::size_t end = at;
    for (const char byte : name) {
        const char here = end < text.size() ? text[end] : '\0';
        const bool same = byte == here || (in_capitals_too && lower(byte) == lower(here)) || (byte == '-' && here == ' ');
        if (!same && byte != '-') return 0;
        end += same ? 1 : 0;
    }
    if (name.size() > 1 && end < text.size() && lower(text[end]) == 's') ++end;
    return name != "%" && is_word_at(text, end) ? 0 : end - at;
}

std::size_t behind_blanks(const std::string& text, std::size_t at) {
    for (std::size_t i = 0; i < most_blanks && text.compare(at, 1, " ") == 0; ++i) ++at;
    return at;
}

/// The unit that is named at `at`; `end` is behind it.
const Unit* unit_named_at(const std::string& text, std::size_t at, std::size_t& end) {
    const Unit* found = nullptr;
    std::size_t most = 0;
    for (const Unit& unit : units) {
        const std::size_t length = length_of(unit.name, text, at);
        if (length > most) found = &unit, most = length, end = at + length;
    }
    return found;
}

/// The unit at `at`, behind blanks or a dash; `end` is behind it.
const Unit* unit_at(const std::string& text, std::size_t at, std::size_t& end) {
    at = text.compare(at, 1, "-") == 0 ? at + 1 : behind_blanks(text, at);  // a 3-hour run
    const Unit* const found = unit_named_at(text, at, end);
    const bool degrees = found != nullptr && lower(*found->name) == 'd' && found->kind == Kind::temperature;
    const std::size_t sign = std::string_view("\u00b0").size();
    if (!degrees && text.compare(at, sign, "\u00b0") != 0) return found;
    // 99 deg. C, 99 ° F
    std::size_t scale = degrees ? end : at + sign, behind = 0;
    if (degrees && text.compare(scale, 1, ".") == 0) ++scale;
    const Unit* const of_scale = unit_named_at(text, behind_blanks(text, scale), behind);
    if (of_scale == nullptr || of_scale->kind != Kind::temperature) return found;
    end = behind;
    return of_scale;
}

/// The number that begins at the digit `at`; `end` is behind it. 1,200 is 1200, 52,3 is 52.3.
Quantified number_at(const std::string& text, std::size_t at, std::size_t& end) {
    Quantified number;
    std::string digits;
    for (end = at; is_digit(text, end); ++end) digits += text[end];
    while (text.compare(end, 1, ",") == 0 && is_digit(text, end + 1) && is_digit(text, end + 2) && is_digit(text, end + 3) &&
           !is_digit(text, end + 4)) {
        digits += text.substr(end + 1, 3);
        end += 4;
    }
    if ((text.compare(end, 1, ".") == 0 || text.compare(end, 1, ",") == 0) && is_digit(text, end + 1)) {
        digits += '.';
        for (++end; is_digit(text, end); ++end, ++number.decimals) digits += text[end];
    }
    number.value = std::strtod(digits.c_str(), nullptr);
    const bool minus = at > 0 && text[at - 1] == '-' && (at < 2 || !std::isalnum(static_cast<unsigned char>(text[at - 2])));
    const bool long_minus = at > 2 && text.compare(at - 3, 3, "\u2212") == 0;
    if (minus || long_minus) number.value = -number.value;
    return number;
}

/// Between the ends of a span such as `50 to 54 V`, which have one unit.
std::size_t behind_joint(const std::string& text, std::size_t at) {
    for (const std::string_view joint : {" to ", " and ", "-", "\u2013", " - ", " \u2013 ", "/"})
        if (text.compare(at, joint.size(), joint) == 0 && is_digit(text, at + joint.size())) return at + joint.size();
    return 0;
}

/// All numbers with a unit in a text.
std::vector<Quantified> quantified_in(const std::string& written) {
    const std::string text = plain_text(written);
    std::vector<Quantified> found;
    for (std::size_t at = 0; at < text.size();) {
        const char before = at > 0 ? text[at - 1] : ' ';
        // 14:05 and 1.2.3 are no numbers with a unit; "Voltage:61 V" is.
        const bool joined = (before == ':' || before == '.') && at > 1 && is_digit(text, at - 2);
        const bool inside = std::isalpha(static_cast<unsigned char>(before)) != 0 || before == '_' || joined;
        if (!is_digit(text, at) || inside || is_digit(text, at - 1)) {
            ++at;
            continue;
        }
        std::size_t end = at, behind = at;
        Quantified number = number_at(text, at, end);
        number.unit = unit_at(text, end, behind);
        if (const std::size_t second = number.unit == nullptr ? behind_joint(text, end) : 0; second != 0) {
            std::size_t second_end = second;
            number_at(text, second, second_end);
            std::size_t unused = second_end;
            number.unit = unit_at(text, second_end, unused);
            behind = end;
            number.text = text.substr(at, end - at) + (number.unit == nullptr ? "" : std::string(" ") + number.unit->name);
        } else {
            number.text = text.substr(at, behind - at);
        }
        if (number.unit != nullptr) found.push_back(number);
        at = std::max(end, behind);
    }
    return found;
}

/// The unit that a key ends with (`voltage_v`, `pv_w`) or is (`hours`, `kwh`), or null. A key of one letter is none, and `min` is the least.
const Unit* unit_of_key(const std::string& key) {
    const std::size_t line = key.rfind('_');
    if (line == std::string::npos && (key.size() < 2 || key == "min")) return nullptr;
    const std::string last = line == std::string::npos ? key : key.substr(line + 1);
    for (const Unit& unit : units) {
        std::string name = unit.name;
        std::transform(name.begin(), name.end(), name.begin(), lower);
        if (last == name || (name.size() > 1 && last == name + "s")) return &unit;
    }
    return nullptr;
}

/// Numbers of these keys count things or places.
bool is_plain_count(const std::string& key) {
    for (const char* name : {"line_from", "line_to", "from", "to", "id", "number", "change", "revision", "points", "limit",
                             "count", "priority_level"})
        if (key == name) return true;
    return false;
}

void collect(const Json& value, const std::string& key, const Unit* unit, int depth, std::vector<Quantified>& known) {
    if (depth > most_result_depth || known.size() > most_known_numbers) return;
    if (value.is_number() && (unit != nullptr || !is_plain_count(key))) known.push_back({value.get<double>(), 0, unit, ""});
    if (value.is_string())
        for (Quantified& it : quantified_in(value.get_ref<const std::string&>())) known.push_back(std::move(it));
    if (!value.is_structured()) return;
    const Unit* named = unit;
    if (value.is_object() && value.contains("unit") && value.at("unit").is_string()) {
        std::size_t unused = 0;
        named = unit_at(value.at("unit").get<std::string>(), 0, unused);
    }
    for (const auto& [name, inner] : value.items()) {
        const std::string& own = value.is_object() ? name : key;
        const Unit* by_key = value.is_object() ? unit_of_key(own) : nullptr;
        collect(inner, own, by_key != nullptr ? by_key : named, depth + 1, known);
    }
}

/// Half a step of the last digit; of a large whole number with zeros behind its first two digits, half a step of the last other digit.
double tolerance_of(const Quantified& number) {
    double step = std::pow(10.0, -number.decimals);
    const bool large = number.decimals == 0 && std::abs(number.value) >= 1000;
    for (double rest = std::abs(number.value); large && rest >= 100 && std::fmod(rest, 10) == 0; rest /= 10) step *= 10;
    return step / 2 * (1 + 1e-9);
}

bool matches(const Quantified& said, const Quantified& known) {
    if (known.unit != nullptr && known.unit->kind != said.unit->kind) return false;
    const double base = known.unit == nullptr ? known.value : (known.value - known.unit->offset) * known.unit->factor;
    double in_unit = known.unit == nullptr ? base : base / said.unit->factor + said.unit->offset;
    double value = said.value;
    if (said.unit->kind != Kind::temperature) in_unit = std::abs(in_unit), value = std::abs(value);
    return std::abs(in_unit - value) <= tolerance_of(said);
}

}  // namespace

std::vector<std::string> unknown_numbers(const std::string& text, const std::vector<Json>& results) {
    std::vector<Quantified> known;
    for (const Json& result : results) collect(result, "", nullptr, 0, known);
    std::vector<std::string> unknown;
    for (const Quantified& said : quantified_in(text)) {
        const auto is_it = [&](const Quantified& it) { return matches(said, it); };
        if (std::any_of(known.begin(), known.end(), is_it)) continue;
        if (std::find(unknown.begin(), unknown.end(), said.text) == unknown.end()) unknown.push_back(said.text);
    }
    return unknown;
}

std::vector<std::string> numbers_in(const std::string& text) {
    std::vector<std::string> numbers;
    for (const Quantified& it : quantified_in(text)) numbers.push_back((it.value < 0 ? "-" : "") + it.text);
    return numbers;
}

}  // namespace volt::agent
