// Settings as JSON, for HTTP and `--json`: numbers are numbers, flags true and false, NULL null, a curve its points.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "drivers/store/settings/log.hpp"

namespace volt::json {

using Object = nlohmann::ordered_json;

Object value(const SettingsField& field, const FieldValue& value);
/// Every column of a row.
Object record(const Record& record);
Object records(const std::vector<Record>& rows);
/// The other way: a row from its object; a column that is not in it, or holds what it cannot, is empty.
Record record_of(SettingsTable table, const Object& object);
/// A value as it was given, also one that will be refused.
Object given(const Assignment& assignment, SettingsTable table);
/// `{"table":…,"row":…,"what":"changed","fields":{"start_voltage":{"before":50.0,"after":50.5}}}`
Object change(const RowChange& change);
Object log_entry(const LoggedChange& change);
/// `{"error":…,"field":…,"need":…,"value":…,"nearest":…}` of the first problem; all under `problems` where there are more.
Object failure(const EditFailure& failure);
/// 400, 404, 409 or 503.
int http_status(EditFault fault);

/// A JSON value for a column; what fits no column stays as text and is refused by the editor.
FieldValue value_of(const SettingsField& field, const Object& given);
/// The members of an object as assignments.
std::vector<Assignment> assignments(SettingsTable table, const Object& body);

}  // namespace volt::json
