// The fixed numbers that several rules use or a sentence shows. A number that only one rule uses is next to that rule; the
// owner's settings are in policy.hpp.
#pragma once

#include <cstddef>

#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt::limits {

// The battery and the sun.
inline constexpr Watts losing{-200};                    ///< battery power below this: the site runs on the battery
inline constexpr Volts above_reserve = 150_cV;          ///< a start on the battery needs the reserve plus this
inline constexpr Volts advised_above_stop = 100_cV;     ///< added to a stop voltage that kept too little in reserve
inline constexpr Duration stage_rises_after = 30s;      ///< above a threshold, if V is not clear of it
inline constexpr Duration source_returns_after = 30s;   ///< of good samples, before a better source is used again
inline constexpr std::uint32_t needed_samples = 5;      ///< good samples needed after voltd starts, before anything starts
inline constexpr std::int64_t carried_percent = 90;     ///< of the site load: with this much PV the sun carries the site
inline constexpr Amps least_to_prove{1000};             ///< charging with more than this can be proven to stop
inline constexpr Celsius coldest{-500}, hottest{1000};  ///< a sensor that reads outside these is wrong
inline constexpr Duration weather_grace = 15min;        ///< without usable weather, before it counts as not configured

// The night budget.
inline constexpr Duration house_known_after = 10min;     ///< of the house seen, before a plan is made
inline constexpr Duration longest_tick = 60s;            ///< a longer time between two ticks is a gap
inline constexpr Duration longest_unmetered = 300s;      ///< without battery power, before the count of the bank is dropped
inline constexpr Duration kept_while_clock_unset = 16h;  ///< of the house's need kept while dawn is unknown
inline constexpr Duration kept_ahead = 1h;               ///< of a load's draw that must be spare when it starts
inline constexpr int days_not_full = 14;                 ///< after which `bank_never_full` is raised

// Loads and outputs.
inline constexpr std::int64_t drawing_percent = 80;    ///< of its nominal draw: the load is working
inline constexpr std::int64_t leaking_percent = 10;    ///< of its nominal draw while off: its relay is stuck on
inline constexpr std::int64_t overload_percent = 110;  ///< of `inverter_max_w`
inline constexpr Watts meter_beyond_site{500};         ///< over the whole site load: a meter is wrong, no contact welded
inline constexpr Watts meter_lowest{-50}, meter_highest{20000};  ///< a meter outside these is wrong
inline constexpr Duration starts_window = 1h;                    ///< of `max_starts_per_hour`
inline constexpr Duration priority_lasts = 1h;  ///< how long a waiting load of a smaller level holds larger ones back
inline constexpr Duration default_override = 1h, longest_override = 24h;
inline constexpr std::int32_t highest_level = 255;  ///< of any fan; its own `max_level` is at most this
inline constexpr Duration external_override = 1h;   ///< after someone else switched an output
inline constexpr Duration disputed_order = 10min;   ///< an order that is undone sooner is disputed
inline constexpr std::size_t disputes = 3;          ///< so many within `external_memory`: another controller
inline constexpr Duration external_memory = 1h;
inline constexpr Duration lease_over = 5s;  ///< after the end of its lease, an output that is away counts as off
inline constexpr Duration heater_min_off = 300s;
inline constexpr std::size_t removed_kept = 16;  ///< rows that were removed and may come back by an undo

}  // namespace volt::limits
