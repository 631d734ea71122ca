// One case: a site and its events, as plain data that can be shrunk and printed.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/policy.hpp"

namespace volt::proof {

inline std::size_t place(Index index) { return static_cast<std::size_t>(index); }

/// An event that begins at a tick. One with a duration ends by itself after `lasts` ticks.
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
    // Drawn by dice of their own.
    cached,      ///< a gateway answers from its cache; value: 0 nothing, 1 off, 2 on
    bank_apart,  ///< one battery temperature differs from the bank's
};
inline constexpr std::int64_t kinds = static_cast<std::int64_t>(What::override_heat) + 1;
const char* name_of(What what);

struct Event {
    int at = 0;  ///< tick
    What what{};
    std::size_t who = 0;     ///< index into the list of the event's subjects
    std::int64_t value = 0;  ///< in steps of the subject's unit; seed of an edit
    int lasts = 0;           ///< in ticks; 0 if it does not end
};

struct Case {
    std::uint64_t seed = 0;
    bool noise = true;        ///< readings have noise
    bool every_exit = false;  ///< tries every load, not one, for an exit at the end
    int ticks = 0;
    Policy site;
    std::vector<Event> events;  ///< at most 200
};

/// Makes a different case for each seed.
Case make_case(std::uint64_t seed, int ticks);

}  // namespace volt::proof
