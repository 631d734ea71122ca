// SiteSnapshot: the frozen picture of one tick. It does not change during a tick, and is the only input.
//
// Contract for the code that fills it (the daemon, replay, tests, simulation):
// - Vectors marked "aligned" have exactly one entry for each entry of the named list of the Policy, in the same order.
// - A sample is kept until a newer one replaces it. Its `taken` does not change, so its age grows.
// - `value == nullopt` with `received` means the device reported "no data". Values are raw: the rules judge plausibility, spikes,
//   freezing and ages, so that replay gets the same input as the site.
// - Battery current and power are positive while charging, grid power is positive while buying (drivers convert signs).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/policy.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

/// Newest report of one quantity.
template <class T>
struct Sample {
    std::optional<T> value;  ///< empty if the source reports "no data"
    Time taken{};            ///< arrival time of the answer, monotonic
    bool received = false;   ///< false if nothing was ever received

    bool operator==(const Sample&) const = default;
};

/// Sample of one configured voltage source (`victron.battery`, `victron.system`, `sol_ark`).
struct VoltageSample : Sample<Volts> {
    Time unit_moved{};              ///< time when any value in the same answers last changed (for frozen detection)
    std::optional<Watts> power{};   ///< battery power in the same answer
    std::optional<Amps> current{};  ///< battery current in the same answer
};

/// Newest answer of one polled source, unchanged: its values belong together.
struct PolledAnswer {
    Time taken{};           ///< arrival time of the answer, monotonic
    bool received = false;  ///< false if nothing was ever received
    std::optional<Volts> voltage;
    std::optional<Watts> battery_power, pv, load, grid;
    std::optional<Amps> battery_current;
    std::optional<Volts> charge_voltage_limit;  ///< limit of the BMS, if it publishes its limits
    std::optional<Amps> discharge_limit;        ///< limit of the BMS, if it publishes its limits
};

/// Protection that the device itself reports.
enum class OwnProtection : std::uint8_t { none, power, temperature, voltage, current, auto_on, other };

enum class OutputState : std::uint8_t { unknown, off, on };
enum class Lease : std::uint8_t { none, armed, unverified };

/// Setting of the device that makes its own timer dangerous.
enum class TimerTrap : std::uint8_t {
    none,
    turns_on,  ///< the timer switches on when it ends
    locked,    ///< the relay is on from power-up and refuses orders
    disputed,  ///< two answers differ, so two devices have one topic
};

/// Report of one output. The commanded state is in the RuleState.
struct OutputReport {
    OutputState state = OutputState::unknown;
    std::int32_t level = 0;            ///< level of a level output while on, else 0
    Time state_at{};                   ///< time of the last live or requested report (retained ones are hints)
    Time changed_at{};                 ///< time of the first such report of this state and level
    bool state_received = false;       ///< such a report has come since the daemon started
    bool hint = false;                 ///< `state` comes only from a retained message
    bool available = false;            ///< the device is connected (last will, availability topic)
    bool kept_offline = false;         ///< unavailable only according to a message that the broker retains
    Time available_since{};            ///< start of the availability; later than a report if the device was offline in between
    bool restarting = false;           ///< it, or the broker, came back so recently that its report may come from booting
    bool can_be_asked = true;          ///< the dialect can query the state
    bool confirms_by_sending = false;  ///< a generic output without a state topic: sending counts as confirmation
    Sample<Watts> power;               ///< from the device's own meter
    bool power_alone = false;          ///< the message of `power` did not report the state
    Lease lease = Lease::none;
    bool lease_proven = false;  ///< a test saw its timer switch it off; for a device that does not report its timer
    std::optional<Duration> lease_left;
    std::optional<Time> unproven_since;  ///< time from which it could have proven its timer, or empty if proven or not expected
    TimerTrap timer_trap = TimerTrap::none;
    OwnProtection protection = OwnProtection::none;  ///< protection in the newest report about it
    Time protection_at{};                            ///< arrival time of that report
    std::optional<Time> timer_off_at;                ///< time when it reported that its own timer had switched it off
    Duration own_timer{};                            ///< a timer in the device although it has no lease; 0 if none, or not
                                                     ///< reported
    std::optional<Time>
        silent_since;    ///< start of the broker's connection without an answer since, or empty if it answered, is known to be
                         ///< offline, or never reports
    Time answered_at{};  ///< time of the last message that answered voltd (periodic messages do not count); not used by the rules

    bool operator==(const OutputReport&) const = default;
};

/// A battery temperature. The list is in order of trust: GX battery unit, sensors with `role: battery`, vebus, Sol-Ark.
struct BatteryTemperature {
    Sample<Celsius> sample;
    bool zero_is_suspect = false;  ///< a GX answers 0.0 for a missing sensor
};

enum class OverrideKind : std::uint8_t { automatic, on, off, level };
enum class TargetKind : std::uint8_t { miner, fan, heat };

/// Override request received since the last tick. A request replaces an earlier one for the same target.
struct OverrideRequest {
    TargetKind target = TargetKind::miner;
    std::size_t index = 0;  ///< index of the miner, or of the zone for fan and heat
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;         ///< only for `level`
    std::optional<Duration> lasts;  ///< empty if it has no end (allowed for `off` only)
};

/// Output of a miner whose own timer is being proven: an `on` override whose ON voltd does not renew.
struct LeaseTrial {
    Index output = no_index;
    Duration lease{};  ///< lease that its ON carries, 30 to 300 s
};

struct SiteSnapshot {
    Time now{};
    Utc utc{};
    LocalTime local;
    std::optional<SunOfDay> sun;  ///< empty if the place is unknown, or the sun does not rise or set that day
    bool clock_trusted = false;
    bool safe_mode = false;    ///< voltd switches nothing on automatically
    bool charge_test = false;  ///< the charge output must be off, to prove that it stops charging
    LeaseTrial lease_trial{};
    bool broker_up = true;  ///< online
    Time broker_up_since{};

    std::vector<VoltageSample> voltages;  ///< aligned with Policy::voltage_sources
    std::vector<PolledAnswer> polled;     ///< aligned with Policy::polled; if empty, the values below are the site's
    Sample<Watts> battery_power;
    Sample<Amps> battery_current;
    Index battery_power_source = no_index;    ///< source of the answer, into Policy::voltage_sources, or no_index if unknown
    Index battery_current_source = no_index;  ///< source of the current
    Sample<Watts> pv;                         ///< sum of all sources, as old as its oldest part
    Sample<Watts> load;
    Sample<Watts> grid;
    Sample<Amps> bms_discharge_limit;                      ///< only while the BMS publishes limits; 0 forbids discharge
    std::vector<BatteryTemperature> battery_temperatures;  ///< aligned with Policy::battery_temperatures
    Index accepted_temperature = no_index;                 ///< for this tick only: a battery temperature that a person checked
    std::vector<Sample<Celsius>> temperatures;             ///< aligned with Policy::sensors
    Sample<bool> sunny;
    std::vector<OutputReport> outputs;      ///< aligned with Policy::outputs
    std::vector<OverrideRequest> requests;  ///< for this tick only
};

}  // namespace volt
