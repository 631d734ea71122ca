#include "daemon/agent/ask/asked_series.hpp"

#include <algorithm>

#include "daemon/agent/ask/question_words.hpp"

namespace volt::agent {

namespace {

using WordSet = std::set<std::string>;

constexpr const char *voltage_series = "battery.voltage_v", *temperature_series = "battery.temperature_c",
                     *battery_power_series = "battery.power_w";
/// Compared words and their series. If there are several, the first is meant, unless the question compares them.
constexpr std::pair<const char*, const char*> series_words[] = {
    {"voltag", voltage_series}, {"level", "battery.soc_pct"}, {"amper", "battery.current_a"}, {"solar", "power.pv_w"},
    {"produc", "power.pv_w"},   {"grid", "power.grid_w"},     {"consum", "power.load_w"},     {"load", "power.load_w"}};
constexpr const char* comparing_words[] = {"compare", "compared",  "comparison", "versus",  "vs",
                                           "against", "alongside", "beside",     "overlay", "side"};
constexpr const char* joining_words[] = {"and", "with", "plus", "together", "both"};

bool any_of_them(const std::vector<std::string>& words, const auto& list) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return std::any_of(std::begin(list), std::end(list), [&](const char* it) { return word == it; });
    });
}

bool has_only_series(const WordSet& compared) {
    static const WordSet allowed = stems_in(
        "voltage level ampere solar produce consume load grid battery temperature power charge discharge low high plot show "
        "history compare comparison versus vs against series time next line alongside overlay were beat exceed system run on "
        "loud do doing long often off day curve deep sunk under anytime sunrise take decent good bad");
    return std::includes(allowed.begin(), allowed.end(), compared.begin(), compared.end());
}

std::vector<std::string> all_series(const WordSet& compared) {
    std::vector<std::string> found;
    for (const auto& [word, series] : series_words)
        if (compared.contains(word) && std::find(found.begin(), found.end(), series) == found.end()) found.emplace_back(series);
    if (!compared.contains("battery")) return found;
    if (compared.contains("temperatur")) found.emplace_back(temperature_series);
    else if (found.size() == 1 && found.front().starts_with("power.")) found.insert(found.begin(), voltage_series);
    return found;
}

std::string one_series(const WordSet& compared) {
    const auto has = [&](const char* word) { return compared.contains(word); };
    if (has("temperatur")) return has("battery") ? temperature_series : "";
    if (has("battery") && !has("voltag") && (has("power") || has("charg") || has("discharg") || has("consum")))
        return battery_power_series;
    const auto named =
        std::find_if(std::begin(series_words), std::end(series_words), [&](const auto& it) { return has(it.first); });
    const std::string found = named != std::end(series_words) ? named->second : has("battery") ? voltage_series : "";
    if (found != voltage_series) return found;
    return has("low") ? "battery.voltage_min_v" : has("high") ? "battery.voltage_max_v" : found;
}

}  // namespace

std::vector<std::string> asked_series(const std::vector<std::string>& words, const WordSet& compared, bool over_time) {
    const bool plotted = over_time || compared.contains("plot") || compared.contains("history") ||
                         (compared.contains("curv") && !compared.contains("battery"));  // the battery curve is a setting
    const bool comparing = any_of_them(words, comparing_words);
    if (!has_only_series(compared)) return {};
    if (comparing || (plotted && any_of_them(words, joining_words)))
        if (const auto found = all_series(compared); found.size() > 1) return found;
    const std::string one = plotted && !comparing ? one_series(compared) : "";
    return one.empty() ? std::vector<std::string>{} : std::vector<std::string>{one};
}

}  // namespace volt::agent
