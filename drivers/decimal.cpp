#include "drivers/decimal.hpp"

namespace volt {

namespace {

constexpr std::int64_t powers_of_ten[] = {1, 10, 100, 1000};

}  // namespace

std::optional<std::int64_t> whole_steps(double value, int decimals) {
    if (!(value >= -1e6 && value <= 1e6)) return std::nullopt;  // NaN fails both
    const std::int64_t scale = powers_of_ten[decimals];
    const double scaled = value * static_cast<double>(scale);
    const auto steps = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
    if (static_cast<double>(steps) / static_cast<double>(scale) != value) return std::nullopt;
    return steps;
}

std::string decimal(std::int64_t steps, int decimals) {
    const std::int64_t scale = powers_of_ten[decimals];
    const std::int64_t size = steps < 0 ? -steps : steps;
    std::string text = (steps < 0 ? "-" : "") + std::to_string(size / scale);
    if (decimals == 0) return text;
    const std::string digits = std::to_string(scale + size % scale);
    return text + "." + digits.substr(1);
}

std::string short_decimal(std::int64_t steps, int decimals) {
    std::string text = decimal(steps, decimals);
    while (decimals > 1 && text.back() == '0' && text[text.size() - 2] != '.') text.pop_back();
    return text;
}

}  // namespace volt
