#include "daemon/config/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "daemon/config/fields.hpp"
#include "daemon/config/problem.hpp"

namespace volt {

namespace {

constexpr std::size_t most_digits = 15;  // including the scale, well within 64 bits

bool digit(char c) { return c >= '0' && c <= '9'; }
bool digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), digit); }

/// Returns the reason a text is not a plain decimal number.
ReadNumber why_not_plain(const std::string& text) {
    const std::string_view bare = std::string_view(text).substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    const auto because = [&](const char* what, const char* right) { return ReadNumber{{}, shown(text) + what, right}; };
    const auto has = [&](const char* characters) { return bare.find_first_of(characters) != std::string_view::npos; };
    if (bare.starts_with("0x") || bare.starts_with("0X")) return because(" is hexadecimal", "a plain decimal number");
    if (bare.size() > 1 && bare[0] == '0' && digit(bare[1]))
        return because(" has a leading zero (octal elsewhere)", "the number without it");
    if (bare.starts_with(".nan") || bare.starts_with(".inf") || bare.starts_with(".Nan") || bare.starts_with(".N") ||
        bare.starts_with(".I"))
        return because(" is not a finite number", "");
    if (text.starts_with('+')) return because(" has a plus sign", "the number without it");
    if (bare.empty() || !digit(bare[0])) return because(" is not a number", "");
    if (bare.find_first_not_of("0123456789.,_eE+-") != std::string_view::npos)
        return because(" contains more than digits", "the number alone (its unit is in the name of the key)");
    if (has(",")) return because(" has a comma", "a decimal point");
    if (has("eE")) return because(" has an exponent", "a plain decimal number");
    return because(" is not a number", "");
}

}  // namespace

ReadNumber read_number(const std::string& text, std::int64_t scale) {
    const bool negative = text.starts_with('-');
    const std::string_view bare = std::string_view(text).substr(negative ? 1 : 0);
    const std::size_t point = std::min(bare.find('.'), bare.size());
    const std::string_view whole = bare.substr(0, point);
    std::string_view rest = bare.substr(std::min(point + 1, bare.size()));
    const bool plain = digits(whole) && (whole == "0" || whole[0] != '0') && (point == bare.size() || digits(rest));
    if (!plain) return why_not_plain(text);
    while (rest.ends_with('0')) rest.remove_suffix(1);
    if (whole.size() + rest.size() > most_digits) return {{}, shown(text) + " has too many digits", ""};
    std::int64_t steps = 0;
    for (const char c : whole) steps = steps * 10 + (c - '0');
    for (std::int64_t left = scale; left > 1; left /= 10) {
        steps = steps * 10 + (rest.empty() ? 0 : rest[0] - '0');
        if (!rest.empty()) rest.remove_prefix(1);
    }
    if (!rest.empty()) {
        if (scale == 1) return {{}, shown(text) + " is not a whole number", ""};
        return {{}, fmt::format("{} is not a multiple of {}", shown(text), decimal_text(1, scale)), ""};
    }
    return {negative ? -steps : steps, "", ""};
}

}  // namespace volt
