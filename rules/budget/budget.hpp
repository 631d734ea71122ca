// The night budget: what the bank must keep for the house until the sun carries it again, and the bridge after a full bank.
//
// It only ever forbids starts; voltage stops and stages ignore it. Without `bank_wh` there is no budget, only the bridge.
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
    std::optional<std::int64_t> house_mean;  ///< kept: the house over the time seen, at most 6 h, in millionths of 1 W
    Duration house_seen{};                   ///< kept: at most 6 h
    Duration against_sun{};                  ///< kept: until the clock counts again after sun was seen by night
    std::optional<Energy> given;             ///< by the bank since it was full; empty: no bridge
    Duration under_float{};                  ///< since the voltage was last at float; at most 60 min
    FitMemory fit;
    int raised_percent = 0;  ///< kept: added to the floor after a missed night; 0 to 20
    bool operator==(const BudgetMemory&) const = default;
};

/// The usable values of one tick.
struct BudgetInputs {
    Time now{};
    Duration elapsed{};  ///< since the tick before, whole; 0 in the first
    Utc utc{};
    LocalTime local;
    std::optional<SunOfDay> sun;
    bool clock_trusted = false;
    std::optional<Volts> for_starts, for_stops;
    std::optional<Watts> battery_power, pv, load, base_load;
    Watts unexplained{};  ///< what sun and bank give and no load shows: losses, loads on the battery's side; never below 0
    bool at_odds = false, not_measured = false, bank_gives = true;  ///< see PowerBalance
    bool outputs_known = true;                                      ///< else a load that is on may count as the house
};

/// Reason why the budget is unknown or less certain: the first that holds, `none` last.
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

/// Returns the cause of a missed night: an active alarm, or else the largest error of the plan.
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
    Energy amount{};  ///< of an error of the plan
    bool operator==(const MissedNight&) const = default;
};

struct BudgetView {
    bool set = false;    ///< there is a budget: `bank_wh` is set
    bool known = false;  ///< everything it needs is known
    BudgetGap gap = BudgetGap::none;
    bool counted = false;              ///< the charge was counted, not read from the curve
    Energy charge{};                   ///< above the floor; may be negative
    std::optional<Energy> by_voltage;  ///< from 0 % of the curve, for display of the charge
    Energy floor{}, room{};            ///< room: from the floor to the full bank
    Watts house{};                     ///< the house's power in the plan
    Energy sun{}, need{}, spare{};
    SunTimes times;
    bool clock_trusted = false;  ///< and not against the sun
    bool against_sun = false;    ///< the sun shone by night within the last 24 h
    Duration house_seen{};
    bool full = false;                  ///< the bank accepts no more, and the sun carries the house
    bool bridged = false;               ///< was full, and has supplied less than `bridge_wh` since
    Energy bridge_left{};               ///< if bridged
    Duration bridge_time_left{};        ///< if bridged: until it ends, unless the voltage is at float again
    Energy open{};                      ///< of today's sun, what came while the bank was not full
    std::optional<SizeDoubt> doubt;     ///< `bank_wh` cannot be right
    bool at_floor = false;              ///< under the floor while the bank gives or nothing shows that it does not
    std::optional<Misfit> misfit;       ///< `bank_wh` or the curve does not fit this bank
    bool never_full = false;            ///< for 14 days, although there was enough sun
    std::optional<MissedNight> missed;  ///< until the raised floor is back to normal
};

/// PV and battery carry the house without drawing on the bank: battery power >= -200 W and PV >= 90 % of the site load.
bool sun_carries(const BudgetInputs& inputs);

/// Once a tick, after the base load. Updates `memory`.
BudgetView judge_budget(const BudgetInputs& inputs, const Preferences& preferences, BudgetMemory& memory);

}  // namespace volt
