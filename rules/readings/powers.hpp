// Checks that sun, grid, loads and battery add up.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/hold.hpp"
#include "rules/units.hpp"

namespace volt {

/// A mean over `time` in millionths of a watt, begun with its first value.
struct PowerMean {
    std::optional<std::int64_t> millionths;

    void see(std::int64_t watts, Duration elapsed, Duration time);
    bool operator==(const PowerMean&) const = default;
};

/// The powers that can stand still.
enum class Power : std::uint8_t { pv, load, battery };
inline constexpr std::size_t power_count = 3;

/// Memory of one power that may stand still.
struct StandMemory {
    std::optional<Watts> value;
    Time since{};  ///< of its last movement
    /// Lowest and highest of the three powers and of the voltage since then.
    std::array<std::optional<Watts>, power_count> low, high;
    std::optional<Volts> lowest, highest;
    bool stands = false;  ///< until it moves
    bool operator==(const StandMemory&) const = default;
};

/// State of this part; owned and changed by judge_powers() alone.
struct PowersState {
    std::array<StandMemory, power_count> stands;
    PowerMean pv, load, grid, battery, difference, largest;  ///< over 60 s
    PowerMean unexplained;                                   ///< the difference over 10 min
    Hold apart, agrees;                                      ///< the powers differ by more than the bound; by no more
    bool at_odds = false;
    Hold not_measured;
    bool operator==(const PowersState&) const = default;
};

/// How the powers of this tick fit together.
struct PowerBalance {
    std::optional<Watts> pv, load, grid, battery;  ///< as reported and usable, before anything below made them missing
    std::optional<Watts> difference;               ///< PV + grid - load - battery power; empty: not known
    std::optional<Watts> unexplained;              ///< its mean over 10 min, for display
    Watts largest{};                               ///< of the four without sign, if `difference` is known
    Watts bound{};                                 ///< of the difference, by the 60 s means
    bool at_odds = false;                          ///< they do not add up: PV and battery power are missing
    bool turned_sign_fits = false;                 ///< at odds, and the battery power with the other sign would add up
    bool not_measured = false;                     ///< PV and load are missing: nothing measures the house
    bool not_measured_long = false;                ///< for 10 min: alarm house_not_measured
    std::array<bool, power_count> stands{};        ///< missing until it moves
    std::array<Watts, power_count> stood_at{};
    std::array<Time, power_count> stood_since{};
    std::array<std::optional<Volts>, power_count> swung{};  ///< how far the voltage moved meanwhile
    bool bank_gives = true;                                 ///< true too where that is not known
    /// A power is missing because its source cannot be believed, not because it is silent.
    bool in_doubt = false;
};

/// Inputs of judge_powers().
struct PowersInput {
    Time now{};
    Duration elapsed{};  ///< since the tick before
    Duration frozen{};   ///< without a movement, before a power stands still
    Volts swing{};       ///< of the voltage, that proves it
    std::optional<Volts> voltage;
    bool grid_came = false;  ///< a grid that never came is 0 W
};

/// Judges the four powers, and clears those that must not be used.
void judge_powers(const PowersInput& input, std::optional<Watts>& pv, std::optional<Watts>& load,
                  const std::optional<Watts>& grid, std::optional<Watts>& battery, PowersState& state, PowerBalance& balance);

}  // namespace volt
