// Reports of a polled device to the daemon. Each device has one thread, which only fills its slot through a sink.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "drivers/result.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

/// The newest answers of one source (`victron.battery`, `victron.system`, `victron.vebus`, `victron.<id>`, `sol_ark`). Signs are
/// converted: battery positive = charging, grid positive = buying. An empty member was answered with "no data", or the unit does
/// not have it. Each successful poll makes one of these, or two with the same `taken`: the second with values that take longer.
struct SourceReading {
    std::string name;
    Time taken{};  ///< monotonic, when the answer was complete
    Time moved{};  ///< when any value last changed in the block with this unit's voltage
    std::optional<Volts> voltage;
    std::optional<Amps> battery_current;
    std::optional<Watts> battery_power;
    std::optional<Celsius> battery_temperature;
    std::optional<Percent> soc;                 ///< as the device reports it; stored, never used for decisions
    std::optional<std::int64_t> battery_state;  ///< GX 844: 0 idle, 1 charging, 2 discharging
    std::optional<Watts> pv, load, grid;
    std::optional<Volts> pv_voltage;
    std::optional<Amps> pv_current;
    std::optional<Volts> charge_voltage_limit;  ///< limit of the BMS (GX 305), if it publishes its limits
    std::optional<Amps> discharge_limit;        ///< limit of the BMS (GX 308); counts only with a plausible charge voltage
    /// Alarms of the device, or suspicious answers, for display only. Empty if none.
    std::string complaint;
    int complaint_level = 0;  ///< from the device's own alarms: 0 none, 1 a warning, 2 an alarm or a fault
};

enum class SourceState : std::uint8_t { ok, stale, absent, failing };
/// Returns `ok`, `stale`, `absent` or `failing`.
const char* name_of(SourceState state);

/// State of polling. Reported after each poll, good or bad.
struct SourceHealth {
    std::string name;
    SourceState state = SourceState::stale;
    Time last_success{};
    bool ever_succeeded = false;
    std::uint64_t successes = 0, failures = 0, consecutive_failures = 0;
    std::string last_error;       ///< empty if none; while `ok`: a partial failure or an alarm of the device
    std::optional<Fault> fault;   ///< fault of the last poll, or empty if it was good
    std::string complaint;        ///< complaint of the last good poll, as in SourceReading
    int complaint_level = 0;      ///< level of that complaint
    std::optional<Duration> rtt;  ///< round-trip time of the last good poll
};

namespace modbus {
struct PolledRegisters;
}

/// Receives the pollers' results. Called on the poller's thread; must not block (a slot: latest wins).
struct SourceSink {
    std::function<void(const SourceReading&)> reading;
    std::function<void(const SourceHealth&)> health;
    std::function<void(const std::string& source, const modbus::PolledRegisters&)> registers{};  ///< registers of each good poll
};

/// Returns monotonic time (CLOCK_MONOTONIC) as the rules count it. The drivers read it only here.
Time monotonic_now();
/// Returns the computer's wall clock, which can be wrong or jump.
Utc wall_now();

}  // namespace volt
