// Numbers of one page as metrics: names, units and labels follow Prometheus's conventions. Unknown values are omitted: zero is
// not data. Labels take their values from the site's own lists and fixed words, so their number is bounded.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/api/history_file.hpp"
#include "daemon/api/http/answers.hpp"
#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

using Labels = std::vector<std::pair<std::string, std::string>>;

struct MetricSample {
    Labels labels;
    double value = 0;
};

/// Metric with all its samples.
struct Family {
    std::string name, help;
    bool counter = false;  ///< else it is a gauge
    std::vector<MetricSample> samples;
};

/// Resources used by the process, or empty if /proc does not show them.
struct ProcessFigures {
    std::optional<double> resident_bytes, cpu_s, started_s, open_files;
};
ProcessFigures process_figures();

/// Database figures from its files and readers, or empty if there is none.
struct DatabaseFigures {
    std::optional<double> file_bytes, wal_bytes;
    std::optional<double> free_bytes;  ///< of the file system
    std::optional<QueryTimes::Figures> queries;
};
/// Returns the figures. An empty `path` means that there is no database.
DatabaseFigures database_figures(const std::string& path, const QueryTimes& times);

/// Returns the metric families. Omits those without a sample and, without a page, all that come from the loop.
std::vector<Family> families_of(const StatusSnapshot* page, const ProcessFigures& process, const DatabaseFigures& database = {});

/// Returns the text that Prometheus scrapes.
std::string exposition(const std::vector<Family>& families);
/// Returns the families as one object: a number, or an object by label values.
Object figures_json(const std::vector<Family>& families);

}  // namespace volt::api
