#include "daemon/agent/ask/unit_names.hpp"

#include <cctype>
#include <string_view>

namespace volt::agent {

namespace {

/// Units as people write them, and as a key or the last part of one. The longest match counts. A dash may be a blank or nothing,
/// an `s` after two or more letters is the plural, and case does not matter for words: `12 Kilowatt hours`.
const std::vector<NumberUnit> unit_names = {{"V", UnitKind::voltage, 1},
                                            {"mV", UnitKind::voltage, 1e-3},
                                            {"Vdc", UnitKind::voltage, 1},
                                            {"Vac", UnitKind::voltage, 1},
                                            {"volt", UnitKind::voltage, 1},
                                            {"millivolt", UnitKind::voltage, 1e-3},
                                            {"A", UnitKind::current, 1},
                                            {"mA", UnitKind::current, 1e-3},
                                            {"amp", UnitKind::current, 1},
                                            {"ampere", UnitKind::current, 1},
                                            {"milliamp", UnitKind::current, 1e-3},
                                            {"W", UnitKind::power, 1},
                                            {"kW", UnitKind::power, 1e3},
                                            {"MW", UnitKind::power, 1e6},
                                            {"VA", UnitKind::power, 1},
                                            {"kVA", UnitKind::power, 1e3},
                                            {"VAr", UnitKind::power, 1},
                                            {"kVAr", UnitKind::power, 1e3},
                                            {"Wp", UnitKind::power, 1},
                                            {"kWp", UnitKind::power, 1e3},
                                            {"watt", UnitKind::power, 1},
                                            {"kilowatt", UnitKind::power, 1e3},
                                            {"megawatt", UnitKind::power, 1e6},
                                            {"Wh", UnitKind::energy, 1},
                                            {"kWh", UnitKind::energy, 1e3},
                                            {"MWh", UnitKind::energy, 1e6},
                                            {"watt-hour", UnitKind::energy, 1},
                                            {"kilowatt-hour", UnitKind::energy, 1e3},
                                            {"megawatt-hour", UnitKind::energy, 1e6},
                                            {"Ah", UnitKind::charge, 1},
                                            {"amp-hour", UnitKind::charge, 1},
                                            {"ampere-hour", UnitKind::charge, 1},
                                            {"%", UnitKind::share, 1},
                                            {"percent", UnitKind::share, 1},
                                            {"per-cent", UnitKind::share, 1},
                                            {"pct", UnitKind::share, 1},
                                            {"°C", UnitKind::temperature, 1},
                                            {"C", UnitKind::temperature, 1},
                                            {"℃", UnitKind::temperature, 1},
                                            {"celsius", UnitKind::temperature, 1},
                                            {"°F", UnitKind::temperature, 5.0 / 9, 32},
                                            {"F", UnitKind::temperature, 5.0 / 9, 32},
                                            {"℉", UnitKind::temperature, 5.0 / 9, 32},
                                            {"fahrenheit", UnitKind::temperature, 5.0 / 9, 32},
                                            {"degree", UnitKind::temperature, 1},
                                            {"deg", UnitKind::temperature, 1},
                                            {"K", UnitKind::warmth, 1},
                                            {"kelvin", UnitKind::warmth, 1},
                                            {"ms", UnitKind::time, 1e-3},
                                            {"millisecond", UnitKind::time, 1e-3},
                                            {"s", UnitKind::time, 1},
                                            {"sec", UnitKind::time, 1},
                                            {"second", UnitKind::time, 1},
                                            {"min", UnitKind::time, 60},
                                            {"minute", UnitKind::time, 60},
                                            {"h", UnitKind::time, 3600},
                                            {"hr", UnitKind::time, 3600},
                                            {"hour", UnitKind::time, 3600},
                                            {"d", UnitKind::time, 86400},
                                            {"day", UnitKind::time, 86400},
                                            {"week", UnitKind::time, 604800},
                                            {"month", UnitKind::time, 30 * 86400},
                                            {"year", UnitKind::time, 365 * 86400},
                                            {"ohm", UnitKind::resistance, 1e3},
                                            {"Ω", UnitKind::resistance, 1e3},
                                            {"mohm", UnitKind::resistance, 1},
                                            {"mΩ", UnitKind::resistance, 1},
                                            {"milliohm", UnitKind::resistance, 1},
                                            {"Hz", UnitKind::frequency, 1},
                                            {"hertz", UnitKind::frequency, 1},
                                            {"TH/s", UnitKind::hashrate, 1e3},
                                            {"GH/s", UnitKind::hashrate, 1},
                                            {"rpm", UnitKind::speed, 1}};

/// Maximum blanks between a number and its unit.
constexpr std::size_t most_blanks = 3;

/// Returns the length of the unit's name at `at`, as written there, or 0 if it is not there.
std::size_t length_of(std::string_view name, const std::string& text, std::size_t at) {
    // `a` is an article, `k` a thousand, `mW` a thousandth of a W.
    const bool in_capitals_too = (name.size() > 1 && name.front() != 'M') || name == "V" || name == "W";
    std::size_t end = at;
    for (const char byte : name) {
        const char here = end < text.size() ? text[end] : '\0';
        const bool same =
            byte == here || (in_capitals_too && lower_letter(byte) == lower_letter(here)) || (byte == '-' && here == ' ');
        if (!same && byte != '-') return 0;
        end += same ? 1 : 0;
    }
    if (name.size() > 1 && end < text.size() && lower_letter(text[end]) == 's') ++end;
    return name != "%" && is_word_at(text, end) ? 0 : end - at;
}

/// Returns the unit named at `at`; `end` is after it.
const NumberUnit* unit_named_at(const std::string& text, std::size_t at, std::size_t& end) {
    const NumberUnit* found = nullptr;
    std::size_t most = 0;
    for (const NumberUnit& unit : unit_names) {
        const std::size_t length = length_of(unit.name, text, at);
        if (length > most) found = &unit, most = length, end = at + length;
    }
    return found;
}

}  // namespace

const std::vector<NumberUnit>& known_units() { return unit_names; }

char lower_letter(char byte) { return static_cast<char>(std::tolower(static_cast<unsigned char>(byte))); }

bool is_word_at(const std::string& text, std::size_t at) {
    const unsigned char byte = at < text.size() ? static_cast<unsigned char>(text[at]) : ' ';
    return std::isalpha(byte) != 0 || (byte > 0x7f && byte != 0xc2 && byte != 0xe2);
}

std::size_t behind_blanks(const std::string& text, std::size_t at) {
    for (std::size_t i = 0; i < most_blanks && text.compare(at, 1, " ") == 0; ++i) ++at;
    return at;
}

const NumberUnit* unit_at(const std::string& text, std::size_t at, std::size_t& end) {
    at = text.compare(at, 1, "-") == 0 ? at + 1 : behind_blanks(text, at);  // handles a 3-hour run
    const NumberUnit* const found = unit_named_at(text, at, end);
    const bool degrees = found != nullptr && lower_letter(*found->name) == 'd' && found->kind == UnitKind::temperature;
    const std::size_t sign = std::string_view("\u00b0").size();
    if (!degrees && text.compare(at, sign, "\u00b0") != 0) return found;
    // handles 99 deg. C, 99 ° F
    std::size_t scale = degrees ? end : at + sign, behind = 0;
    if (degrees && text.compare(scale, 1, ".") == 0) ++scale;
    const NumberUnit* const of_scale = unit_named_at(text, behind_blanks(text, scale), behind);
    if (of_scale == nullptr || of_scale->kind != UnitKind::temperature) return found;
    end = behind;
    return of_scale;
}

}  // namespace volt::agent
