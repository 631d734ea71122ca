// SiteSnapshot: the frozen picture of one tick. It does not change during a turn, and is the only input.
//
// Contract for the code that fills it (the daemon, replay, tests, simulation):
//  - Vectors marked "aligned" have exactly one entry for each entry of the named list of the Policy, same order.
//  - A sample stays until a newer one replaces it: its `taken` stays, so its age grows.
//  - `value == nullopt` with `received` means the device reported "no data". A value is raw here: plausibility, spikes,
//    freezing and ages are judged by the rules, so that replay sees what the site saw.
//  - Battery current and power are positive while charging, grid is positive while buying (drivers convert signs).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/policy.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

/// The newest report of one quantity.
template <class T>
struct Sample {
    std::optional<T> value;  ///< empty: the source reports "no data"
    Time taken{};            ///< when the answer arrived, monotonic
    bool received = false;   ///< false: nothing was ever received

    bool operator==(const Sample&) const = default;
};

/// One configured voltage source (`victron.battery`, `victron.system`, `sol_ark`).
struct VoltageSample : Sample<Volts> {
    Time unit_moved{};              ///< when any value in the same answers last changed (for frozen detection)
    std::optional<Watts> power{};   ///< of the battery, in the same answer
    std::optional<Amps> current{};  ///< as `power`
};

/// The newest answer of one polled source, unchanged: its values belong together.
struct PolledAnswer {
    Time taken{};           ///< when the answer arrived, monotonic
    bool received = false;  ///< false: nothing was ever received
    std::optional<Volts> voltage;
    std::optional<Watts> battery_power, pv, load, grid;
    std::optional<Amps> battery_current;
    std::optional<Volts> charge_voltage_limit;  ///< of the BMS, if it publishes its limits
    std::optional<Amps> discharge_limit;        ///< likewise
};

/// Protection that the device itself reports.
enum class OwnProtection : std::uint8_t { none, power, temperature, voltage, current, auto_on, other };

enum class OutputState : std::uint8_t { unknown, off, on };
enum class Lease : std::uint8_t { none, armed, unverified };

/// A setting of the device that turns its own timer into a danger.
enum class TimerTrap : std::uint8_t {
    none,
    turns_on,  ///< at its end the timer switches on
    locked,    ///< the relay is on from power-up and refuses orders
};

/// What one output reports. What was commanded is in the RuleState.
struct OutputReport {
    OutputState state = OutputState::unknown;
    std::int32_t level = 0;       ///< of a level output while on, 0 else
    Time state_at{};              ///< when the last live or asked-for report came (retained ones are hints)
    Time changed_at{};            ///< when the first such report of this state and level came
    bool state_received = false;  ///< such a report has come since the start of the daemon
    bool hint = false;            ///< `state` is from a retained message only
    bool available = false;       ///< the device is connected (last will, availability topic)
    bool kept_offline = false;    ///< not available only by a message that the broker keeps
    Time available_since{};       ///< since when the device is available; later than a report: the device was offline in between
    bool restarting = false;      ///< it, or the broker, came back so recently that its report may come from booting
    bool can_be_asked = true;     ///< the dialect can ask for the state
    bool confirms_by_sending = false;  ///< a generic output without a state topic: sending counts as confirmation
    Sample<Watts> power;               ///< of the device's own meter
    bool power_alone = false;          ///< the message of `power` did not report the state
    Lease lease = Lease::none;
    bool lease_proven = false;  ///< a test saw its timer switch it off; of a device that does not report its timer
    std::optional<Duration> lease_left;
    std::optional<Time> unproven_since;  ///< time from which it could have proven its timer; empty: proven, or none is expected
    TimerTrap timer_trap = TimerTrap::none;
    OwnProtection protection = OwnProtection::none;  ///< of the newest word about it
    Time protection_at{};                            ///< when that word came
    Duration own_timer{};                            ///< a timer in the device although it has no lease; 0: none, or not reported
    std::optional<Time>
        silent_since;    ///< the broker connected then, and no answer came since; empty: it answered, is known to be
                         ///< offline, or it never reports
    Time answered_at{};  ///< time of the last message that answered us (periodic messages do not count); not used by the rules

    bool operator==(const OutputReport&) const = default;
};

/// A battery temperature, in the order of trust (GX battery unit, sensors with `role: battery`, vebus, Sol-Ark).
struct BatteryTemperature {
    Sample<Celsius> sample;
    bool zero_is_suspect = false;  ///< a GX answers 0.0 for a missing sensor
};

enum class OverrideKind : std::uint8_t { automatic, on, off, level };
enum class TargetKind : std::uint8_t { miner, fan, heat };

/// An override request received since the last tick. Each replaces the one before it on the same target.
struct OverrideRequest {
    TargetKind target = TargetKind::miner;
    std::size_t index = 0;  ///< of the miner, or of the zone for fan and heat
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;         ///< for `level`
    std::optional<Duration> lasts;  ///< empty: no end (allowed for `off` only)
};

/// The output of a miner whose own timer is being proven: an `on` override whose ON is not renewed.
struct LeaseTrial {
    Index output = no_index;
    Duration lease{};  ///< that its ON carries, 30 to 300 s
};

struct SiteSnapshot {
    Time now{};
    Utc utc{};
    LocalTime local;
    std::optional<SunOfDay> sun;  ///< empty: the place is not known, or the sun does not rise or set that day
    bool clock_trusted = false;
    bool safe_mode = false;    ///< no automatic ON
    bool charge_test = false;  ///< the charge output must be off, to prove that it stops charging
    LeaseTrial lease_trial{};
    bool broker_up = true;  ///< online
    Time broker_up_since{};

    std::vector<VoltageSample> voltages;  ///< aligned with Policy::voltage_sources
    std::vector<PolledAnswer> polled;     ///< aligned with Policy::polled; empty: the values below are the site's
    Sample<Watts> battery_power;
    Sample<Amps> battery_current;
    Index battery_power_source = no_index;    ///< whose answer it is, into Policy::voltage_sources; no_index: not known
    Index battery_current_source = no_index;  ///< likewise
    Sample<Watts> pv;                         ///< the sum of all, as old as its oldest part
    Sample<Watts> load;
    Sample<Watts> grid;
    Sample<Amps> bms_discharge_limit;                      ///< only while the BMS publishes limits; 0 forbids discharge
    std::vector<BatteryTemperature> battery_temperatures;  ///< aligned with Policy::battery_temperatures
    Index accepted_temperature = no_index;                 ///< this tick's only: a battery temperature checked by hand
    std::vector<Sample<Celsius>> temperatures;             ///< aligned with Policy::sensors
    Sample<bool> sunny;
    std::vector<OutputReport> outputs;      ///< aligned with Policy::outputs
    std::vector<OverrideRequest> requests;  ///< this tick's only
};

}  // namespace volt
