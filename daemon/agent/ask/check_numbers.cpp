#include "daemon/agent/ask/check_numbers.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "daemon/agent/ask/plain_numbers.hpp"
#include "daemon/agent/ask/unit_names.hpp"

namespace volt::agent {

namespace {

/// Units by a word in a key.
constexpr std::pair<std::string_view, const char*> key_words[] = {{"voltage", "V"},      {"volts", "V"},  {"temp", "°C"},
                                                                  {"temperature", "°C"}, {"soc", "%"},    {"power", "W"},
                                                                  {"current", "A"},      {"ths", "TH/s"}, {"percent", "%"}};
/// Maximum known numbers of the results. An answer with more is not from the tools of one question.
constexpr std::size_t most_known_numbers = 200'000;
/// Maximum depth of keys in results.
constexpr int most_result_depth = 32;
/// Maximum length of a unit's name before its number, with its brackets; maximum marks between them.
constexpr std::size_t most_label_bytes = 24, most_joining_marks = 16;
/// Maximum columns of a table.
constexpr std::size_t most_columns = 64;

struct Quantified {
    double value = 0;
    int decimals = 0;                  ///< digits after the decimal point
    const NumberUnit* unit = nullptr;  ///< null: unknown
    std::string text{};                ///< original text with its unit
};

/// Reads the number that begins at the digit `at`; `end` is after it. 1,200 is 1200, 52,3 is 52.3.
Quantified number_at(const std::string& text, std::size_t at, std::size_t& end) {
    Quantified number;
    std::string digits;
    for (end = at; is_digit_at(text, end); ++end) digits += text[end];
    while (text.compare(end, 1, ",") == 0 && is_digit_at(text, end + 1) && is_digit_at(text, end + 2) &&
           is_digit_at(text, end + 3) && !is_digit_at(text, end + 4)) {
        digits += text.substr(end + 1, 3);
        end += 4;
    }
    if ((text.compare(end, 1, ".") == 0 || text.compare(end, 1, ",") == 0) && is_digit_at(text, end + 1)) {
        digits += '.';
        for (++end; is_digit_at(text, end); ++end, ++number.decimals) digits += text[end];
    }
    std::size_t exponent = end < text.size() && lower_letter(text[end]) == 'e' ? end + 1 : text.size();
    if (text.compare(exponent, 1, "-") == 0 || text.compare(exponent, 1, "+") == 0) ++exponent;
    if (is_digit_at(text, exponent)) {
        // Allow at most two digits: an infinite number would match all others.
        const std::size_t behind = exponent + (is_digit_at(text, exponent + 1) ? 2 : 1);
        digits += text.substr(end, behind - end);
        number.decimals = std::max(0, number.decimals - std::atoi(text.substr(end + 1, behind - end - 1).c_str()));
        end = behind;
    }
    number.value = std::strtod(digits.c_str(), nullptr);
    const bool minus = at > 0 && text[at - 1] == '-' && (at < 2 || !std::isalnum(static_cast<unsigned char>(text[at - 2])));
    const bool long_minus = at > 2 && text.compare(at - 3, 3, "\u2212") == 0;
    if (minus || long_minus) number.value = -number.value;
    return number;
}

/// Returns the position after the separator of a span such as `50 to 54 V`, whose ends share one unit.
std::size_t behind_joint(const std::string& text, std::size_t at) {
    for (const std::string_view joint : {" to ", " and ", "-", "\u2013", " - ", " \u2013 ", "/"})
        if (text.compare(at, joint.size(), joint) == 0 && is_digit_at(text, at + joint.size())) return at + joint.size();
    return 0;
}

/// Returns true for `A` and `h`, which also name things: phase 3 (A).
bool is_doubtful(const NumberUnit& unit) {
    const std::string_view name = unit.name;
    return name.size() == 1 && name != "V" && name != "W" && name != "%";
}

/// Returns the unit after the number that ends at `at`: adjacent, in brackets or on the next line.
const NumberUnit* unit_behind(const Quantified& number, const std::string& text, std::size_t at, std::size_t& end) {
    if (const NumberUnit* const found = unit_at(text, at, end)) return found;
    at = behind_blanks(text, at);
    const char mark = at < text.size() ? text[at] : ' ';
    if (mark != '(' && mark != '[' && mark != '\n') return nullptr;
    std::size_t behind = at;
    const NumberUnit* const found = unit_at(text, at + 1, behind);
    if (found == nullptr) return nullptr;
    const char next = behind_blanks(text, behind) < text.size() ? text[behind_blanks(text, behind)] : ' ';
    if (mark == '\n') {
        // A line may begin with a label or a sentence: "Hours on", "V = 3".
        const bool is_name =
            found->kind == UnitKind::time && std::isupper(static_cast<unsigned char>(text[behind_blanks(text, at + 1)])) != 0;
        if (text[at + 1] == '-' || is_doubtful(*found) || is_name ||
            std::string_view(":=|([").find(next) != std::string_view::npos)
            return nullptr;
        end = behind;
        return found;
    }
    // 51.2 (min) is the minimum.
    if (next != (mark == '(' ? ')' : ']') || std::string_view(found->name) == "min") return nullptr;
    if (is_doubtful(*found) && number.decimals == 0) return nullptr;
    end = behind_blanks(text, behind) + 1;
    return found;
}

/// Returns the unit that a label ending at `end` names: in brackets, after "in" or, if `alone` and unambiguous, as last word.
const NumberUnit* unit_of_label(const std::string& text, std::size_t end, bool alone) {
    const std::size_t from = end - std::min(end, most_label_bytes);
    const std::string label = text.substr(from, end - from);
    const bool closed = label.ends_with(')') || label.ends_with(']');
    const std::size_t mark = label.find_last_of(closed ? "([" : " |:=\n([");
    if (closed && mark == std::string::npos) return nullptr;
    const std::size_t begin = mark == std::string::npos ? 0 : mark + 1;
    std::size_t behind = begin;
    const NumberUnit* const unit = unit_at(label, begin, behind);
    if (unit == nullptr || behind + (closed ? 1 : 0) != label.size()) return nullptr;
    // "in year: 2025" is a date.
    const std::string_view name = unit->name;
    if (unit->kind == UnitKind::time && unit->factor >= 86400 && name != "d" && lower_letter(label[behind - 1]) != 's')
        return nullptr;
    // "Load(s)" is a plural; "Voltage (min)" is a minimum.
    if (closed) return name == "min" || (name == "s" && mark > 0 && is_word_at(label, mark - 1)) ? nullptr : unit;
    const bool in = begin >= 3 && lower_letter(label[begin - 3]) == 'i' && label.compare(begin - 2, 2, "n ") == 0 &&
                    (begin == 3 || !is_word_at(label, begin - 4));
    // "above 50 V" names no unit for other numbers.
    const bool clear = !is_doubtful(*unit) && unit->kind != UnitKind::time && (begin < 2 || !is_digit_at(label, begin - 2));
    return in || (alone && clear) ? unit : nullptr;
}

/// Returns the unit before the number at `at`: Voltage (V): 91.7
const NumberUnit* unit_before(const std::string& text, std::size_t at) {
    std::size_t end = at;
    if (end > 0 && (text[end - 1] == '-' || text[end - 1] == '+')) --end;
    else if (end > 2 && text.compare(end - 3, 3, "\u2212") == 0) end -= 3;
    bool joined = false, equal = false;
    for (const std::size_t least = end - std::min(end, most_joining_marks); end > least; --end) {
        const char mark = text[end - 1];
        if (mark != ' ' && mark != ':' && mark != '=') break;
        joined = joined || mark != ' ';
        equal = equal || mark == '=';
    }
    return joined ? unit_of_label(text, end, equal) : nullptr;
}

/// Cell of a table, and the unit that it has or names.
struct UnitCell {
    std::size_t begin, end;
    const NumberUnit* unit;
    bool of_row = false;   ///< also applies to the cells on its right: Voltage (V)
    bool is_unit = false;  ///< it contains only the unit: V
};

/// Returns the cells of a table line from `at` to `end`, with the units that they name.
std::vector<UnitCell> cells_of(const std::string& text, std::size_t at, std::size_t end) {
    std::vector<UnitCell> cells;
    while (at < end && text[at] == ' ') ++at;
    if (at < end && text[at] == '|') ++at;
    while (at < end && cells.size() < most_columns) {
        const std::size_t bar = std::min(text.find('|', at), end);
        std::size_t last = bar;
        while (last > at && std::string_view(" :=").find(text[last - 1]) != std::string_view::npos) --last;
        std::size_t first = at, behind = at;
        while (first < last && text[first] == ' ') ++first;
        const NumberUnit* const whole = unit_at(text, first, behind);
        // handles Voltage (V), mean
        const std::size_t closed = std::string_view(text).substr(at, last - at).find_last_of(")]");
        const NumberUnit* named = unit_of_label(text, last, false);
        if (named == nullptr && closed != std::string_view::npos) named = unit_of_label(text, at + closed + 1, false);
        cells.push_back({at, bar, named != nullptr ? named : unit_of_label(text, last, true), named != nullptr,
                         whole != nullptr && behind == last});
        at = bar + 1;
    }
    return cells;
}

/// Returns the cells that get a unit from the head of their column, from a cell on the left (| Voltage (V) | 91.7 |) or from the
/// next one (| 91.7 | V |).
std::vector<UnitCell> cells_with_unit(const std::string& text) {
    std::vector<UnitCell> found, heads, above;
    std::size_t found_before = 0;  // as of the last line
    for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
        end = std::min(text.find('\n', at), text.size());
        const std::string_view line(text.data() + at, end - at);
        if (line.find('|') == std::string_view::npos) {
            heads.clear(), above.clear(), found_before = found.size();
            continue;
        }
        if (line.find_first_not_of("|-: ") == std::string_view::npos && line.find('-') != std::string_view::npos) {
            // A number in a head is part of a name (Miner 1), but some models begin with a row of numbers.
            const auto is_name = [&](const UnitCell& it) { return !is_digit_at(text, text.find_first_not_of(" -+", it.begin)); };
            if (heads.empty())
                found.erase(std::remove_if(found.begin() + static_cast<std::ptrdiff_t>(found_before), found.end(), is_name),
                            found.end());
            if (heads.empty()) heads = above;
            continue;
        }
        found_before = found.size();
        const NumberUnit* left = nullptr;
        const std::vector<UnitCell> cells = cells_of(text, at, end);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const NumberUnit* unit = i < heads.size() && heads[i].unit != nullptr ? heads[i].unit : left;
            if (unit == nullptr && i + 1 < cells.size() && cells[i + 1].is_unit) unit = cells[i + 1].unit;
            if (unit != nullptr) found.push_back({cells[i].begin, cells[i].end, unit});
            if (cells[i].of_row) left = cells[i].unit;
        }
        above = cells;
    }
    return found;
}

