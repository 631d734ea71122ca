#include "daemon/api/routes/stats_routes.hpp"

#include "daemon/api/description.hpp"
#include "daemon/api/metrics.hpp"

namespace volt::api {

namespace {

constexpr const char* exposition_type = "text/plain; version=0.0.4; charset=utf-8";

/// Returns the metric families. Omits outdated numbers of a stuck loop.
std::vector<Family> families(const StatusBoard& board, const StatsSources& sources) {
    const auto page = board.page();
    const bool good = page && !is_late(*page, monotonic_now());
    std::vector<Family> all =
        families_of(good ? page.get() : nullptr, process_figures(), database_figures(sources.database, sources.queries));
    all.insert(all.begin(), {"voltd_up", "Whether the control loop runs in time.", false, {{{}, good ? 1.0 : 0.0}}});
    return all;
}

}  // namespace

std::vector<Route> stats_routes(const StatusBoard& board, const StatsSources& sources) {
    return {{"GET", "/metrics",
             [&board, &sources](const HttpRequest&) {
                 return HttpAnswer{200, exposition(families(board, sources)), exposition_type, {}};
             }},
            {"GET", "/openapi.json",
             [](const HttpRequest&) {
                 return HttpAnswer{200, description(), "application/json", {}};
             }},
            {"GET", "/system/stats",
             [&board, &sources](const HttpRequest&) { return ok_answer(figures_json(families(board, sources))); }}};
}

}  // namespace volt::api
