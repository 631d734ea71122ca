// Checks rows, and rows against each other, before an edit is written: the rules of rules.hpp and of the schema, with the nearest
// valid value. Pure.
#pragma once

#include <vector>

#include "drivers/store/settings/record.hpp"

namespace volt {

/// Checks every value of `after` and the pairs that must be in order. For a pair it names the changed column (different from
/// `before`; in a new row every one), or the lower one if both changed.
std::vector<EditProblem> check_record(const Record* before, const Record& after);

/// Finds conflicts between rows of `target`: names with one slug, an output claimed twice by enabled rows (miner, heater or fan),
/// a removed zone that is still named, more than 256 rows. Reports only conflicts with a changed row.
std::vector<EditProblem> find_conflicts(const SettingsState& before, const SettingsState& target);

}  // namespace volt
