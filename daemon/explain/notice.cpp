#include "daemon/explain/notice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "daemon/explain/json_parts.hpp"

namespace volt {

namespace {

using json::Object;

constexpr double tenth = 0.1, hundredth = 0.01, ten = 10, one = 1;
constexpr double never = -1;  ///< runs by itself

/// The smallest change that counts for a number with this unit; 0: any.
double step_of(std::string_view unit) {
    struct Step {
        std::string_view unit;
        double least;
    };
    static constexpr std::array steps{Step{"V", hundredth}, Step{"W", ten},  Step{"°C", tenth}, Step{"°F", tenth},
                                      Step{"A", tenth},     Step{"%", one},  Step{"s", never},  Step{"min", never},
                                      Step{"h", never},     Step{"d", never}};
    for (const Step& step : steps)
        if (step.unit == unit) return step.least;
    return 0;
}

std::string_view unit_of_key(std::string_view key) {
    struct Ending {
        std::string_view end, unit;
    };
    static constexpr std::array endings{Ending{"energy_wh", "s"},
                                        Ending{"_w", "W"},
                                        Ending{"_wh", "W"},
                                        Ending{"_v", "V"},
                                        Ending{"_c", "°C"},
                                        Ending{"_a", "A"},
                                        Ending{"_pct", "%"},
                                        Ending{"age_s", "s"},
                                        Ending{"left_s", "s"},
                                        Ending{"rtt_ms", "s"},
                                        Ending{"runtime_today_s", "s"},
                                        Ending{"remaining_s", "s"}};
    for (const Ending& ending : endings)
        if (key.ends_with(ending.end)) return ending.unit;
    return {};
}

/// With a tolerance, because decimals are not exact in binary.
bool moved(double before, double now, double least) {
    return least > 0 ? std::abs(now - before) >= least * 0.999 : least == 0 && now != before;
}

bool is_number_part(char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; }

/// Splits a sentence into words and numbers.
class Sentence {
public:
    explicit Sentence(std::string_view text) : rest_(text) {}
    /// Text up to the next digit.
    std::string_view words() {
        const auto digit = std::find_if(rest_.begin(), rest_.end(), [](char c) { return c >= '0' && c <= '9'; });
        return cut(static_cast<std::size_t>(digit - rest_.begin()));
    }
    /// The next number; empty at the end.
    std::optional<double> number() {
        std::string digits(
            cut(static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_number_part) - rest_.begin())));
        std::erase(digits, ',');
        double value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc{} && end != digits.data() ? std::optional(value) : std::nullopt;
    }
    /// The unit after the number, if any.
    std::string_view unit() const {
        if (!rest_.starts_with(' ')) return {};
        const std::string_view after = rest_.substr(1);
        return after.substr(0, std::min(after.find_first_of(" ,;:.()"), after.size()));
    }

private:
    std::string_view cut(std::size_t length) {
        const std::string_view part = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return part;
    }
    std::string_view rest_;
};

bool noticed_text(std::string_view before, std::string_view now) {
    if (before == now) return false;
    Sentence a(before), b(now);
    while (true) {
        if (a.words() != b.words()) return true;
        const auto was = a.number(), is = b.number();
        if (!was || !is) return was.has_value() != is.has_value();
        if (a.unit() != b.unit() || moved(*was, *is, step_of(b.unit()))) return true;
    }
}

bool differs(const Object& before, const Object& now, std::string_view key, std::string_view unit);

bool object_differs(const Object& before, const Object& now) {
    if (before.size() != now.size()) return true;
    const auto unit = now.find("unit");
    const std::string of_gate = unit != now.end() && unit->is_string() ? unit->get<std::string>() : std::string();
    for (const auto& [key, value] : now.items()) {
        const auto known = before.find(key);
        if (known == before.end() || (key != "at" && differs(*known, value, key, of_gate))) return true;
    }
    return false;
}

bool differs(const Object& before, const Object& now, std::string_view key, std::string_view unit) {
    if (before.is_number() && now.is_number()) {
        const std::string_view own = unit_of_key(key);
        return moved(before.get<double>(), now.get<double>(), step_of(own.empty() ? unit : own));
    }
    if (before.is_string() && now.is_string()) {
        const bool sentence = key == "text" || key == "last_error";
        return sentence ? noticed_text(before.get_ref<const std::string&>(), now.get_ref<const std::string&>()) : before != now;
    }
    if (before.is_object() && now.is_object()) return object_differs(before, now);
    if (before.is_array() && now.is_array()) {
        const auto same = [unit](const Object& a, const Object& b) { return !differs(a, b, {}, unit); };
        return !std::equal(before.begin(), before.end(), now.begin(), now.end(), same);
    }
    return before != now;
}

}  // namespace

bool noticed(const std::string& before, const std::string& now) {
    if (before == now) return false;
    const Object a = Object::parse(before, nullptr, false), b = Object::parse(now, nullptr, false);
    return a.is_discarded() || b.is_discarded() || differs(a, b, {}, {});
}

}  // namespace volt
