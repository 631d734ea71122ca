// The charge guard: blocks charging of LiFePO4 below freezing, and of any bank above its absolute maximum.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/hold.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

/// A block by a source other than the guard's. Only warmth ends it; silence of the source does not.
struct OtherBlock {
    std::string source;           ///< TemperatureSource::name, or empty if unknown
    std::optional<Celsius> last;  ///< last usable value of the source
    Hold warm_since;              ///< the source has been at or above the release temperature since
    Hold guard_warm_since;        ///< the source has been unusable, and the guard's own source that warm, since
    bool agreed = false;          ///< a second source was also under the limit: if this one is silent, the guard must be warmer
    bool operator==(const OtherBlock&) const = default;
};

/// State of the charge guard. Only judge_charge() changes it. The name of the source survives a restart.
struct ChargeState {
    std::string source;  ///< the guard's own source, or empty before its first value
    bool cold = false;   ///< blocked by temperature
    bool hot = false;    ///< a battery temperature above 60 °C has not had a usable value since
    bool overvoltage = false;
    std::optional<Celsius> last_temperature;  ///< last temperature of the guard's source
    Hold warm_since;                          ///< the guard has been at or above the release temperature since
    Hold full_since;                          ///< V <= voltage_full has held since
    Hold unusable_since;
    bool cold_when_lost = false;     ///< charging was blocked by temperature when the guard went silent
    ProtectingHold overcurrent;      ///< blocked and charging above 5 A
    std::vector<OtherBlock> others;  ///< at most one for each source; survives a restart
    std::optional<Time> released_at, last_tick;
    bool operator==(const ChargeState&) const = default;
};

/// Returns true while cold blocks charging, by the guard or by another source.
inline bool blocked_by_cold(const ChargeState& state) { return state.cold || !state.others.empty() || state.hot; }

/// Two battery temperatures that contradict each other, or one that is impossible.
struct TemperatureDisagreement {
    TemperatureDoubt cause = TemperatureDoubt::none;  ///< none if two sensors differ
    Index one = no_index, other = no_index;  ///< into Policy::battery_temperatures; `one` is the doubtful or the warmer sensor
    std::optional<Celsius> at, other_at;
    std::optional<Celsius> moved;  ///< movement of `other` while `one` did not move
    Time since{};                  ///< start of the time without movement of `one`
};

struct ChargeView {
    ChargeVerdict verdict;
    bool guard_blind = false;  ///< raises alarm charge_guard_blind
    bool not_blocked = false;  ///< raises alarm charge_not_blocked
    std::optional<TemperatureDisagreement> disagreement;
};

ChargeView judge_charge(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings, ChargeState& state);

}  // namespace volt
