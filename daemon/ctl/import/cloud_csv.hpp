// Telemetry of the former cloud as CSV: columns of solark.telemetry and of victron_battery_readings. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/source.hpp"

namespace volt::ctl::cloud {

inline constexpr std::size_t longest_csv_line = 65536;

/// The cells of a line; quotes around a cell, doubled inside. Empty: a quote does not end.
std::optional<std::vector<std::string>> csv_cells(const std::string& line, char separator = ',');

/// Seconds since 1970 UTC of `2025-06-21 13:00:00.5+00:00`, with T and Z too; without a zone UTC.
std::optional<std::int64_t> cloud_time(const std::string& text);

/// A line of values, as voltd's own pollers would report it.
struct CloudReading {
    SourceReading reading;
    std::int64_t at_s = 0;
};

/// One file: its heading decides which table it is.
class CloudCsv {
public:
    /// False: `problem()` says why the heading is none of the two.
    bool begin(const std::string& heading);
    /// Nothing: `problem()` says what is wrong with the line.
    std::optional<CloudReading> read(const std::string& line);
    /// A lower voltage is no value, such as the 0 V that an export puts into a gap. Counted by gaps().
    void set_lowest_voltage(Volts lowest) { lowest_ = lowest; }
    /// Rows whose voltage was below the lowest one.
    std::int64_t gaps() const { return gaps_; }
    /// Rows whose time has no zone, taken as UTC.
    std::int64_t without_zone() const { return without_zone_; }
    /// Columns that are no measurement of either table, nor worked out by voltd itself.
    const std::vector<std::string>& unknown() const { return unknown_; }
    const std::string& problem() const { return problem_; }
    bool is_sol_ark() const { return sol_ark_; }
    /// Rows in which the flags say that the battery discharged, with a positive and with a negative power.
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