/// Returns true if the number may have a unit from elsewhere: it is not part of a time, a date, a version or a name.
bool is_bare(const std::string& text, std::size_t at, std::size_t end) {
    const auto is_one_of = [&](std::size_t place, std::string_view marks) {
        return place < text.size() && marks.find(text[place]) != std::string_view::npos;
    };
    if (is_word_at(text, end) || (is_one_of(end, ":.") && is_digit_at(text, end + 1))) return false;
    if (at > 1 && is_one_of(at - 1, "-/.:") && is_digit_at(text, at - 2)) return false;
    const std::size_t second = is_one_of(end, "-/") ? behind_joint(text, end) : 0;
    if (second == 0) return true;
    std::size_t second_end = second;
    number_at(text, second, second_end);
    return !(is_one_of(second_end, "-/") && is_digit_at(text, second_end + 1));
}

/// Returns true where a number begins. 14:05 and 1.2.3 are not numbers with a unit; "Voltage:61 V" is.
bool begins_number(const std::string& text, std::size_t at) {
    const char before = at > 0 ? text[at - 1] : ' ';
    const bool joined = (before == ':' || before == '.') && at > 1 && is_digit_at(text, at - 2);
    return is_digit_at(text, at) && std::isalpha(static_cast<unsigned char>(before)) == 0 && before != '_' && !joined &&
           !is_digit_at(text, at - 1);
}

