// A day of the site through the real writer, in virtual time, on whatever file system `directory` lies.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace volt::bench {

struct DayOptions {
    std::string directory;
    std::string days_before;  ///< the database that make_days_before() made
    std::string device_stat;  ///< /sys/block/<device>/stat; empty: the thread's own account of written bytes is used
    int changes = 0;          ///< load changes in the day, each an order and its confirmation
    int hours = 24;
    int batch_s = 0;        ///< seconds between two commits of telemetry; 0: the daemon's
    bool lazytime = false;  ///< how the file system is mounted
};

struct DayResult {
    double bytes_a_day = 0;
    std::map<std::string, double> causes;  ///< what they are made of (store_causes.hpp); their sum is bytes_a_day
    std::uint64_t flushes = 0;             ///< how often the file system was made to write everything
    std::uint64_t file_bytes = 0;
};

/// A database of the 78 hours before, so that old rows are removed as in any later day.
void make_days_before(const std::string& path);
/// `progress` receives the hour.
DayResult run_day(const DayOptions& options, const std::function<void(int)>& progress);

}  // namespace volt::bench
