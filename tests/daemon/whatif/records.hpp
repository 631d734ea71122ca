// Invented records for the what-if tests: rows as a function of time, for the default site.
#pragma once

#include <cmath>
#include <functional>

#include "daemon/whatif/comparison.hpp"
#include "tests/rules/default_site.hpp"

namespace volt::test {

/// 2025-06-21 00:00 UTC.
inline constexpr std::int64_t records_begin_s = 1'750'464'000;

/// Returns rows of 30 s over `hours`. `fill` sets the values of a row by seconds since the beginning. Nothing ran.
inline whatif::SiteRecord record_of(std::int64_t hours, const std::function<void(std::int64_t, whatif::HeldRow&)>& fill) {
    whatif::SiteRecord record;
    record.from_s = records_begin_s;
    record.to_s = records_begin_s + hours * 3600;
    record.loads = {{"s21", "primary-s21-revenue", "Primary S21+ (Revenue)", {}, false},
                    {"s19", "dump-load-s19-1", "Dump Load S19 #1", {}, false}};
    for (std::int64_t t = 0; t < hours * 3600; t += whatif::longest_row_s) {
        whatif::HeldRow row;
        row.at_s = record.from_s + t;
        row.local = {static_cast<std::int32_t>(row.at_s / day_s), static_cast<std::int32_t>(row.at_s % day_s)};
        row.voltages = row.least = {Volts{5200}, Volts{5200}};
        row.battery = Watts{0};
        row.pv = Watts{1000};
        row.load = Watts{1000};
        row.grid = Watts{0};
        fill(t, row);
        record.rows.push_back(std::move(row));
    }
    return record;
}

inline void set_volts(whatif::HeldRow& row, std::int64_t steps) {
    row.voltages.assign(row.voltages.size(), Volts{steps});
    row.least = row.voltages;
}

/// Returns the default site as one policy for the whole range.
inline whatif::PolicyLine default_line(const std::function<void(Policy&)>& edit = [](Policy&) {}) {
    Policy policy = default_site();
    edit(policy);
    return {{0, whatif::replayable(policy)}};
}

inline whatif::ReplayResult replay_of(const whatif::SiteRecord& record, const whatif::PolicyLine& line) {
    whatif::SiteReplay replay(record, line);
    for (std::size_t i = 0; i < record.rows.size(); ++i) replay.take(i);
    return replay.result();
}

}  // namespace volt::test
