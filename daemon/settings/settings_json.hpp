// Settings as JSON, for HTTP and `--json`: numbers are numbers, flags true and false, NULL null, a curve its points.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "drivers/store/settings/log.hpp"

namespace volt::json {

using Object = nlohmann::ordered_json;

Object value(const SettingsField& field, const FieldValue& value);
/// Returns every column of a row.
Object record(const Record& record);
Object records(const std::vector<Record>& rows);
/// Reads a row back from its object. A column that is missing or invalid is empty.
Record record_of(SettingsTable table, const Object& object);
/// Returns a value as it was given, even if it will be rejected.
Object given(const Assignment& assignment, SettingsTable table);
/// Returns `{"table":…,"row":…,"what":"changed","fields":{"start_voltage":{"before":50.0,"after":50.5}}}`.
Object change(const RowChange& change);
Object log_entry(const LoggedChange& change);
/// Returns `{"error":…,"field":…,"need":…,"value":…,"nearest":…}` of the first problem. If there are more, all are under
/// `problems`.
Object failure(const EditFailure& failure);
/// Returns 400, 404, 409 or 503.
int http_status(EditFault fault);

/// Converts a JSON value for a column. A value that fits no column remains text, which the editor rejects.
FieldValue value_of(const SettingsField& field, const Object& given);
/// Returns the members of an object as assignments.
std::vector<Assignment> assignments(SettingsTable table, const Object& body);

}  // namespace volt::json
