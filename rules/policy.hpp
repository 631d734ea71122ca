// Policy: all settings of the owner, thresholds and wiring, as plain numbers with all names resolved to indexes. Built outside
// (daemon/config/build_policy.cpp) from voltd.yaml and the database; immutable while in force.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

/// Index into a list of the policy, or `no_index` if nothing is configured or the name is unknown.
using Index = std::int32_t;
inline constexpr Index no_index = -1;

enum class SiteMode : std::uint8_t { aggressive, balanced, conservative, off };
enum class OperatingMode : std::uint8_t { aggressive, balanced, opportunistic };

/// A point of the curve. It is linear between points and flat outside; both columns rise strictly; 2 to 32 points.
struct CurvePoint {
    Volts voltage;
    Percent soc;
    bool operator==(const CurvePoint&) const = default;
};

/// Row of `user_preferences`, with its defaults.
struct Preferences {
    Volts shutdown = 4400_cV, critical_low = 4500_cV, low = 4700_cV, restart = 5000_cV;
    Volts optimal_min = 5000_cV, optimal_max = 5450_cV, float_v = 5500_cV, absorption = 5760_cV, full = 5800_cV;
    Volts absolute_max = 6000_cV;
    std::vector<CurvePoint> curve = {{4500_cV, {0}},    {4700_cV, {1500}}, {5000_cV, {4000}},
                                     {5150_cV, {6000}}, {5450_cV, {8000}}, {5600_cV, {10000}}};
    Watts max_battery_discharge = 5000_W;
    Watts inverter_max = 12000_W;
    std::int64_t internal_resistance_mohm = 10;
    std::optional<Volts> reserve;         ///< `reserve_voltage`, or empty without a reserve
    std::optional<std::int64_t> bank_wh;  ///< energy from 0 to 100 % of the curve, 500 to 1,000,000, or empty without a night
                                          ///< budget
    int budget_floor_percent = 15;        ///< share of `bank_wh` that the plan does not use; 0 to 60
    std::int64_t bridge_wh = 500;         ///< energy that the bank may supply after it was full; 0: none
    SiteMode mode = SiteMode::balanced;
};

/// Row of `miner_profiles`.
struct Miner {
    std::string id;  ///< UUID
    std::string name;
    std::string slug;
    Watts power{};
    int priority_level = 1;  ///< 1 (first) to 10
    Volts start{}, stop{}, emergency{};
    bool require_excess_solar = false;
    Watts minimum_excess{};
    std::optional<Watts> minimum_solar;
    bool require_sunny = false;
    std::int32_t preferred_start_s = 0, preferred_end_s = 0;  ///< second of the local day; if equal, the window is the whole day
    bool allow_outside_schedule = true;
    Duration min_on = 600s, min_off = 300s;
    int max_starts_per_hour = 3;
    std::optional<Duration> max_runtime_day;
    std::optional<Duration> max_continuous;
    OperatingMode operating_mode = OperatingMode::balanced;
    Index output = no_index;  ///< into Policy::outputs
    std::string output_id;    ///< device_id as written, for messages
    Index zone = no_index;    ///< into Policy::zones
    std::string zone_id;      ///< hvac_zone_id as stored, or empty if none
    bool enabled = true;
};

enum class HeatSource : std::uint8_t { none, miner, heater };
enum class FanMode : std::uint8_t { automatic, fixed };

/// Row of `hvac_zones`.
struct Zone {
    std::string id;  ///< UUID
    std::string name;
    std::string slug;
    Celsius too_hot{400}, hot_ok{350}, too_cold{0}, cold_ok{50};
    bool fan_enabled = false;
    Index fan = no_index;  ///< into Policy::outputs
    std::string fan_id;
    FanMode fan_mode = FanMode::automatic;
    std::int32_t fan_max_level = 10;
    bool heating_enabled = false;
    HeatSource heat_first = HeatSource::none, heat_second = HeatSource::none;
    Index heater = no_index;  ///< into Policy::outputs
    std::string heater_id;
    Watts heater_power = 1500_W;
    Watts minimum_solar_for_heating{};
    bool block_charging_enabled = false;
    Celsius block_charging_below{};
    Index sensor = no_index;  ///< into Policy::sensors
    std::string sensor_id;
    bool enabled = true;
};

enum class OutputKind : std::uint8_t { relay, level };
enum class SafeState : std::uint8_t { off, on, automatic };
enum class OnExit : std::uint8_t { keep, off, safe };  ///< action on an output when voltd ends
enum class ExternalSwitch : std::uint8_t { adopt, reassert };

