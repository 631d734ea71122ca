#include "daemon/agent/ask/asked_series.hpp"

#include <algorithm>

namespace volt::agent {

namespace {

/// A word as it is compared, and its series.
constexpr std::pair<const char*, const char*> series_words[] = {{"voltag", "battery.voltage_v"}, {"level", "battery.soc_pct"},
                                                                {"ampere", "battery.current_a"}, {"solar", "power.pv_w"},
                                                                {"consum", "power.load_w"},      {"grid", "power.grid_w"}};
/// What else a comparison may have.
constexpr const char* words_beside_series[] = {
    "battery", "power", "load", "plot",     "show",    "history", "compar", "comparison", "versus", "vs",     "against", "sery",
    "tim",     "next",  "line", "alongsid", "overlay", "wer",     "beat",   "exceed",     "produc", "system", "run"};
constexpr const char* comparing_words[] = {"compare", "compared",  "comparison", "versus",  "vs",
                                           "against", "alongside", "beside",     "overlay", "side"};
constexpr const char* joining_words[] = {"and", "with", "plus", "together", "both"};

template <class List>
bool any_word(const std::vector<std::string>& words, const List& list) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return std::any_of(std::begin(list), std::end(list), [&](const char* it) { return word == it; });
    });
}

}  // namespace

std::vector<std::string> asked_series(const std::vector<std::string>& words, const std::set<std::string>& compared,
                                      bool over_time) {
    const bool plotted = over_time || compared.contains("plot") || compared.contains("history");
    if (!any_word(words, comparing_words) && !(plotted && any_word(words, joining_words))) return {};
    std::set<std::string> left = compared;
    std::vector<std::string> series;
    for (const auto& [word, name] : series_words)
        if (left.erase(word) > 0) series.emplace_back(name);
    // Beside another series the load is that of the house.
    if (!series.empty() && left.erase("load") > 0 && !compared.contains("consum")) series.emplace_back("power.load_w");
    const bool battery = left.contains("battery");
    for (const char* word : words_beside_series) left.erase(word);
    if (battery && left.erase("temperatur") > 0) series.emplace_back("battery.temperature_c");
    else if (battery && series.size() == 1 && series.front().starts_with("power."))
        series.insert(series.begin(), "battery.voltage_v");
    if (series.size() < 2 || !left.empty()) return {};
    return series;
}

}  // namespace volt::agent