/// Returns the unit of a number without one after it. `left` is that of the number before it, or null if no span joins them.
const NumberUnit* unit_elsewhere(const Quantified& number, const std::string& text, std::size_t at, std::size_t end,
                                 const NumberUnit* left, const NumberUnit* of_cell) {
    if (left != nullptr) return left;
    if (!is_bare(text, at, end)) return nullptr;
    const NumberUnit* const before = unit_before(text, at);
    const NumberUnit* const unit = before != nullptr ? before : of_cell;
    // Main Room (A): 3 loads
    const bool counts =
        unit != nullptr && is_doubtful(*unit) && number.decimals == 0 && is_word_at(text, behind_blanks(text, end));
    return counts ? nullptr : unit;
}

/// Returns all numbers with a unit in a text.
std::vector<Quantified> quantified_in(const std::string& written) {
    const std::string text = plain_numbers(written);
    const std::vector<UnitCell> cells = cells_with_unit(text);
    auto cell = cells.begin();
    std::vector<Quantified> found;
    const NumberUnit* left = nullptr;
    for (std::size_t at = 0, joined = 0; at < text.size();) {
        if (!begins_number(text, at)) {
            ++at;
            continue;
        }
        while (cell != cells.end() && cell->end <= at) ++cell;
        std::size_t end = at, behind = at;
        Quantified number = number_at(text, at, end);
        number.unit = unit_behind(number, text, end, behind);
        const std::size_t second = number.unit == nullptr ? behind_joint(text, end) : 0;
        if (number.unit != nullptr) {
            number.text = text.substr(at, behind - at);
            std::replace(number.text.begin(), number.text.end(), '\n', ' ');
        } else {
            behind = end;
            if (second != 0) {
                std::size_t second_end = second;
                const Quantified other = number_at(text, second, second_end);
                std::size_t unused = second_end;
                number.unit = unit_behind(other, text, second_end, unused);
            }
            const NumberUnit* const of_cell = cell != cells.end() && cell->begin <= at ? cell->unit : nullptr;
            if (number.unit == nullptr)
                number.unit = unit_elsewhere(number, text, at, end, joined == at && at > 0 ? left : nullptr, of_cell);
            number.text = text.substr(at, end - at) + (number.unit == nullptr ? "" : std::string(" ") + number.unit->name);
        }
        if (number.unit != nullptr) found.push_back(number);
        left = number.unit, joined = second;
        at = std::max(end, behind);
    }
    return found;
}

