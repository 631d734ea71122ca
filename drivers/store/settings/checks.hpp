// Checks rows, and rows against each other, before an edit is written: the rules of rules.hpp and of the schema,
// with the nearest value that would do. Pure.
#pragma once

#include <vector>

#include "drivers/store/settings/record.hpp"

namespace volt {

/// Every value of `after` by itself and the pairs that must stand in order. Of a pair the column that was changed
/// (differs from `before`; of a new row every one) is named, the lower one when both were.
std::vector<EditProblem> check_record(const Record* before, const Record& after);

/// Rows of `target` that get in each other's way: names with one slug, an output claimed twice by rows in force (miner,
/// heater or fan), a zone that is gone but still named, more than 256 rows. Only what a row that changed is part of.
std::vector<EditProblem> find_conflicts(const SettingsState& before, const SettingsState& target);

}  // namespace volt
