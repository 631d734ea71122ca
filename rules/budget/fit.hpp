// Whether `bank_wh` and the curve fit the bank: compares the energy it supplied since it was full with its voltage.
//
// It only warns. The memory holds facts, judged again in each tick with the settings in force, so a better `bank_wh` or curve
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
    Volts voltage{};       ///< corrected mean
    Energy given{};        ///< by the bank from full to that voltage
    bool operator==(const FitPoint&) const = default;
};

/// Everything but the two holds survives a restart.
struct FitMemory {
    LastDays<FitPoint, 3> rests;     ///< of the last days with a rest of 30 min at low charge
    LastDays<FitPoint, 3> cycles;    ///< of the last days that completed a cycle from full to full
    std::optional<Energy> given;     ///< by the bank since it was full; empty: unknown
    Duration lost{};                 ///< time without battery power since then
    std::optional<FitPoint> lowest;  ///< lowest point since then
    Energy taken{};                  ///< charged into the bank since that lowest point
    int days_not_full = 0;           ///< 0 to 14
    bool sunny_among = false;        ///< one of these days brought a day's energy for the house
    Hold rests_since, calm_since;
    bool operator==(const FitMemory&) const = default;
};

struct FitInputs {
    BankInputs bank;
    std::optional<std::int32_t> day;   ///< local; empty: the clock is not trusted
    bool full = false;                 ///< in this tick
    std::optional<bool> closed_sunny;  ///< a day ended with this tick; whether it brought a day's energy for the house
};

/// Three days on which count and voltage differed in the same direction by more than 15 % of the bank.
struct Misfit {
    struct Day {
        FitPoint point;
        int by_curve = 0, by_count = 0;  ///< percent of the bank
        bool operator==(const Day&) const = default;
    };
    bool from_full_to_full = false;       ///< else at rest
    std::optional<std::int64_t> bank_wh;  ///< a size that fits all three; empty: none does
    std::array<Day, 3> days;
    bool operator==(const Misfit&) const = default;
};

/// Once a tick, after the charge was counted. Only with a bank.
void learn_fit(const FitInputs& inputs, const Preferences& preferences, const BankMemory& bank, FitMemory& memory);

/// Empty while the settings fit, or too little was observed.
std::optional<Misfit> misfit_of(const Preferences& preferences, const FitMemory& memory);

/// Three days on which count and voltage agreed: this is the curve of this bank.
bool fits(const Preferences& preferences, const FitMemory& memory);

/// The bank was not full for 14 days, although there was enough sun.
inline bool is_never_full(const FitMemory& memory) { return memory.days_not_full >= limits::days_not_full && memory.sunny_among; }

}  // namespace volt