const NumberUnit* unit_named(const std::string& name) {
    std::size_t end = 0;
    const NumberUnit* const unit = name.empty() ? nullptr : unit_at(name, 0, end);
    return end == name.size() ? unit : nullptr;
}

/// Returns the unit that a key ends with (`voltage_v`, `pv_w`) or equals (`hours`, `kwh`), or that of a word in it
/// (`start_voltage`), or null. A key of one letter has none, and `min` means minimum.
const NumberUnit* unit_of_key(const std::string& key) {
    const std::size_t line = key.rfind('_');
    const std::string last = line == std::string::npos ? key : key.substr(line + 1);
    const bool ends = line != std::string::npos || (key.size() > 1 && key != "min");
    for (const NumberUnit& unit : known_units()) {
        std::string name = unit.name;
        std::transform(name.begin(), name.end(), name.begin(), lower_letter);
        // voltage_at_100_percent is a voltage.
        if (ends && last != "percent" && (last == name || (name.size() > 1 && last == name + "s"))) return &unit;
    }
    for (const auto& [word, unit] : key_words)
        if (("_" + key + "_").find("_" + std::string(word) + "_") != std::string::npos) return unit_named(unit);
    return nullptr;
}

/// Returns true for keys whose numbers count things or places.
bool is_plain_count(const std::string& key) {
    for (const char* name : {"line_from", "line_to", "from", "to", "id", "rowid", "number", "change", "revision", "points",
                             "limit", "count", "priority_level"})
        if (key == name) return true;
    return false;
}

