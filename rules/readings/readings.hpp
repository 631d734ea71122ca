// Turns raw samples into usable values: ages, spikes, frozen values, ordered sources, cross-check.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/hold.hpp"
#include "rules/policy.hpp"
#include "rules/readings/powers.hpp"
#include "rules/snapshot.hpp"
#include "rules/verdict.hpp"

namespace volt {

/// Memory of one unit whose answers may be a logger's copy: they move only at regular intervals, all at once.
struct CopyMemory {
    static constexpr std::size_t telling = 10;
    static constexpr Duration shortest_interval = 20s;  ///< minimum time between two movements of a copy
    std::optional<Time> moved_at, answered_at;
    bool answered_between = false;  ///< an answer came without a movement
    std::array<Duration, telling> intervals{};
    std::size_t count = 0;  ///< consecutive intervals, counted up to `telling`
    std::size_t next = 0;
    bool copy = false;
    bool operator==(const CopyMemory&) const = default;
};

/// Memory of one voltage source between ticks.
struct VoltageMemory {
    std::string key;            ///< VoltageSource::name
    std::optional<Volts> good;  ///< last accepted value
    Time good_at{};
    std::optional<Volts> pending;         ///< differs by more than `spike_v` and waits for a second sample
    std::optional<Volts> newest, second;  ///< last two samples in range, accepted or not
    Time newest_at{};
    ProtectingHold waiting;           ///< the newest sample waits for a second one
    bool restless = false;            ///< has waited for its age limit; true until the hold is back at 0
    std::optional<Time> compared_at;  ///< time of its sample that was last compared with another device's
    std::optional<Time> seen_at;      ///< `taken` of the newest sample already processed
    std::optional<Time> in_range_at;  ///< `taken` of the newest sample in range, accepted or pending
    std::uint32_t over_maximum = 0;   ///< consecutive samples above the absolute maximum, up to 2
    Volts moved_from{};               ///< accepted value at `moved_at`, for frozen detection
    Time moved_at{};
    Time unit_moved_at{};         ///< time when any value in the same answers moved
    std::optional<Time> jump_at;  ///< a load's meter moved by 1 kW, and the unit has not moved since before then
    bool frozen = false;          ///< its value is frozen, until it moves
    bool unit_frozen = false;     ///< its whole unit is frozen, until any value of it moves
    CopyMemory copy;
    Hold good_since;     ///< unbroken run of usable values (to return to a better source)
    Hold at_odds_since;  ///< power has differed from voltage times current since
    bool operator==(const VoltageMemory&) const = default;
};

/// Value of a temperature sensor with its time.
struct TakenTemperature {
    Celsius value;
    Time taken{};
    bool operator==(const TakenTemperature&) const = default;
};

/// A battery temperature that rose faster than a bank can. Silence and a restart do not end it.
struct Leap {
    std::optional<Celsius> from;             ///< value before the leap, or empty without a leap
    Hold near;                               ///< another temperature agrees with it
    std::vector<TakenTemperature> low;       ///< usable values of the last 60 s with no later value below them, at most 101
    std::optional<TakenTemperature> fallen;  ///< value before a fall, and time of the fall
    bool operator==(const Leap&) const = default;
};

/// Memory of one temperature sensor.
struct TemperatureMemory {
    std::string key;              ///< TemperatureSource::name, or empty for the sensor at this index
    std::optional<Celsius> good;  ///< last accepted value; survives a restart with its time
    Time good_at{};
    std::optional<Celsius> pending;  ///< differs by more than 5 K and waits for a second sample
    std::optional<Time> seen_at;
    bool moved = false;  ///< has reported a value other than exactly 0.0 since it was last missing
    Hold zero_since;     ///< `taken` of the first sample in an unbroken run of exactly 0.0
    bool lost = false;   ///< it gave values, and now reports the 0.0 of a missing sensor
    // For battery temperatures only.
    std::optional<Celsius> raw;    ///< newest value in range
    std::optional<Time> in_range;  ///< time of `raw`, or empty if unknown
    Leap leap;
    bool hot = false;              ///< above 60 °C, until a usable value arrives
    std::optional<Time> moved_at;  ///< time when `raw` last moved
    bool stands = false;           ///< has not moved while another battery temperature did
    bool operator==(const TemperatureMemory&) const = default;
};

/// Movement of one battery temperature while another one did not move. Ignores steps of more than 2 K.
struct Drift {
    std::optional<Celsius> last;  ///< newest value
    Celsius moved{};
    std::optional<Time> since;  ///< time when the other one last moved
    bool operator==(const Drift&) const = default;
};

/// Lowest and highest value of one source while another one did not move.
struct Swing {
    std::optional<Volts> low, high;
    std::optional<Time> apart_at;  ///< `taken` of the sample that made the range wide enough
    bool operator==(const Swing&) const = default;
};

/// State of the readings. Only judge_readings() changes it.
struct ReadingsState {
    std::vector<VoltageMemory> voltages;
    std::vector<Swing> swings;  ///< [of * sources + by]: swing of `by` since `of` last moved
    std::vector<TemperatureMemory> sensors;
    std::vector<TemperatureMemory> batteries;
    std::vector<Drift> drifts;  ///< [of * batteries + by]: drift of `by` since `of` last moved
    Index serving = no_index;
    bool had_voltage = false;  ///< voltage was usable in the previous tick
    bool after_gap = false;    ///< no good sample since a tick gap over 30 s
    std::optional<Volts> last_voltage;
    std::optional<Time> last_tick;
    Hold load_on_since;
    std::uint32_t good_samples = 0;  ///< good samples of the source in use since start, counted up to 5
    ProtectingHold apart;            ///< GX and Sol-Ark are 1.0 V apart
    bool apart_now = false;          ///< result of the last comparison
    bool disagree = false;           ///< apart for a minute; true until the hold is back at 0
    ProtectingHold frozen_low;       ///< a frozen voltage is low, and 1.0 V under the source in use
    Hold weather_lost_since;         ///< configured but not usable
    PowersState powers;
    std::vector<Volts> recent;  ///< good samples of the last 10 s, at most 64
    std::vector<Time> recent_at;
    std::vector<Sample<Watts>> meters;  ///< last meter sample of each output (aligned), for frozen detection
};

/// Events of one voltage source in this tick.
struct SourceTurn {
    bool fresh = false;      ///< a new sample in range arrived
    bool accepted = false;   ///< a new sample was accepted
    bool spread = false;     ///< the sample came more than the age limit after the previous one
    bool moved = false;      ///< the accepted value moved by a step of its register
    bool restarted = false;  ///< it moved, or came back after a silence: the timers for frozen values restart
    bool caught_up = false;  ///< it moved after it stood still while another device's voltage moved by 0.5 V
    Quality quality = Quality::missing;
};
using SourceTurns = std::vector<SourceTurn>;  ///< aligned with Policy::voltage_sources

/// Reason why a battery temperature is not usable although its sensor answers.
enum class TemperatureDoubt : std::uint8_t { none, leaped, hot, stands };

/// Usable values of this tick. A value that must not be used is empty; each rule defines its reaction.
struct Readings {
    std::optional<Volts> voltage;  ///< voltage of the source in use
    Index source = no_index;       ///< the source in use; while blind, the last one in use
    Quality quality = Quality::missing;
    Time voltage_taken{};             ///< time of the last good sample of `source`
    bool new_voltage = false;         ///< a new sample arrived
    std::optional<Volts> for_starts;  ///< the lower voltage while two devices disagree
    Index for_starts_source = no_index;
    std::optional<Volts> for_stops;  ///< the lower voltage once the disagreement is confirmed
    Index for_stops_source = no_index;
    std::optional<Volts> for_charge;       ///< the higher voltage while two devices disagree
    std::optional<std::int64_t> mean_10s;  ///< mean voltage of the source in use over 10 s, in 0.1 mV
    std::optional<Volts> last_voltage;     ///< last usable voltage, for display
    bool degraded = false;                 ///< the source in use is not on the first configured device
    bool starts_begin_again = false;       ///< start holds restart: tick gap, samples too far apart, or a change of source
    bool tick_gap_30s = false;             ///< no renewals until the next good sample
    std::uint32_t good_samples = 0;        ///< good samples since start, up to 5
    bool over_maximum = false;             ///< above the absolute maximum in two consecutive samples
    bool disagreement = false;
    Index frozen_low = no_index;  ///< frozen source whose low voltage still counts for stops
    std::vector<bool> frozen;     ///< by voltage source
    /// Time when a logger's copy last moved, by voltage source, or empty if there are no copies.
    std::vector<std::optional<Time>> copied;
    /// Interval at which a logger's copy moves, by voltage source, or empty if there are no copies.
    std::vector<Duration> copy_intervals;
    /// Voltage jumps, so the lower of the last two samples counts; by voltage source, or empty if none does.
    std::vector<bool> restless;
    /// Newest value if implausible for this bank, by voltage source, or empty if none is.
    std::vector<std::optional<Volts>> refused;
    /// Power has differed from voltage times current for a minute; by voltage source, or empty if none has.
    std::vector<bool> at_odds;
    std::vector<Quality> source_quality;  ///< by voltage source
    SourceTurns turns;                    ///< for judge_readings() only
    std::optional<Watts> pv, load, grid, battery_power;
    PowerBalance powers;  ///< result of the balance check
    Time pv_taken{}, load_taken{};
    std::optional<Amps> battery_current;
    std::optional<Amps> bms_amps;                       ///< discharge limit that the BMS reports
    std::optional<Watts> bms_limit;                     ///< discharge limit of the BMS times V, or empty if unknown
    std::vector<std::optional<Celsius>> sensors;        ///< by Policy::sensors
    std::vector<std::optional<Celsius>> batteries;      ///< by Policy::battery_temperatures
    std::vector<TemperatureDoubt> doubts;               ///< by Policy::battery_temperatures, or empty if there is no doubt
    std::vector<std::optional<Celsius>> raw_batteries;  ///< newest value in range by Policy::battery_temperatures, or empty if
                                                        ///< `doubts` is
    std::optional<bool> sunny;
    bool weather_failing = false;  ///< configured but unusable for 15 min: treated as not configured
};

/// Returns empty readings that reuse the memory of the lists of `readings`.
Readings emptied(Readings& readings);

/// Judges every raw value of the snapshot and advances `state` by one tick. `load_on` is true while any load is on. `readings`
/// must be empty.
void judge_readings(const SiteSnapshot& snapshot, const Policy& policy, bool load_on, ReadingsState& state, Readings& readings);

/// Returns true if the weather allows a miner that needs sun: it is sunny, or, without a weather source, PV power proves it.
inline bool weather_suits(const Policy& policy, const Readings& readings, const Miner& miner) {
    if (!miner.require_sunny) return true;
    const bool weather_known = policy.weather_configured && !readings.weather_failing;
    return weather_known ? readings.sunny.value_or(false) : miner.minimum_solar.has_value();
}

/// Returns the age limit of a value: the setting or three polls, whichever is longer.
constexpr Duration age_limit(Duration setting, Duration poll) { return setting > 3 * poll ? setting : 3 * poll; }

/// Returns the charge by the owner's curve, for display; flat outside. `curve` has at least two points.
Percent soc_of(Volts voltage, const std::vector<CurvePoint>& curve);
/// Returns the voltage at which the curve shows `soc`.
Volts voltage_of(Percent soc, const std::vector<CurvePoint>& curve);

}  // namespace volt
