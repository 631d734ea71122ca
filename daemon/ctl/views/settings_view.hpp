// Settings as lines for a terminal. Pure.
#pragma once

#include "daemon/ctl/views/table.hpp"
#include "daemon/ctl/views/text.hpp"
#include "drivers/store/settings/log.hpp"

namespace volt::ctl {

/// Returns every field: value with unit, allowed values, meaning.
std::vector<std::string> record_lines(const Record& record, std::size_t width, const Paint& paint);
/// Returns the `help` for one field: name, meaning, allowed values, default, and the fields it is compared with.
std::vector<std::string> field_lines(SettingsTable table, const SettingsField& field, const Paint& paint);
/// Returns every field with its sentence.
std::vector<std::string> meaning_lines(SettingsTable table, std::size_t width, const Paint& paint);
/// Returns `5.00..150.00 in steps of 0.01 V; default 47.0; at least voltage_critical_low, under voltage_restart`.
std::string facts_of(SettingsTable table, const SettingsField& field);
/// Returns miners or zones, one line each. `zones` has the zone names of the miners.
std::vector<std::string> list_lines(const std::vector<Record>& rows, const std::vector<Record>& zones, std::size_t width,
                                    const Paint& paint);
/// Returns `start_voltage  50.0 -> 50.5 V` for each changed field of each row.
std::vector<std::string> change_lines(const std::vector<RowChange>& changes, const Paint& paint);
/// Returns the history of the settings, newest first.
std::vector<std::string> log_lines(const Json& log, const Paint& paint);

}  // namespace volt::ctl
