// Runs a day of the site through the real writer, in virtual time, on the file system of `directory`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace volt::bench {

struct DayOptions {
    std::string directory;
    std::string days_before;  ///< database made by make_days_before()
    std::string device_stat;  ///< /sys/block/<device>/stat, or empty to use the thread's own count of written bytes
    int changes = 0;          ///< load changes per day, each an order and its confirmation
    int hours = 24;
    int batch_s = 0;        ///< seconds between two commits of telemetry; 0 for the daemon's
    bool lazytime = false;  ///< mount option of the file system
};

struct DayResult {
    double bytes_a_day = 0;
    std::map<std::string, double> causes;  ///< bytes by cause (store_causes.hpp); their sum is bytes_a_day
    std::uint64_t flushes = 0;             ///< number of flushes of the whole file system
    std::uint64_t file_bytes = 0;
};

/// Makes a database of the preceding 78 hours, so that old rows are removed as on any later day.
void make_days_before(const std::string& path);
/// Runs the day. `progress` receives the hour.
DayResult run_day(const DayOptions& options, const std::function<void(int)>& progress);

}  // namespace volt::bench
