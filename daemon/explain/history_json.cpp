#include "daemon/explain/history_json.hpp"

#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

#include "daemon/config/config.hpp"
#include "daemon/explain/topics.hpp"

namespace volt {

namespace {

using Object = nlohmann::ordered_json;

/// Returns a level as a number and every other value as a string.
Object value_of(const Point& point) {
    if (point.word.empty()) return point.value;
    int level = 0;
    const char* end = point.word.data() + point.word.size();
    const auto [rest, error] = std::from_chars(point.word.data(), end, level);
    return error == std::errc{} && rest == end ? Object(level) : Object(point.word);
}

Object parsed(const std::string& text) {
    Object object = text.empty() ? Object() : Object::parse(text, nullptr, false);
    return object.is_discarded() ? Object(text) : object;
}

std::optional<std::int64_t> utc_seconds(const std::string& text) {
    std::tm time{};
    if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr) return std::nullopt;
    return ::timegm(&time);
}

std::optional<Point> point_of(const Object& pair) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) return std::nullopt;
    const auto at = utc_seconds(pair[0].get<std::string>());
    if (!at || !(pair[1].is_number() || pair[1].is_string())) return std::nullopt;
    if (pair[1].is_number()) return Point{*at, pair[1].get<double>(), ""};
    const auto word = pair[1].get<std::string>();
    return Point{*at, word == "off" || word == "none" ? 0.0 : 1.0, word};
}

}  // namespace

Object history_json(const History& history) {
    Object points = Object::array();
    for (const Point& point : history.points) points.push_back(Object::array({iso_utc(Utc{point.at_s * 1000}), value_of(point)}));
    return {{"series", history.series},
            {"unit", history.unit},
            {"resolution", name_of(history.resolution)},
            {"step_s", history.step_s},
            {"points", std::move(points)}};
}

Object decision_json(const DecisionRow& row) {
    return {{"at", iso_utc(row.at)},
            {"load", row.load},
            {"from", row.from},
            {"to", row.to},
            {"reason", row.reason},
            {"text", row.text},
            {"inputs", parsed(row.inputs_json)},
            {"gates", parsed(row.gates_json)},
            {"shadow", row.shadow}};
}

History history_of(const Object& object) {
    const auto text = [&](const char* key) {
        return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
    };
    History history{.series = text("series"), .unit = text("unit"), .resolution = {}, .step_s = 0, .points = {}};
    history.resolution = resolution_of(text("resolution")).value_or(Resolution::automatic);
    if (object.contains("step_s") && object["step_s"].is_number_integer()) history.step_s = object["step_s"].get<std::int64_t>();
    if (!object.contains("points") || !object["points"].is_array()) return history;
    for (const Object& each : object["points"])
        if (auto point = point_of(each)) history.points.push_back(std::move(*point));
    return history;
}

DecisionRow decision_of(const Object& object) {
    const auto text = [&](const char* key) {
        if (!object.contains(key) || object[key].is_null()) return std::string();
        return object[key].is_string() ? object[key].get<std::string>() : object[key].dump();
    };
    return {Utc{utc_seconds(text("at")).value_or(0) * 1000},
            text("load"),
            text("from"),
            text("to"),
            text("reason"),
            text("text"),
            text("inputs"),
            text("gates"),
            object.contains("shadow") && object["shadow"] == true};
}

SeriesSources series_sources(const Config& config) {
    SeriesSources sources;
    if (!config.voltage_sources.empty()) sources.voltage = config.voltage_sources;
    sources.battery = config.power_sources.battery;
    sources.pv = config.power_sources.pv;
    sources.load = config.power_sources.load;
    sources.grid = config.power_sources.grid;
    return sources;
}

}  // namespace volt
