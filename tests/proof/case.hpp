// One case: a site and its events, as plain data that can be shrunk and printed.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/policy.hpp"

namespace volt::proof {

inline std::size_t place(Index index) { return static_cast<std::size_t>(index); }

/// What begins at a tick. Those that last end by themselves after `lasts` ticks.
enum class What : std::uint8_t {
    volts_to,
    volts_spike,
    source_silent,
    source_no_data,
    source_frozen,
    unit_frozen,
    source_apart,
    pv_to,
    house_to,
    power_silent,
    pv_no_data,
    load_no_data,
    battery_no_data,
    bms_limit,
    sunny_is,
    sunny_silent,
    room_to,
    room_silent,
    room_no_data,
    bank_to,
    bank_silent,
    deaf,
    mute,
    away,
    reboot,
    hand,
    meter_silent,
    draws_percent,
    no_lease,
    broker_down,
    untrusted,
    clock_step,
    gap,
    safe_mode,
    restart,
    mode,
    edit_miner,
    edit_zone,
    edit_control,
    edit_preferences,
    turn_list,
    override_miner,
    override_fan,
    override_heat,
};
inline constexpr std::int64_t kinds = static_cast<std::int64_t>(What::override_heat) + 1;
const char* name_of(What what);

struct Event {
    int at = 0;  ///< tick
    What what{};
    std::size_t who = 0;     ///< of the list that `what` is about
    std::int64_t value = 0;  ///< in steps of what it is about; the seed of an edit
    int lasts = 0;           ///< ticks; 0: does not end
};

struct Case {
    std::uint64_t seed = 0;
    bool noise = true;        ///< readings tremble
    bool every_exit = false;  ///< at the end the way out is tried for every load, not for one
    int ticks = 0;
    Policy site;
    std::vector<Event> events;  ///< at most 200
};

/// A case of its own for every seed.
Case make_case(std::uint64_t seed, int ticks);

}  // namespace volt::proof
