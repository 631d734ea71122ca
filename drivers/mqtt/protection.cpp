#include "drivers/mqtt/protection.hpp"

#include <algorithm>
#include <cctype>

namespace volt {

OwnProtection protection_in(const std::string& problem) {
    if (problem == timer_turned_on) return OwnProtection::auto_on;
    std::string text = problem;
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::erase_if(text, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    const auto has = [&text](const char* word) { return text.find(word) != std::string::npos; };
    if (has("overpower") || has("maxpower") || has("maxenergy") || has("overload")) return OwnProtection::power;
    if (has("overtemp")) return OwnProtection::temperature;
    if (has("overvolt")) return OwnProtection::voltage;
    if (has("overcurrent")) return OwnProtection::current;
    return OwnProtection::none;
}

}  // namespace volt
