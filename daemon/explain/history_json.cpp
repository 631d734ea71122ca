#include "daemon/explain/history_json.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "daemon/config/config.hpp"
#include "daemon/explain/topics.hpp"

namespace volt {

namespace {

using Object = nlohmann::ordered_json;

/// A level is a number, every other word a string.
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

}  // namespace

Object history_json(const History& history) {
    Object points = Object::array();
    for (const Point& point : history.points)
        points.push_back(Object::array({iso_utc(Utc{point.at_s * 1000}), value_of(point)}));
    return {{"series", history.series},
            {"unit", history.unit},
            {"resolution", name_of(history.resolution)},
            {"points", std::move(points)}};
}

Object decision_json(const DecisionRow& row) {
    return {{"at", iso_utc(row.at)}, {"load", row.load},     {"from", row.from},
            {"to", row.to},          {"reason", row.reason}, {"text", row.text},
            {"inputs", parsed(row.inputs_json)},             {"gates", parsed(row.gates_json)}};
}

SeriesSources series_sources(const Config& config) {
    SeriesSources sources;
    if (!config.voltage_sources.empty()) sources.voltage = config.voltage_sources;
    sources.pv = config.power_sources.pv;
    sources.load = config.power_sources.load;
    sources.grid = config.power_sources.grid;
    return sources;
}

}  // namespace volt
