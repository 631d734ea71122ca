// History that is committed at once: decisions, events, commands, runs, rule state. Each call is one row of the caller's
// transaction.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "drivers/store/rows.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

using HistoryRow = std::variant<DecisionRow, EventRow, CommandRow, RunRow, OutputProofRow>;

SqlStatus write_row(Connection& db, const DecisionRow& row);
/// Writes an event. One of kind `health` is stored in health_checks: `subject` is the part; info is ok, warning degraded, worse
/// down.
SqlStatus write_row(Connection& db, const EventRow& row);
SqlStatus write_row(Connection& db, const CommandRow& row);
/// Writes a run: once when it starts and again when it ends, in one row.
SqlStatus write_row(Connection& db, const RunRow& row);
SqlStatus write_row(Connection& db, const HistoryRow& row);
SqlStatus write_rule_state(Connection& db, const std::string& state, Utc at);

}  // namespace volt