/// Reads the numbers of a result with their units.
class Collector {
public:
    explicit Collector(std::vector<Quantified>& known) : known_(known) {}

    void take(const Json& value, const std::string& key, const NumberUnit* unit, int depth) {
        if (depth > most_result_depth || known_.size() > most_known_numbers) return;
        // Only SQL has columns without any hint of their unit.
        if (value.is_number() && (unit != nullptr || (of_sql_ && !is_plain_count(key))))
            known_.push_back({value.get<double>(), 0, unit, ""});
        if (value.is_string())
            for (Quantified& it : quantified_in(value.get_ref<const std::string&>())) known_.push_back(std::move(it));
        if (value.is_array() && of_sql_ && value.size() <= columns_.size()) return take_row(value, depth);
        if (value.is_object()) take_facts(value);
        if (!value.is_structured()) return;
        const NumberUnit* named = unit;
        if (value.is_object() && value.contains("unit") && value.at("unit").is_string())
            named = unit_named(value.at("unit").get<std::string>());
        for (const auto& [name, inner] : value.items()) {
            const std::string& own = value.is_object() ? name : key;
            const NumberUnit* by_key = value.is_object() ? unit_of(own) : nullptr;
            take(inner, own, by_key != nullptr ? by_key : named, depth + 1);
        }
    }

private:
    const NumberUnit* unit_of(const std::string& key) const {
        const auto found = fields_.find(key);
        return found != fields_.end() ? found->second : unit_of_key(key);
    }

    /// Takes units from outside a row: get_settings gives the unit of each field beside its rows, and query_history the names of
    /// its columns.
    void take_facts(const Json& object) {
        const auto fields = object.find("fields"), columns = object.find("columns");
        if (fields != object.end() && fields->is_array())
            for (const Json& it : *fields)
                if (it.is_object() && it.contains("field") && it.contains("unit") && it["unit"].is_string())
                    fields_[it["field"].is_string() ? it["field"].get<std::string>() : ""] = unit_named(it["unit"]);
        of_sql_ = of_sql_ || (columns != object.end() && columns->is_array() && object.contains("rows"));
        if (of_sql_ && columns != object.end() && columns->is_array())
            for (const Json& it : *columns) columns_.push_back(it.is_string() ? it.get<std::string>() : "");
    }

    void take_row(const Json& row, int depth) {
        for (std::size_t i = 0; i < row.size(); ++i) take(row[i], columns_[i], unit_of(columns_[i]), depth + 1);
    }

    std::vector<Quantified>& known_;
    std::map<std::string, const NumberUnit*> fields_;
    std::vector<std::string> columns_;
    bool of_sql_ = false;  ///< inside a result of query_history
};

/// Returns half a step of the last digit. For a large whole number with zeros after its first two digits, half a step of the last
/// nonzero digit.
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
    if (said.unit->kind != UnitKind::temperature) in_unit = std::abs(in_unit), value = std::abs(value);
    return std::abs(in_unit - value) <= tolerance_of(said);
}

}  // namespace

std::vector<std::string> unknown_numbers(const std::string& text, const std::vector<Json>& results) {
    std::vector<Quantified> known;
    for (const Json& result : results) Collector(known).take(result, "", nullptr, 0);
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
