// What happens to a site besides the sun: faults, people, power cuts. Planned for each day from the seed alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace volt::simulation {

inline constexpr std::int64_t hour_s = 3600, day_s = 86'400;

/// One kind of event. The comment at each gives the meaning of `target` and `value`.
enum class What : std::uint8_t {
    // Sources; target: 0 the GX, 1 the Sol-Ark.
    source_silent,
    source_frozen,
    source_zeros,
    source_spikes,
    source_shifted,
    source_offset,   ///< value: 10 mV added to the voltage it shows
    source_slow,     ///< answers each 20 s
    battery_turned,  ///< the battery power has the other sign
    // Outputs; target: index of the output.
    output_deaf,     ///< does nothing, reports nothing new
    output_mute,     ///< obeys, reports nothing
    output_stuck,    ///< reports what was ordered while the contact stays
    output_offline,  ///< off the network; the contact stays, its lease runs
    output_reboot,   ///< a moment; value: 0 comes up off, 1 on, 2 as it was
    output_slow,     ///< obeys after 12 s
    output_meter_lost,
    // Surroundings.
    sensor_lost,  ///< target: room
    battery_sensor_lost,
    weather_lost,
    broker_away,
    house_load,  ///< value: W; no fault
    // The computer.
    daemon_restart,  ///< value: s of downtime
    machine_reboot,  ///< value: s until the clock is synchronized; 45 s of downtime
    tick_gap,        ///< value: s without a tick
    power_cut,       ///< all outlets dark, the computer too
    // People.
    override_load,  ///< target: load; value: 0 off, 1 on; lasts as long as the happening
    override_fan,   ///< target: zone; value: 0 off, else level
    foreign_hand,   ///< a moment; target: output
    safe_mode,
    settings_changed,  ///< for as long as it lasts; value: seed of the change
};
inline constexpr std::size_t what_count = static_cast<std::size_t>(What::settings_changed) + 1;

const char* name_of(What what);
/// Nothing that the rules have to live through: it changes the load, as a house does.
constexpr bool is_trouble(What what) { return what != What::house_load; }
/// Something that bends what is known of the battery.
constexpr bool is_of_source(What what) { return what <= What::battery_turned; }

struct Happening {
    std::int64_t from_s = 0, until_s = 0;  ///< since the beginning of the stretch
    What what{};
    int target = 0;
    std::int64_t value = 0;
};

/// How much goes wrong. `none`: nothing but house loads.
enum class Luck { none, some, much };

/// What may be named in a plan.
struct PlanSite {
    int outputs = 6, loads = 4, zones = 2;
    std::int64_t lease_s = 300;
    bool battery_turns = false;  ///< each tenth day or so, for hours or days
};

/// Happenings of one day, by start; the same seed and day give the same, whatever happened before.
std::vector<Happening> plan_of_day(std::uint64_t seed, std::int64_t day, Luck luck, const PlanSite& site);

}  // namespace volt::simulation
