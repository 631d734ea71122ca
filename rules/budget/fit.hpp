// Checks that `bank_wh` and the curve fit the bank: compares the energy it supplied since it was full with its voltage.
//
// The check only warns. It stores facts and judges them in each tick with the current settings, so a better `bank_wh` or curve
// ends the warning at once.
#pragma once

#include "rules/budget/bank_charge.hpp"
#include "rules/budget/days.hpp"
#include "rules/hold.hpp"
#include "rules/limits.hpp"

namespace volt {

/// One day on which counting and voltage could be compared.
struct FitPoint {
    std::int32_t day = 0;  ///< local, days since 1970
    Volts voltage{};       ///< corrected mean voltage
    Energy given{};        ///< energy supplied by the bank from full to that voltage
    bool operator==(const FitPoint&) const = default;
};

/// Memory of the fit check. Everything but the two holds survives a restart.
struct FitMemory {
    LastDays<FitPoint, 3> rests;     ///< last days with a rest of 30 min at low charge
    LastDays<FitPoint, 3> cycles;    ///< last days that completed a cycle from full to full
    std::optional<Energy> given;     ///< energy supplied by the bank since it was full, or empty if unknown
    Duration lost{};                 ///< time without battery power since then
    std::optional<FitPoint> lowest;  ///< lowest point since the bank was full
    Energy taken{};                  ///< charged into the bank since that lowest point
    int days_not_full = 0;           ///< 0 to 14
    bool sunny_among = false;        ///< one of these days brought enough energy for the house
    Hold rests_since, calm_since;
    bool operator==(const FitMemory&) const = default;
};

struct FitInputs {
    BankInputs bank;
    std::optional<std::int32_t> day;   ///< local day, or empty if the clock is not trusted
    bool full = false;                 ///< the bank is full in this tick
    std::optional<bool> closed_sunny;  ///< set if a day ended with this tick: true if it brought enough energy for the house
};

/// Three days on which count and voltage differed in the same direction by more than 15 % of the bank.
struct Misfit {
    struct Day {
        FitPoint point;
        int by_curve = 0, by_count = 0;  ///< percent of the bank
        bool operator==(const Day&) const = default;
    };
    bool from_full_to_full = false;       ///< otherwise the bank was at rest
    std::optional<std::int64_t> bank_wh;  ///< a size that fits all three days, or empty if none does
    std::array<Day, 3> days;
    bool operator==(const Misfit&) const = default;
};

/// Learns from this tick. Call once per tick, after the charge was counted. Requires `bank_wh`.
void learn_fit(const FitInputs& inputs, const Preferences& preferences, const BankMemory& bank, FitMemory& memory);

/// Returns the misfit, or empty if the settings fit or too little was observed.
std::optional<Misfit> misfit_of(const Preferences& preferences, const FitMemory& memory);

/// Returns true if count and voltage agreed on three days: the curve fits this bank.
bool fits(const Preferences& preferences, const FitMemory& memory);

/// Returns true if the bank was not full for 14 days although there was enough sun.
inline bool is_never_full(const FitMemory& memory) { return memory.days_not_full >= limits::days_not_full && memory.sunny_among; }

}  // namespace volt
