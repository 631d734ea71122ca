// The charge of the bank: from the owner's curve, and counted from the energy in and out.
#pragma once

#include "rules/budget/energy.hpp"
#include "rules/hold.hpp"
#include "rules/policy.hpp"

namespace volt {

struct BankMemory {
    std::optional<std::int64_t> mean;  ///< voltage corrected for its current, over 10 min, in millionths of 10 mV
    std::optional<Time> voltage_at;    ///< last tick with a voltage
    std::optional<Energy> counted;     ///< kept
    Duration lost{};                   ///< kept: time without battery power since the count began or the bank was full
    Hold full_since;                   ///< full with almost no current, without a gap
    bool operator==(const BankMemory&) const = default;
};

struct BankInputs {
    Time now{};
    Duration elapsed{};            ///< since the tick before, whole; 0 in the first
    std::optional<Volts> voltage;  ///< the voltage that decides stops
    std::optional<Watts> power;    ///< of the battery, positive while charging
};

/// The bank from 0 to 100 % of the curve; empty if the owner has not set it.
inline std::optional<Energy> bank_of(const Preferences& p) {
    return p.bank_wh ? std::optional<Energy>{wh(*p.bank_wh)} : std::nullopt;
}

/// V less the current times 1.5 of the bank's resistance, in millionths of 10 mV. Example: 52.00 V at -4,000 W and
/// 10 mOhm: 5,315,384,615.
std::int64_t corrected_voltage(Volts voltage, std::optional<Watts> power, std::int64_t resistance_mohm);
/// Share of the curve, in millionths, rounded down; `voltage` in millionths of 10 mV. Example: 52.30 V: 653,333.
std::int64_t share_of_curve(std::int64_t voltage, const std::vector<CurvePoint>& curve);

/// Updates the mean voltage. Before charge_by_voltage().
void update_mean_voltage(const BankInputs& inputs, const Preferences& preferences, BankMemory& memory);
/// By the curve; empty while the voltage is unknown.
std::optional<Energy> charge_by_voltage(const Preferences& preferences, const BankMemory& memory);
/// Continues the count; `full` as of this tick. Only with a bank. Returns what the bound above the curve took from it.
Energy count_charge(const BankInputs& inputs, const Preferences& preferences, bool full, BankMemory& memory);

/// Full with almost no current for 10 min: the count was set to the whole bank.
bool is_charged(const BankMemory& memory, Time now);

}  // namespace volt
