// Detects a wrong `bank_wh`. A wrong digit makes every plan worthless long before three days can be compared.
#pragma once

#include "rules/budget/bank_charge.hpp"

namespace volt {

/// Evidence that `bank_wh` is wrong. The budget is unknown while this evidence exists.
struct SizeDoubt {
    bool too_large = false;  ///< true if `bank_wh` is too large or the curve belongs to another battery; false if `bank_wh` is
                             ///< too small
    std::int64_t seen = 0;   ///< too small: W into the bank, negative out of it; too large: energy lost as a multiple of the
                             ///< energy given, 0 if it gave none
    Duration left{};         ///< time until the evidence is forgotten
    bool operator==(const SizeDoubt&) const = default;
};

/// Sums since the count last was the whole bank, or first began.
struct BankSums {
    Energy cut{};    ///< energy cut off by the bound above the curve
    Energy given{};  ///< energy supplied by the bank
    bool operator==(const BankSums&) const = default;
};

/// Memory of the size check. Everything but the mean survives a restart.
struct SizeMemory {
    std::optional<std::int64_t> power_mean;  ///< battery power, 10 min mean, in millionths of 1 W
    Duration mean_age{};                     ///< age of the mean, at most 10 min
    std::optional<BankSums> sums;
    std::optional<SizeDoubt> doubt;
    std::int64_t settings = 0;  ///< settings for which count and sums are valid, from settings_mark(); 0 if unknown
    bool operator==(const SizeMemory&) const = default;
};

/// Returns a number from 1 to 2^52 that identifies `bank_wh` and the curve.
std::int64_t settings_mark(const Preferences& preferences);

/// Restarts the count and drops all evidence if `bank_wh` or the curve changed. Call before count_charge().
void follow_settings(const Preferences& preferences, BankMemory& bank, SizeMemory& memory);

/// Judges `bank_wh`. Call once per tick after the count; `cut` is the result of count_charge().
void judge_size(const BankInputs& inputs, const Preferences& preferences, const BankMemory& bank, Energy cut, SizeMemory& memory);

}  // namespace volt
