#include "daemon/api/routes/plot_routes.hpp"

#include <algorithm>
#include <set>

#include "daemon/api/plot.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/source.hpp"
#include "drivers/store/telemetry/series.hpp"

namespace volt::api {

namespace {

constexpr std::int64_t points_by_default = 600, least_points = 50, most_plot_points = 2000;
constexpr std::size_t most_series = 8;
constexpr Duration plot_by_default = 24h;
constexpr const char* series_need = "1 to 8 different series, separated by commas, such as battery.voltage_v,power.pv_w";

/// Parsed request.
struct PlotQuery {
    std::vector<std::string> series;
    HistoryQuery range;  ///< without the series
    std::int64_t points = points_by_default;
    Utc now{};
};

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= list.size();) {
        const std::size_t end = std::min(list.find(',', from), list.size());
        parts.push_back(list.substr(from, end - from));
        from = end + 1;
    }
    return parts;
}

std::optional<HttpAnswer> read_plot(const HttpRequest& request, HistoryContext context, PlotQuery& query) {
    query.now = context.now.value_or(wall_now());
    query.range.sources = std::move(context.sources);
    std::optional<Utc> from, to;
    if (auto wrong = read_time(request, "from", from)) return wrong;
    if (auto wrong = read_time(request, "to", to)) return wrong;
    query.range.to = to.value_or(query.now + 1s);
    query.range.from = from.value_or(query.range.to - plot_by_default);
    if (query.range.from >= query.range.to) return field_error(400, "from is not before to", "from", "a time before `to`");
    if (auto wrong = read_number(request, "points", least_points, most_plot_points, query.points)) return wrong;
    query.series = split(value_of(request, "series"));
    const std::set<std::string> different(query.series.begin(), query.series.end());
    if (different.contains("")) return field_error(400, "series: one is missing", "series", series_need);
    if (query.series.size() > most_series) return field_error(400, "series: too many", "series", series_need);
    if (different.size() < query.series.size()) return field_error(400, "series: duplicate", "series", series_need);
    for (const std::string& series : query.series) {
        const Result<SeriesPlan> plan = plan_of(series, query.range.sources);
        if (plan && (plan.value().kind == SeriesKind::orders || plan.value().kind == SeriesKind::runs))
            return field_error(400, "series: " + series + " is text, not numbers; see /api/runs and /api/decisions", "series",
                               series_need);
    }
    return std::nullopt;
}

Object numbers(const PlotLine& line) {
    Object list = Object::array();
    for (const std::optional<double>& value : line) list.push_back(value ? Object(*value) : Object(nullptr));
    return list;
}

/// Returns `voltage_min_v` or `voltage_max_v` for a voltage.
std::string companion(const std::string& series, const char* which) { return series.substr(0, series.size() - 1) + which + "_v"; }

class PlotHandler {
public:
    PlotHandler(std::shared_ptr<HistoryFile> file, std::function<HistoryContext()> context, const Recent* recent)
        : file_(std::move(file)), context_(std::move(context)), recent_(recent) {}

    HttpAnswer plot(const HttpRequest& request) {
        PlotQuery query;
        if (auto wrong = read_plot(request, context_(), query)) return *wrong;
        const auto lock = file_->lock();
        if (!lock) return error_answer(503, history_busy_text);
        const bool in_memory = recent_ != nullptr && query.range.from >= query.now - Recent::kept;
        const PlotGrid grid = grid_of(query.range.from, query.range.to, query.now, query.points, in_memory);
        Object all{{"from", iso_utc(query.range.from)},      {"to", iso_utc(query.range.to)}, {"step_s", grid.step_s},
                   {"resolution", name_of(grid.resolution)}, {"t", Object::array()},          {"series", Object::object()}};
        for (std::size_t i = 0; i < grid.steps; ++i)
            all["t"].push_back(grid.begin_s + static_cast<std::int64_t>(i) * grid.step_s);
        for (const std::string& series : query.series)
            if (auto failed = add(series, query, grid, in_memory, all["series"][series])) return *failed;
        return ok_answer(all);
    }

private:
    std::optional<HttpAnswer> add(const std::string& series, const PlotQuery& query, const PlotGrid& grid, bool in_memory,
                                  Object& into) {
        const auto mean = read(series, query, grid, in_memory);
        if (!mean) return file_->refusal(mean.failure());
        into = {{"unit", mean.value().unit}, {"mean", numbers(line_of(grid, mean.value(), StepOf::mean))}};
        if (!series.ends_with(".voltage_v")) return std::nullopt;
        for (const auto& [name, what] : {std::pair("min", StepOf::least), std::pair("max", StepOf::greatest)}) {
            const auto line = read(companion(series, name), query, grid, in_memory);
            if (!line) return file_->refusal(line.failure());
            into[name] = numbers(line_of(grid, line.value(), what));
        }
        return std::nullopt;
    }

    /// Reads the points on the disk, then the newer ones in memory.
    Result<History> read(const std::string& series, const PlotQuery& query, const PlotGrid& grid, bool in_memory) {
        HistoryQuery one = query.range;
        one.series = series;
        one.resolution = grid.resolution;
        History newest;
        if (recent_ != nullptr)
            if (auto found = read_recent(*recent_, one)) newest = std::move(found.value());
        if (in_memory && !newest.points.empty()) return newest;
        auto found = file_->read([&](Connection& db) { return read_history(db, one, query.now); });
        if (!found) return found;
        History& history = found.value();
        const std::int64_t known = history.points.empty() ? 0 : history.points.back().at_s + history.step_s;
        for (Point point : newest.points) {
            point.at_s -= point.at_s % std::max<std::int64_t>(history.step_s, 1);  // assigned to its span
            if (point.at_s >= known) history.points.push_back(point);
        }
        return found;
    }

    const std::shared_ptr<HistoryFile> file_;
    const std::function<HistoryContext()> context_;
    const Recent* const recent_;
};

}  // namespace

Route plot_route(std::shared_ptr<HistoryFile> file, std::function<HistoryContext()> context, const Recent* recent) {
    const auto handler = std::make_shared<PlotHandler>(std::move(file), std::move(context), recent);
    return {"GET",
            "/api/plot",
            [handler](const HttpRequest& it) { return handler->plot(it); },
            Body::none,
            {"series", "from", "to", "points"}};
}

}  // namespace volt::api
