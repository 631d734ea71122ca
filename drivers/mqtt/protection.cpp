#include "drivers/mqtt/protection.hpp"

#include <algorithm>
#include <cctype>

namespace volt {
namespace {

struct Word {
    const char* text;  ///< lower case, without blanks, `_` and `-`
    OwnProtection protection;
};

/// Words of Tasmota, Shelly, and the `fault` of Zigbee breakers (Tuya: `ov_cr`, `ov_vol`, `leakagecurr_alarm`, ...).
constexpr Word words[] = {
    {"overpower", OwnProtection::power},      {"maxpower", OwnProtection::power},   {"maxenergy", OwnProtection::power},
    {"overload", OwnProtection::power},       {"highpower", OwnProtection::power},  {"overtemp", OwnProtection::temperature},
    {"hightemp", OwnProtection::temperature}, {"overvolt", OwnProtection::voltage}, {"ovvol", OwnProtection::voltage},
    {"overcurrent", OwnProtection::current},  {"ovcr", OwnProtection::current},     {"shortcircuit", OwnProtection::current},
    {"tripvolt", OwnProtection::voltage},     {"ovpower", OwnProtection::power},    {"undervolt", OwnProtection::other},
    {"leakage", OwnProtection::other},        {"missphase", OwnProtection::other},
};

}  // namespace

OwnProtection protection_in(const std::string& problem) {
    if (problem.find(timer_turned_on) != std::string::npos) return OwnProtection::auto_on;
    std::string text = problem;
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::erase_if(text, [](char c) { return c == ' ' || c == '_' || c == '-'; });
    for (const auto& [word, protection] : words)
        if (text.find(word) != std::string::npos) return protection;
    return OwnProtection::none;
}

void add_problem(OutputEvent& event, const std::string& problem) {
    event.problem += (event.problem.empty() ? "" : ", ") + problem;
}

std::string words_without(const std::string& all, const std::string& known) {
    std::string rest;
    for (std::size_t from = 0; from < all.size();) {
        const std::size_t to = std::min(all.find(", ", from), all.size());
        const std::string word = all.substr(from, to - from);
        if ((", " + known + ", ").find(", " + word + ", ") == std::string::npos) rest += (rest.empty() ? "" : ", ") + word;
        from = to + 2;
    }
    return rest;
}

}  // namespace volt
