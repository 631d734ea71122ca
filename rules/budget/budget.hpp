// The night budget: the energy the bank must keep for the house until the sun carries it again, and the bridge after a full bank.
//
// The budget only forbids starts; voltage stops and stages ignore it. Without `bank_wh` there is only the bridge.
#pragma once

#include "rules/budget/bank_size.hpp"
#include "rules/budget/days.hpp"
#include "rules/budget/fit.hpp"
#include "rules/policy.hpp"

namespace volt {

struct BudgetMemory {
    BankMemory bank;
    SizeMemory size;
    DaysMemory days;
    std::optional<std::int64_t> house_mean;  ///< survives a restart: mean power of the house over the time seen, at most 6 h, in
                                             ///< millionths of 1 W
    Duration house_seen{};                   ///< survives a restart: at most 6 h
    Duration against_sun{};                  ///< survives a restart: time until the clock is trusted again after sun was seen at
                                             ///< night
    std::optional<Energy> given;             ///< energy the bank supplied since it was full, or empty without a bridge
    Duration under_float{};                  ///< time since the voltage was last at float; at most 60 min
    FitMemory fit;
    int raised_percent = 0;  ///< survives a restart: added to the floor after a missed night; 0 to 20
    bool operator==(const BudgetMemory&) const = default;
};

/// Usable values of one tick.
struct BudgetInputs {
    Time now{};
    Duration elapsed{};  ///< since the previous tick, without clamping; 0 in the first tick
    Utc utc{};
    LocalTime local;
    std::optional<SunOfDay> sun;
    bool clock_trusted = false;
    std::optional<Volts> for_starts, for_stops;
    std::optional<Watts> battery_power, pv, load, base_load;
    Watts unexplained{};  ///< power from sun and bank that no load accounts for: losses, loads on the battery's side; never below
                          ///< 0
    bool at_odds = false, not_measured = false, bank_gives = true;  ///< see PowerBalance
    bool outputs_known = true;                                      ///< if false, a load that is on may count as the house
};

/// Reason why the budget is unknown or less certain. The first that applies is used; `none` is last.
enum class BudgetGap : std::uint8_t {
    powers_at_odds,
    bank_wh,
    no_voltage,
    house_not_measured,
    no_load,
    first_minutes,
    no_battery_power,
    clock_against_sun,
    clock_untrusted,
    first_day,
    none,
};

/// Cause of a missed night: an active alarm, or else the largest error of the plan.
enum class MissedBy : std::uint8_t {
    none,
    powers_at_odds,
    house_not_measured,
    clock_against_sun,
    bank_misfit,
    house,
    sun,
    charge,
};

/// A night in which the bank became critical although loads had run only on spare energy.
struct MissedNight {
    Index load = no_index;
    MissedBy by = MissedBy::none;
    Energy amount{};  ///< size of an error in the plan
    bool operator==(const MissedNight&) const = default;
};

struct BudgetView {
    bool set = false;    ///< `bank_wh` is set, so a budget exists
    bool known = false;  ///< all inputs of the budget are known
    BudgetGap gap = BudgetGap::none;
    bool counted = false;              ///< the charge was counted, not read from the curve
    Energy charge{};                   ///< charge above the floor; may be negative
    std::optional<Energy> by_voltage;  ///< charge from 0 % of the curve, for display
    Energy floor{}, room{};            ///< room is the energy from the floor to the full bank
    Watts house{};                     ///< power of the house in the plan
    Energy sun{}, need{}, spare{};
    SunTimes times;
    bool clock_trusted = false;  ///< the clock is synchronized and does not contradict the sun
    bool against_sun = false;    ///< sun was seen at night within the last 24 h
    Duration house_seen{};
    bool full = false;                  ///< the bank accepts no more, and the sun carries the house
    bool bridged = false;               ///< the bank was full, and has supplied less than `bridge_wh` since
    Energy bridge_left{};               ///< only if bridged
    Duration bridge_time_left{};        ///< only if bridged: time until the bridge ends, unless the voltage is at float again
    Energy open{};                      ///< the part of today's sun energy that came while the bank was not full
    std::optional<SizeDoubt> doubt;     ///< evidence that `bank_wh` is wrong
    bool at_floor = false;              ///< below the floor while the bank supplies power, or may supply it
    std::optional<Misfit> misfit;       ///< evidence that `bank_wh` or the curve does not fit this bank
    bool never_full = false;            ///< not full for 14 days, although there was enough sun
    std::optional<MissedNight> missed;  ///< kept until the raised floor is back to normal
};

/// Returns true if PV and battery carry the house without drawing on the bank: battery power >= -200 W and PV >= 90 % of the site
/// load.
bool sun_carries(const BudgetInputs& inputs);

/// Judges the budget and updates `memory`. Call once per tick, after the base load.
BudgetView judge_budget(const BudgetInputs& inputs, const Preferences& preferences, BudgetMemory& memory);

}  // namespace volt
