// The charge guard: LiFePO4 is not charged below freezing, and no bank above its absolute maximum.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/hold.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

/// A block by a source other than the guard's. Only warmth ends it; a silent source does not.
struct OtherBlock {
    std::string source;           ///< TemperatureSource::name; empty: unknown
    std::optional<Celsius> last;  ///< its last usable value
    Hold warm_since;              ///< at or above the release temperature since
    Hold guard_warm_since;        ///< unusable, while the guard's own source is that warm, since
    bool agreed = false;          ///< with a second source under the limit: a silent one needs a warmer guard
    bool operator==(const OtherBlock&) const = default;
};

/// State of this part; owned and changed by judge_charge() alone. The source's name survives a restart.
struct ChargeState {
    std::string source;  ///< the guard's own source; empty: no value yet
    bool cold = false;   ///< blocked by temperature
    bool hot = false;    ///< a battery temperature above 60 °C has had no usable value since
    bool overvoltage = false;
    std::optional<Celsius> last_temperature;  ///< of the guard's source
    Hold warm_since;                          ///< at or above the release temperature since
    Hold full_since;                          ///< V <= voltage_full since
    Hold unusable_since;
    bool cold_when_lost = false;     ///< blocked by temperature when the guard fell silent
    ProtectingHold overcurrent;      ///< blocked and charging above 5 A
    std::vector<OtherBlock> others;  ///< at most one for each source; kept over a restart
    std::optional<Time> released_at, last_tick;
    bool operator==(const ChargeState&) const = default;
};

/// True while the cold blocks charging, by the guard or by another source.
inline bool blocked_by_cold(const ChargeState& state) { return state.cold || !state.others.empty() || state.hot; }

/// Two battery temperatures that cannot both be right, or one that cannot be.
struct TemperatureDisagreement {
    TemperatureDoubt cause = TemperatureDoubt::none;  ///< none: two that differ
    Index one = no_index, other = no_index;  ///< into Policy::battery_temperatures; `one` is the one in doubt, or the warmer
    std::optional<Celsius> at, other_at;
    std::optional<Celsius> moved;  ///< of `other`, while `one` stands
    Time since{};                  ///< that `one` stands
};

struct ChargeView {
    ChargeVerdict verdict;
    bool guard_blind = false;  ///< alarm charge_guard_blind
    bool not_blocked = false;  ///< alarm charge_not_blocked
    std::optional<TemperatureDisagreement> disagreement;
};

ChargeView judge_charge(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings, ChargeState& state);

}  // namespace volt
