#include "daemon/explain/notice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace volt {

namespace {

constexpr double tenth = 0.1, hundredth = 0.01, ten = 10, one = 1;
constexpr double never = -1;  ///< changes by itself

/// Returns the smallest change that counts for a number with this unit, or 0 for any.
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

/// Compares with a tolerance, because decimals are not exact in binary.
bool moved(double before, double now, double least) {
    return least > 0 ? std::abs(now - before) >= least * 0.999 : least == 0 && now != before;
}

bool is_number_part(char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; }

/// Splits a sentence into words and numbers.
class Sentence {
public:
    explicit Sentence(std::string_view text) : rest_(text) {}
    /// Returns the text up to the next digit.
    std::string_view words() {
        const auto digit = std::find_if(rest_.begin(), rest_.end(), [](char c) { return c >= '0' && c <= '9'; });
        return cut(static_cast<std::size_t>(digit - rest_.begin()));
    }
    /// Returns the next number, or nothing at the end.
    std::optional<double> number() {
        std::string digits(
            cut(static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_number_part) - rest_.begin())));
        std::erase(digits, ',');
        double value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc{} && end != digits.data() ? std::optional(value) : std::nullopt;
    }
    /// Returns the unit after the number, if any.
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

/// Position in JSON that voltd wrote: no spaces, keys in a fixed order. Comparing two texts side by side allocates nothing.
class JsonPlace {
public:
    explicit JsonPlace(std::string_view text) : rest_(text) {}
    /// Returns the next character, or 0 at the end.
    char next() const { return rest_.empty() ? '\0' : rest_.front(); }
    void skip() { rest_.remove_prefix(rest_.empty() ? 0 : 1); }
    /// Returns a string with its quotes, a number or a word. For anything else returns the text before the next comma or bracket.
    std::string_view scalar() {
        std::size_t end = 0;
        if (next() == '"') {
            for (end = 1; end < rest_.size() && rest_[end] != '"'; ++end)
                if (rest_[end] == '\\') ++end;
            end = std::min(end + 1, rest_.size());
        } else {
            end = std::min(rest_.find_first_of(",]}"), rest_.size());
        }
        const std::string_view part = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return part;
    }
    /// Skips one value with everything in it.
    void skip_value() {
        int open = 0;
        do {
            const char c = next();
            open += static_cast<int>(c == '{' || c == '[') - static_cast<int>(c == '}' || c == ']');
            if (c == '{' || c == '[' || c == '}' || c == ']' || c == ',' || c == ':') skip();
            else scalar();
        } while (open > 0 && !rest_.empty());
    }

private:
    std::string_view rest_;
};

bool is_string(std::string_view scalar) { return scalar.size() >= 2 && scalar.front() == '"' && scalar.back() == '"'; }

std::string_view inner(std::string_view text) { return text.substr(1, text.size() - 2); }

std::optional<double> number_in(std::string_view scalar) {
    double value = 0;
    const auto [end, error] = std::from_chars(scalar.data(), scalar.data() + scalar.size(), value);
    return error == std::errc{} && end == scalar.data() + scalar.size() ? std::optional(value) : std::nullopt;
}

/// Returns the member `unit` of the object whose members begin here, or an empty string if it has none.
std::string_view unit_of_object(JsonPlace place) {
    while (place.next() == '"') {
        const std::string_view key = place.scalar();
        place.skip();
        if (key == R"("unit")") {
            const std::string_view unit = place.scalar();
            return is_string(unit) ? inner(unit) : std::string_view();
        }
        place.skip_value();
        if (place.next() == ',') place.skip();
    }
    return {};
}

/// Compares two scalars. `object`: the members of the object that contains them.
bool scalar_differs(std::string_view before, std::string_view now, std::string_view key, const JsonPlace& object) {
    if (before == now) return false;
    const auto was = number_in(before), is = number_in(now);
    if (was && is) {
        const std::string_view own = unit_of_key(key);
        return moved(*was, *is, step_of(own.empty() ? unit_of_object(object) : own));
    }
    const bool sentence = (key == "text" || key == "last_error") && is_string(before) && is_string(now);
    return !sentence || noticed_text(inner(before), inner(now));
}

bool differs(JsonPlace& before, JsonPlace& now, std::string_view key, const JsonPlace& object);

/// Returns true if the list or object continues in both, false if it ends in both, or nothing if they differ.
std::optional<bool> goes_on(JsonPlace& before, JsonPlace& now) {
    const char next = now.next();
    if (before.next() != next || (next != ',' && next != ']' && next != '}')) return std::nullopt;
    before.skip();
    now.skip();
    return next == ',';
}

bool members_differ(JsonPlace& before, JsonPlace& now) {
    const JsonPlace object = now;
    for (std::optional<bool> more = true; *more;) {
        const std::string_view key = now.scalar();
        if (before.scalar() != key || !is_string(key) || before.next() != ':' || now.next() != ':') return true;
        before.skip();
        now.skip();
        const bool is_turn = key == R"("at")";
        if (is_turn) {
            before.skip_value();
            now.skip_value();
        } else if (differs(before, now, inner(key), object)) {
            return true;
        }
        more = goes_on(before, now);
        if (!more) return true;
    }
    return false;
}

bool elements_differ(JsonPlace& before, JsonPlace& now, const JsonPlace& object) {
    for (std::optional<bool> more = true; *more;) {
        if (differs(before, now, {}, object)) return true;
        more = goes_on(before, now);
        if (!more) return true;
    }
    return false;
}

/// Compares two values. If it returns false, both positions are after the value.
bool differs(JsonPlace& before, JsonPlace& now, std::string_view key, const JsonPlace& object) {
    const char first = now.next();
    if (first != '{' && first != '[') {
        if (before.next() == '{' || before.next() == '[') return true;
        const std::string_view was = before.scalar();
        return scalar_differs(was, now.scalar(), key, object);
    }
    if (before.next() != first) return true;
    before.skip();
    now.skip();
    const char end = first == '{' ? '}' : ']';
    if (before.next() == end || now.next() == end) {
        const bool both = before.next() == now.next();
        before.skip();
        now.skip();
        return !both;
    }
    return first == '{' ? members_differ(before, now) : elements_differ(before, now, object);
}

}  // namespace

bool noticed(std::string_view before, std::string_view now) {
    if (before == now) return false;
    JsonPlace a(before), b(now);
    return differs(a, b, {}, JsonPlace({}));
}

}  // namespace volt
