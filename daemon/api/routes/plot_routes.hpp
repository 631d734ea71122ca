// GET /api/plot: several series in the steps of a plot.
#pragma once

#include <functional>
#include <memory>

#include "daemon/api/history_file.hpp"
#include "daemon/api/routes/history_routes.hpp"

namespace volt::api {

/// Returns the router row. `recent` (null: none) must outlive it.
Route plot_route(std::shared_ptr<HistoryFile> file, std::function<HistoryContext()> context, const Recent* recent);

}  // namespace volt::api
