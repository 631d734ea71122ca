// Whether the size and the curve that the owner has written fit the bank: what it gave since it was full, beside what its
// voltage says.
//
// Only warns. What is kept are facts, judged anew in each tick by the settings in force, so that a better `bank_wh` or
// curve ends the warning at once.
#pragma once

#include "rules/budget/bank.hpp"
#include "rules/budget/days.hpp"
#include "rules/hold.hpp"
#include "rules/limits.hpp"

namespace volt {

/// One day on which counting and voltage could be compared.
struct FitPoint {
    std::int32_t day = 0;  ///< local, days since 1970
    Volts voltage{};       ///< corrected mean
    Energy given{};        ///< by the bank from full down to that voltage
    bool operator==(const FitPoint&) const = default;
};

/// All kept but the two moments.
struct FitMemory {
    Lately<FitPoint, 3> rests;       ///< of the last days with a rest of 30 min deep in the bank
    Lately<FitPoint, 3> cycles;      ///< of the last days that ended the way from a full bank down and to the next full one
    std::optional<Energy> given;     ///< by the bank since it was full; nothing: not known
    Duration lost{};                 ///< since then, without battery power
    std::optional<FitPoint> lowest;  ///< since then
    Energy taken{};                  ///< by the bank since that lowest point
    int days_not_full = 0;           ///< 0 to 14
    bool sunny_among = false;        ///< one of these days brought what the house takes in a day
    Hold rests_since, calm_since;
    bool operator==(const FitMemory&) const = default;
};

struct FitInputs {
    BankInputs bank;
    std::optional<std::int32_t> day;   ///< local; nothing: the clock is not trusted
    bool full = false;                 ///< in this tick
    std::optional<bool> closed_sunny;  ///< a day ended with this tick, and brought what the house takes in a day
};

/// Three days on which counting and voltage parted to the same side by more than 15 % of the bank.
struct Misfit {
    struct Day {
        FitPoint point;
        int by_curve = 0, by_count = 0;  ///< percent of the bank
        bool operator==(const Day&) const = default;
    };
    bool from_full_to_full = false;       ///< else at rests
    std::optional<std::int64_t> bank_wh;  ///< that fits all three; nothing: none does
    std::array<Day, 3> days;
    bool operator==(const Misfit&) const = default;
};

/// Once a tick, after the charge was counted. Only with a bank.
void learn_fit(const FitInputs& inputs, const Preferences& preferences, const BankMemory& bank, FitMemory& memory);

/// Nothing while the settings fit, or too little was seen.
std::optional<Misfit> misfit_of(const Preferences& preferences, const FitMemory& memory);

/// The bank was not full for 14 days, though the sun would have done.
inline bool is_never_full(const FitMemory& memory) { return memory.days_not_full >= limits::days_not_full && memory.sunny_among; }

}  // namespace volt
