// Checks that sun, grid, loads and battery add up.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/hold.hpp"
#include "rules/units.hpp"

namespace volt {

/// A mean over `time` in millionths of a watt. The first value starts it.
struct PowerMean {
    std::optional<std::int64_t> millionths;

    void see(std::int64_t watts, Duration elapsed, Duration time);
    bool operator==(const PowerMean&) const = default;
};

/// Powers that can stop moving.
enum class Power : std::uint8_t { pv, load, battery };
inline constexpr std::size_t power_count = 3;

/// Memory of one power that may have stopped moving.
struct StandMemory {
    std::optional<Watts> value;
    Time since{};  ///< time of its last movement
    /// Lowest and highest value of the three powers and of the voltage since then.
    std::array<std::optional<Watts>, power_count> low, high;
    std::optional<Volts> lowest, highest;
    bool stands = false;  ///< true until it moves
    bool operator==(const StandMemory&) const = default;
};

/// State of the balance check. Only judge_powers() changes it.
struct PowersState {
    std::array<StandMemory, power_count> stands;
    PowerMean pv, load, grid, battery, difference, largest;  ///< 60 s means
    PowerMean unexplained;                                   ///< 10 min mean of the difference
    Hold apart, agrees;                                      ///< the powers differ by more than the bound; by no more
    bool at_odds = false;
    Hold not_measured;
    bool operator==(const PowersState&) const = default;
};

/// Result of the balance check for this tick.
struct PowerBalance {
    std::optional<Watts> pv, load, grid, battery;  ///< usable values as reported, before the checks below cleared any
    std::optional<Watts> difference;               ///< PV + grid - load - battery power, or empty if unknown
    std::optional<Watts> unexplained;              ///< 10 min mean of the difference, for display
    Watts largest{};                               ///< largest of the four, without sign, if `difference` is known
    Watts bound{};                                 ///< limit of the difference, from the 60 s means
    bool at_odds = false;                          ///< the powers do not add up: PV and battery power are cleared
    bool turned_sign_fits = false;                 ///< at odds, and the powers would add up with the sign of battery power
                                                   ///< reversed
    bool not_measured = false;                     ///< PV and load are missing: nothing measures the house
    bool not_measured_long = false;                ///< the same for 10 min: alarm house_not_measured
    std::array<bool, power_count> stands{};        ///< cleared until the power moves
    std::array<Watts, power_count> stood_at{};
    std::array<Time, power_count> stood_since{};
    std::array<std::optional<Volts>, power_count> swung{};  ///< range of the voltage meanwhile
    bool bank_gives = true;                                 ///< also true if unknown
    /// A power is missing because its source is implausible, not because it is silent.
    bool in_doubt = false;
};

/// Inputs of judge_powers().
struct PowersInput {
    Time now{};
    Duration elapsed{};  ///< since the previous tick
    Duration frozen{};   ///< time without a movement until a power counts as stuck
    Volts swing{};       ///< voltage swing that proves it
    std::optional<Volts> voltage;
    bool grid_came = false;  ///< false if the grid never reported, which counts as 0 W
};

/// Judges the four powers, and clears those that must not be used.
void judge_powers(const PowersInput& input, std::optional<Watts>& pv, std::optional<Watts>& load,
                  const std::optional<Watts>& grid, std::optional<Watts>& battery, PowersState& state, PowerBalance& balance);

}  // namespace volt
