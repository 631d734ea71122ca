// The kinds of battery bank that `voltctl init` knows, as settings. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

struct Chemistry;  ///< voltages of a bank of 48 V

/// A bank that init can set up by its name.
struct BankKind {
    std::string name;                      ///< as in answers
    std::string about;                     ///< one sentence
    const Chemistry* chemistry = nullptr;  ///< null: its owner gives all voltages
    int cells = 0, of_cells = 1;           ///< in series, and those of the chemistry's figures
    bool typical = true;                   ///< thresholds and curve of typical cells; else voltd's defaults
    bool cold_charge_damages = true;       ///< as it does lithium
};
const std::vector<BankKind>& bank_kinds();
/// Nothing: there is no such kind.
const BankKind* bank_kind(const std::string& name);

/// The columns of the preferences that a bank of one's own gives, in the order in which they are asked; all but the last, the
/// reserve, are needed.
const std::vector<std::string>& bank_columns();

/// The preferences of a bank: `bank` and `thresholds` as in answers. Columns that keep their default are left out.
Json bank_preferences(const Json& bank, const Json& thresholds);

/// Start, stop and emergency stop of a miner that has none in the answers: `{"start_voltage":…}`. `index`: 0 for the first
/// miner; `draw_w` its power, which must not pull the bank from its start below its stop. Empty for a bank of one's own.
Json miner_voltages(const Json& bank, std::size_t index, double draw_w);

}  // namespace volt::ctl::init
