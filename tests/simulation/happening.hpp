// Events of a site besides the sun: faults, people, power cuts. Each day is planned from the seed alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::simulation {

inline constexpr std::int64_t hour_s = 3600, day_s = 86'400;

/// Kinds of events. The comment at each gives the meaning of `target` and `value`.
enum class What : std::uint8_t {
    // Sources; target: 0 the GX, 1 the Sol-Ark.
    source_silent,
    source_frozen,
    source_zeros,
    source_spikes,
    source_shifted,
    source_offset,   ///< value: 10 mV added to the reported voltage
    source_slow,     ///< answers every 20 s
    battery_turned,  ///< the battery power has the wrong sign
    // Outputs; target: index of the output.
    output_deaf,     ///< ignores orders, reports nothing new
    output_mute,     ///< obeys, reports nothing
    output_stuck,    ///< reports the order while the contact does not move
    output_offline,  ///< off the network; the contact does not move, its lease runs
    output_reboot,   ///< momentary; value: 0 comes up off, 1 on, 2 unchanged
    output_slow,     ///< obeys after 12 s
    output_meter_lost,
    // Surroundings.
    sensor_lost,  ///< target: room
    battery_sensor_lost,
    battery_sensor_stuck,  ///< the GX goes on showing the battery temperature it had
    weather_lost,
    broker_away,
    house_load,  ///< value: W; not a fault
    // The computer.
    daemon_restart,  ///< value: s of downtime
    machine_reboot,  ///< value: s until the clock is synchronized; 45 s of downtime
    tick_gap,        ///< value: s without a tick
    power_cut,       ///< all outlets lose power, the computer too
    // People.
    override_load,  ///< target: load; value: 0 off, 1 on; lasts as long as the event
    override_fan,   ///< target: zone; value: 0 off, else level
    foreign_hand,   ///< momentary; target: output
    safe_mode,
    settings_changed,  ///< for its duration; value: seed of the change
};
inline constexpr std::size_t what_count = static_cast<std::size_t>(What::settings_changed) + 1;

const char* name_of(What what);
/// Returns false for events that are no trouble: a house changes its load.
constexpr bool is_trouble(What what) { return what != What::house_load; }
/// Returns true for events that distort the knowledge of the battery.
constexpr bool is_of_source(What what) { return what <= What::battery_turned; }

/// Bends what is known of temperatures and weather.
constexpr bool is_of_sensor(What what) { return what >= What::sensor_lost && what <= What::weather_lost; }

struct Happening {
    std::int64_t from_s = 0, until_s = 0;  ///< since the start of the stretch
    What what{};
    int target = 0;
    std::int64_t value = 0;
};

/// Amount of trouble. `none` has only house loads.
enum class Luck { none, some, much };

/// Targets for a plan.
struct PlanSite {
    int outputs = 6, loads = 4, zones = 2;
    std::int64_t lease_s = 300;
    bool battery_turns = false, battery_sticks = false;  ///< about every tenth day, for hours or days
};

/// Returns the events of one day, sorted by start. The same seed and day always give the same plan.
std::vector<Happening> plan_of_day(std::uint64_t seed, std::int64_t day, Luck luck, const PlanSite& site);

}  // namespace volt::simulation
