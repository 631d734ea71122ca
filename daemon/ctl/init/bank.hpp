// Battery bank kinds that `voltctl init` knows, as settings. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl::init {

struct Chemistry;  ///< voltages of a 48 V bank

/// Bank that init can set up by name.
struct BankKind {
    std::string name;                      ///< as in answers
    std::string about;                     ///< one sentence
    const Chemistry* chemistry = nullptr;  ///< null: the owner gives all voltages
    int cells = 0, of_cells = 1;           ///< cells in series, and the number that the chemistry's values are for
    bool typical = true;                   ///< thresholds and curve of typical cells; else voltd's defaults
    bool cold_charge_damages = true;       ///< as for lithium
};
const std::vector<BankKind>& bank_kinds();
/// Returns nothing if there is no such kind.
const BankKind* bank_kind(const std::string& name);

/// Returns the preference columns for a custom bank, in the order of the questions. All but the last, the reserve, are required.
const std::vector<std::string>& bank_columns();

/// Returns the preferences of a bank. `bank` and `thresholds` as in answers. Omits columns with their default.
Json bank_preferences(const Json& bank, const Json& thresholds);

/// Returns start, stop and emergency stop of a miner without answers: `{"start_voltage":…}`. `index`: 0 for the first miner.
/// `draw_w`: its power, which must not pull the bank from its start below its stop. Empty for a custom bank.
Json miner_voltages(const Json& bank, std::size_t index, double draw_w);

}  // namespace volt::ctl::init