/// The part of an output's configuration that the rules need.
struct OutputWiring {
    std::string id;
    OutputKind kind = OutputKind::relay;
    Duration lease = 300s;  ///< 0 if none
    bool require_lease = false;
    SafeState safe_state = SafeState::off;
    OnExit on_exit = OnExit::keep;
    ExternalSwitch external_override = ExternalSwitch::adopt;
    bool meter = false;
    std::int32_t max_level = 10;  ///< limit of a level output
};

/// Section `control` of voltd.yaml, with its defaults.
struct Control {
    Duration tick = 1s;
    bool live = true;      ///< false in `shadow`: decides and reports, but commands nothing
    bool leaving = false;  ///< changing from live to shadow: every load is switched off, and none starts
    Duration start_hold = 60s, stop_hold = 30s, restart_hold = 300s, blind_grace = 60s, start_stagger = 90s;
    Duration settle = 180s, confirm = 10s, start_timeout = 600s, adopt_timeout = 20s;
    Watts excess_hysteresis = 500_W, power_hysteresis = 500_W;
    Duration fan_run_on = 180s, fan_level_hold = 30s;
    Celsius trip_margin{100};
    Duration trip_grace = 900s;
    Celsius charge_release{20};
    Duration charge_release_hold = 600s;
    Volts spike = 200_cV;
    Duration frozen = 900s, voltage_stale = 10s, power_stale = 30s, temperature_stale = 600s;
    bool starts_on_fallback = false;
};

/// A configured voltage source, in the order of `voltage_sources`.
struct VoltageSource {
    std::string name;         ///< name as in `source/<name>`
    int device = 0;           ///< number shared by the sources of one device (a GX has two: system and battery)
    Duration poll = 1s;       ///< a value is stale after the setting or three polls, whichever is longer
    Volts step = 1_cV;        ///< resolution of the register (840 has 0.1 V)
    Index polled = no_index;  ///< into Policy::polled
    /// True to compare battery power and current with the voltage; false if the scale of the current is uncertain.
    bool compares_power = true;
};

/// A unit that voltd polls: a GX's system, battery or vebus, a Sol-Ark.
struct PolledSource {
    std::string name;            ///< name as in `source/<name>`
    bool needs_voltage = false;  ///< an answer without a voltage is nonsense
};

/// Sources of the site's power, as indexes into Policy::polled.
struct PowerWiring {
    std::vector<Index> pv, load, grid;  ///< voltd adds up their values
    std::vector<Index> battery;         ///< parallel inverters, each with its share of the battery, or empty without an inverter
    Index bms = no_index;               ///< unit that publishes the limits of the BMS
};

/// Source of a temperature: a room sensor, or a battery sensor.
struct TemperatureSource {
    std::string name;
    Duration stale_after = 600s;
    bool zero_is_suspect = false;  ///< a 0.0 that never moved indicates a missing sensor (GX)
    Index polled = no_index;       ///< unit that reports it, into Policy::polled, or no_index for an MQTT sensor
};

enum class TemperatureRole : std::uint8_t { battery, room };
enum class ChargeLimit : std::uint8_t { report, write };

/// Means that carries out a charging block. `report`: none, voltd only reports. `none`: not every charger is covered. `failed`
/// (never in a policy): the means has no effect now.
enum class ChargeMeans : std::uint8_t { report, write, output, none, failed };
inline bool acts(ChargeMeans means) { return means == ChargeMeans::write || means == ChargeMeans::output; }

struct Policy {
    std::uint64_t revision = 0;  ///< changes with the content, and makes `decide` align its state
    Preferences preferences;
    std::vector<Miner> miners;
    std::vector<Zone> zones;
    Control control;
    std::vector<OutputWiring> outputs;
    std::vector<PolledSource> polled;
    PowerWiring power;
    std::vector<VoltageSource> voltage_sources;
    std::vector<TemperatureSource> battery_temperatures;
    std::vector<TemperatureSource> sensors;
    Duration power_poll = 5s;  ///< slowest poll among the power sources
    bool weather_configured = false;
    Duration weather_stale = 10800s;
    ChargeMeans charge_means = ChargeMeans::report;
    bool has_gx = false, has_sol_ark = false;
    Index charge_output = no_index;
};

/// Returns the battery temperature with that name, or no_index if there is none.
inline Index battery_temperature(const Policy& p, const std::string& name) {
    for (std::size_t i = 0; i < p.battery_temperatures.size(); ++i)
        if (p.battery_temperatures[i].name == name) return static_cast<Index>(i);
    return no_index;
}

/// Number of loads: the miners, then one slot per zone for a heater, even if the zone has none. It is the index space of
/// verdicts.
inline std::size_t load_count(const Policy& p) { return p.miners.size() + p.zones.size(); }
inline bool is_heater(const Policy& p, std::size_t load) { return load >= p.miners.size(); }

}  // namespace volt
