// Fixed numbers that several rules use or a sentence shows. A number that only one rule uses is defined next to that rule; the
// owner's settings are in policy.hpp.
#pragma once

#include <cstddef>

#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt::limits {

// The battery and the sun.
inline constexpr Watts losing{-200};                    ///< battery power below this means that the site runs on the battery
inline constexpr Volts above_reserve = 150_cV;          ///< a start on the battery needs the reserve plus this
inline constexpr Volts advised_above_stop = 100_cV;     ///< added to a stop voltage that kept too little in reserve
inline constexpr Duration stage_rises_after = 30s;      ///< hold above a threshold, if V is not clear of it
inline constexpr Duration source_returns_after = 30s;   ///< good samples for this time, before voltd uses a better source again
inline constexpr std::uint32_t needed_samples = 5;      ///< good samples needed after voltd starts, before any load starts
inline constexpr std::int64_t carried_percent = 90;     ///< PV of at least this share of the site load: the sun carries the site
inline constexpr Amps least_to_prove{1000};             ///< minimum charge current for a proof that charging can be stopped
inline constexpr Celsius coldest{-500}, hottest{1000};  ///< sensor values outside this range are wrong
inline constexpr Duration weather_grace = 15min;        ///< weather unusable for this time counts as not configured

// The night budget.
inline constexpr Duration house_known_after = 10min;     ///< minimum observation of the house before a plan is made
inline constexpr Duration longest_tick = 60s;            ///< a longer time between two ticks is a gap
inline constexpr Duration longest_unmetered = 300s;      ///< maximum time without battery power before the count of the bank is
                                                         ///< dropped
inline constexpr Duration kept_while_clock_unset = 16h;  ///< hours of the house's need kept while dawn is unknown
inline constexpr Duration kept_ahead = 1h;               ///< time of a load's draw that must be spare when it starts
inline constexpr int days_not_full = 14;                 ///< days until `bank_never_full` is raised

// Loads and outputs.
inline constexpr std::int64_t drawing_percent = 80;    ///< share of the nominal draw: above it the load is working
inline constexpr std::int64_t leaking_percent = 10;    ///< share of the nominal draw while off: above it the relay is stuck on
inline constexpr Watts leaking_without_load = 50_W;    ///< the same of an output whose load was removed
inline constexpr std::int64_t overload_percent = 110;  ///< share of `inverter_max_w`
inline constexpr Watts meter_beyond_site{500};         ///< a reading this far above the whole site load means a wrong meter, not
                                                       ///< a welded contact
inline constexpr Watts meter_lowest{-50}, meter_highest{20000};  ///< a meter outside this range is wrong
inline constexpr Duration starts_window = 1h;                    ///< window of `max_starts_per_hour`
inline constexpr Duration priority_lasts = 1h;  ///< time that a waiting load of a smaller level holds larger ones back
inline constexpr Duration default_override = 1h, longest_override = 24h;
inline constexpr std::int32_t highest_level = 255;  ///< limit for all fans; a fan's `max_level` is at most this
inline constexpr Duration external_override = 1h;   ///< length of the override after someone else switched an output
inline constexpr Duration disputed_order = 10min;   ///< an order that someone reverses sooner is disputed
inline constexpr std::size_t disputes = 3;          ///< disputes within `external_memory` that indicate another controller
inline constexpr Duration external_memory = 1h;
inline constexpr Duration lease_over = 5s;  ///< time after the end of its lease until an unavailable output counts as off
inline constexpr Duration heater_min_off = 300s;
inline constexpr std::size_t removed_kept = 16;  ///< removed rows that are remembered for an undo

}  // namespace volt::limits
