// Telemetry of the former cloud as CSV: columns of solark.telemetry and of victron_battery_readings. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/source.hpp"

namespace volt::ctl::cloud {

inline constexpr std::size_t longest_csv_line = 65536;

/// Returns the cells of a line. Cells may be quoted, with doubled quotes inside. Returns nothing if a quote does not end.
std::optional<std::vector<std::string>> csv_cells(const std::string& line, char separator = ',');

/// Returns seconds since 1970 UTC for `2025-06-21 13:00:00.5+00:00`, also with T and Z. Without a zone assumes UTC.
std::optional<std::int64_t> cloud_time(const std::string& text);

/// Line of values, as voltd's own pollers would report it.
struct CloudReading {
    SourceReading reading;
    std::int64_t at_s = 0;
};

/// Reader of one file. Its heading determines the table.
class CloudCsv {
public:
    /// Reads the heading. Returns false if it is neither table's; `problem()` has the reason.
    bool begin(const std::string& heading);
    /// Reads a line. Returns nothing if it is invalid; `problem()` has the reason.
    std::optional<CloudReading> read(const std::string& line);
    /// Sets the lowest valid voltage. A lower one is no value, such as the 0 V that an export puts into a gap. gaps() counts
    /// them.
    void set_lowest_voltage(Volts lowest) { lowest_ = lowest; }
    /// Returns the number of rows whose voltage was below the lowest one.
    std::int64_t gaps() const { return gaps_; }
    /// Returns the number of rows whose time has no zone and was taken as UTC.
    std::int64_t without_zone() const { return without_zone_; }
    /// Returns the columns that are neither a measurement of either table nor derived by voltd itself.
    const std::vector<std::string>& unknown() const { return unknown_; }
    const std::string& problem() const { return problem_; }
    bool is_sol_ark() const { return sol_ark_; }
    /// Return the number of rows whose flags say that the battery discharged, with a positive and with a negative power.
    std::int64_t discharged_positive() const { return positive_; }
    std::int64_t discharged_negative() const { return negative_; }

private:
    bool take(const std::string& column, const std::string& cell, CloudReading& into);
    void see_flags(const std::vector<std::string>& cells, const SourceReading& reading);

    std::vector<std::string> columns_, unknown_;
    std::string problem_;
    char separator_ = ',';
    Volts lowest_{};
    bool sol_ark_ = false;
    std::int64_t positive_ = 0, negative_ = 0, gaps_ = 0, without_zone_ = 0;
};

}  // namespace volt::ctl::cloud
