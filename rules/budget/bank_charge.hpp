// Charge of the bank, read from the owner's curve and counted from energy in and out.
#pragma once

#include "rules/budget/energy.hpp"
#include "rules/hold.hpp"
#include "rules/policy.hpp"

namespace volt {

struct BankMemory {
    std::optional<std::int64_t> mean;  ///< voltage corrected for current, 10 min mean, in millionths of 10 mV
    std::optional<Time> voltage_at;    ///< last tick with a voltage
    std::optional<Energy> counted;     ///< survives a restart
    Duration lost{};                   ///< survives a restart: time without battery power since the count began or the bank was
                                       ///< full
    Hold full_since;                   ///< bank has been full with almost no current, without a gap, since
    bool operator==(const BankMemory&) const = default;
};

struct BankInputs {
    Time now{};
    Duration elapsed{};            ///< since the previous tick, without clamping; 0 in the first tick
    std::optional<Volts> voltage;  ///< the voltage used for stops
    std::optional<Watts> power;    ///< battery power, positive while charging
};

/// Returns the energy of the bank from 0 to 100 % of the curve, or empty if the owner has not set it.
inline std::optional<Energy> bank_of(const Preferences& p) {
    return p.bank_wh ? std::optional<Energy>{wh(*p.bank_wh)} : std::nullopt;
}

/// Returns V minus current times 1.5 of the bank's resistance, in millionths of 10 mV. Example: 52.00 V at -4,000 W and 10 mOhm:
/// 5,315,384,615.
std::int64_t corrected_voltage(Volts voltage, std::optional<Watts> power, std::int64_t resistance_mohm);
/// Returns the share of the curve in millionths, rounded down. `voltage` is in millionths of 10 mV. Example: 52.30 V: 653,333.
std::int64_t share_of_curve(std::int64_t voltage, const std::vector<CurvePoint>& curve);

/// Updates the mean voltage. Call before charge_by_voltage().
void update_mean_voltage(const BankInputs& inputs, const Preferences& preferences, BankMemory& memory);
/// Returns the charge by the curve, or empty while the voltage is unknown.
std::optional<Energy> charge_by_voltage(const Preferences& preferences, const BankMemory& memory);
/// Continues the count; `full` is judged for this tick. Requires `bank_wh`. Returns the energy cut off by the bound above the
/// curve.
Energy count_charge(const BankInputs& inputs, const Preferences& preferences, bool full, BankMemory& memory);

/// Returns true after 10 min of a full bank with almost no current: the count was set to the whole bank.
bool is_charged(const BankMemory& memory, Time now);

}  // namespace volt
