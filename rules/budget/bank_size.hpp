// Detects a `bank_wh` that cannot be right. A wrong digit makes every plan worthless long before three days can be compared.
#pragma once

#include "rules/budget/bank_charge.hpp"

namespace volt {

/// Evidence that `bank_wh` is wrong. The budget is unknown while it lasts.
struct SizeDoubt {
    bool too_large = false;  ///< or the curve is another battery's; else too small
    std::int64_t seen = 0;  ///< too small: W into the bank, negative out of it; too large: times what it gave, 0: it gave nothing
    Duration left{};        ///< until it is forgotten
    bool operator==(const SizeDoubt&) const = default;
};

/// Since the count was last the whole bank, or first began.
struct BankSums {
    Energy cut{};    ///< by the bound above the curve
    Energy given{};  ///< by the bank
    bool operator==(const BankSums&) const = default;
};

/// Everything but the mean survives a restart.
struct SizeMemory {
    std::optional<std::int64_t> power_mean;  ///< of the battery over 10 min, in millionths of 1 W
    Duration mean_age{};                     ///< since the mean began, at most 10 min
    std::optional<BankSums> sums;
    std::optional<SizeDoubt> doubt;
    std::int64_t settings = 0;  ///< that count and sums belong to: see settings_mark(); 0: not known
    bool operator==(const SizeMemory&) const = default;
};

/// Another number for another `bank_wh` or curve; 1 to 2^52.
std::int64_t settings_mark(const Preferences& preferences);

/// With another `bank_wh` or curve the count begins again, and nothing that was seen counts. Before count_charge().
void follow_settings(const Preferences& preferences, BankMemory& bank, SizeMemory& memory);

/// Once a tick, after the count; `cut`: what count_charge() returned.
void judge_size(const BankInputs& inputs, const Preferences& preferences, const BankMemory& bank, Energy cut, SizeMemory& memory);

}  // namespace volt
