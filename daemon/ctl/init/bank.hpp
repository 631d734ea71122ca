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

/// Returns the chemistries that can give a custom bank its curve, each with the cells of a 48 V bank.
const std::vector<BankKind>& bank_chemistries();
/// Returns true if charging below freezing damages this bank, or if its chemistry is unknown.
bool cold_charge_damages(const Json& bank);
/// Returns true if voltd can read the charge of this bank from its voltage. Without that, its capacity makes no night budget.
bool has_charge_curve(const Json& bank, const Json& thresholds);

/// Returns the preference columns for a custom bank, in the order of the questions. The first two follow from its chemistry, if
/// given. The last, the reserve, is optional; the others are required.
const std::vector<std::string>& bank_columns();

/// Returns the preferences of a bank. `bank` and `thresholds` as in answers. Omits columns with their default, and bank_wh of a
/// bank without a charge curve.
Json bank_preferences(const Json& bank, const Json& thresholds);

/// Returns start, stop and emergency stop of a miner without answers: `{"start_voltage":…}`. `index`: 0 for the first miner.
/// `draw_w`: its power, which must not pull the bank from its start below its stop. Empty for a custom bank.
Json miner_voltages(const Json& bank, std::size_t index, double draw_w);
/// Returns why miner_voltages() limited the start voltage in `voltages`, or empty if it did not.
std::string start_doubt(const Json& bank, const Json& voltages, double draw_w);

}  // namespace volt::ctl::init
