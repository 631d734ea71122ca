#include "rules/budget/days.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration day_mean_over = 10min;
constexpr std::int64_t rise_percent = 115, fall_percent = 100;  // percent of the base load
constexpr std::int64_t least_sun_w = 100;
constexpr std::int32_t rises_from = 3 * 3600, falls_from = 12 * 3600;
constexpr std::int32_t least_day_s = 3600;
constexpr std::int32_t beside_sun_s = 3600;  // distance from sunrise and sunset at which the sun can carry a house
constexpr std::int64_t seen_percent = 90;
constexpr std::int32_t twilight_s = 2520;  // the sun gives a little before dawn and after dusk
constexpr std::int64_t pace_over_s = 900;  // before and after now: the span over which current power is compared with the day's
constexpr std::int64_t least_pace = 10'000;
constexpr std::int64_t sum_counts_from = 120'000;
constexpr Energy most_of_a_day = wh(2'400'000);
constexpr std::int64_t sun_percent = 75;      // percent of the expected energy that the plan uses
constexpr std::int64_t least_open = 250'000;  // share of a day from which its full energy can be estimated
constexpr int most_left_out = 3;              // consecutive days; the last of them counts as observed
constexpr std::int32_t longest_step_s = 60;

std::int32_t utc_second(Utc utc) {
    const std::int64_t second = (utc.count() / 1000) % day_s;
    return static_cast<std::int32_t>(second < 0 ? second + day_s : second);
}

std::int32_t local_second(std::int32_t of_utc, Utc utc, LocalTime local) {
    const std::int32_t offset = local.second_of_day - utc_second(utc);
    return (of_utc + offset + 2 * day_s) % day_s;
}

bool carries(const DaysMemory& days, std::int64_t percent) {
    return days.pv_mean && days.base_mean && *days.pv_mean >= least_sun_w * millionths &&
           *days.pv_mean * 100 >= *days.base_mean * percent;
}

/// Estimates the energy that the sun would have given up to this share of the day if the bank had never been full.
Energy had_it_been_open(const DaysMemory& days, std::int64_t share) {
    return std::min(Energy{days.open.steps * millionths / std::max(least_open, share - days.shut)}, most_of_a_day);
}

/// Returns true more than an hour after sunset and before sunrise, either of which may be past midnight.
bool is_dark(std::int32_t t, const SunOfDay& sun) {
    const std::int32_t night = (sun.rise - sun.set + day_s) % day_s, since = (t - sun.set + day_s) % day_s;
    return since > beside_sun_s && since < night - beside_sun_s;
}

/// Closes a day. Does not learn from a day that was mostly not observed, unless several such days follow each other.
void close_day(const SunTimes& times, DaysMemory& days) {
    const std::int64_t daylight_ms = std::int64_t{times.dusk - times.dawn} * 1000;
    const bool observed = days.seen.count() * 100 >= daylight_ms * seen_percent;
    if (observed || ++days.left_out == most_left_out) {
        days.left_out = 0;
        days.sums.add(observed ? std::max(days.sum, had_it_been_open(days, millionths)) : days.sum);
        if (days.rise && days.fall) {
            days.rises.add(*days.rise);
            days.falls.add(*days.fall);
        }
    }
    days.sum = days.open = {};
    days.seen = {};
    days.shut = 0;
    days.second.reset();
    days.rise.reset();
    days.fall.reset();
}

/// Splits the day's energy. While the bank is full, PV shows the power in use, not the power available.
void split_day(const DayInputs& inputs, const SunTimes& times, DaysMemory& days) {
    const std::int32_t t = inputs.local.second_of_day;
    if (!inputs.full) {
        if (inputs.pv) days.open = std::min(days.open + over(std::max(*inputs.pv, Watts{0}), inputs.dt), most_of_a_day);
    } else if (days.second && *days.second <= t) {
        const std::int64_t moved = share_of_day(times, t) - share_of_day(times, std::max(*days.second, t - longest_step_s));
        days.shut = std::min(days.shut + moved, millionths);
    }
    days.second = t;
}

void see_sun(const DayInputs& inputs, const SunTimes& times, DaysMemory& days) {
    const std::int32_t t = inputs.local.second_of_day;
    split_day(inputs, times, days);
    if (inputs.pv) {
        days.sum = std::min(days.sum + over(std::max(*inputs.pv, Watts{0}), inputs.dt), most_of_a_day);
        if (t >= times.dawn && t < times.dusk) days.seen += inputs.dt;
    }
    if (!days.rise && t >= rises_from && carries(days, rise_percent)) days.rise = utc_second(inputs.utc);
    if (days.rise && t >= falls_from && carries(days, fall_percent)) days.fall = utc_second(inputs.utc);
}

/// Estimates the sun energy of the whole day from the energy so far and the power now.
Energy whole_day(const DayInputs& inputs, const DaysMemory& days, const SunTimes& times, std::int64_t share) {
    const std::int64_t t = inputs.local.second_of_day;
    const std::int64_t pace = share_of_day(times, t + pace_over_s) - share_of_day(times, t - pace_over_s);
    const Energy now{*days.pv_mean / millionths * (2 * pace_over_s * 1000) * millionths / std::max(least_pace, pace)};
    Energy whole{};
    if (share >= sum_counts_from) {
        Energy day{days.sum.steps * millionths / share};
        if (days.shut > 0) day = std::max(day, had_it_been_open(days, share));
        whole = inputs.full ? day : std::min(day, Energy{(day.steps + now.steps) / 2});
    } else if (!days.sums.empty()) {
        whole = std::min(*(days.sums.end() - 1), now);
    }
    return std::clamp(whole, Energy{}, most_of_a_day);
}

}  // namespace

std::int32_t noon_of(const SunOfDay& sun) { return (sun.rise + (sun.set - sun.rise + day_s) % day_s / 2) % day_s; }

bool fits_zone(const SunOfDay& sun) {
    constexpr std::int32_t earliest_noon = 10 * 3600, latest_noon = 15 * 3600;
    return noon_of(sun) >= earliest_noon && noon_of(sun) <= latest_noon;
}

SunTimes sun_times(const DaysMemory& days, Utc utc, LocalTime local, const std::optional<SunOfDay>& sun) {
    SunTimes times;
    const bool bounded = sun && sun->rise < sun->set && fits_zone(*sun);
    if (bounded) times = {sun->rise + beside_sun_s, sun->set - beside_sun_s};
    if (!days.rises.empty()) {
        times.dawn = 0;
        for (const std::int32_t rise : days.rises) times.dawn = std::max(times.dawn, local_second(rise, utc, local));
    }
    if (!days.falls.empty()) {
        std::int64_t sum = 0;
        for (const std::int32_t fall : days.falls) sum += local_second(fall, utc, local);
        times.dusk = static_cast<std::int32_t>(sum / static_cast<std::int64_t>(days.falls.size()));
    }
    if (bounded) times = {std::max(times.dawn, sun->rise), std::min(times.dusk, sun->set)};
    times.dusk = std::max(times.dusk, times.dawn + least_day_s);
    return times;
}

void move_means(const DayInputs& inputs, DaysMemory& days) {
    if (inputs.pv) move_mean(days.pv_mean, inputs.pv->steps * millionths, inputs.dt, day_mean_over);
    else days.pv_mean.reset();
    if (inputs.base_load) move_mean(days.base_mean, inputs.base_load->steps * millionths, inputs.dt, day_mean_over);
}

bool sun_by_night(LocalTime local, const std::optional<SunOfDay>& sun, const DaysMemory& days) {
    constexpr std::int32_t night_from = 22 * 3600;
    const std::int32_t t = local.second_of_day;
    return (sun && fits_zone(*sun) ? is_dark(t, *sun) : t >= night_from || t < rises_from) && carries(days, fall_percent);
}

bool learn_day(const DayInputs& inputs, DaysMemory& days) {
    if (!inputs.clock_trusted) return false;
    const std::int32_t today = inputs.local.day;
    const bool closes = days.day && today > *days.day;
    if (closes) close_day(sun_times(days, inputs.utc, inputs.local, inputs.sun), days);
    if (!days.day || closes) days.day = today;
    if (today == *days.day) see_sun(inputs, sun_times(days, inputs.utc, inputs.local, inputs.sun), days);
    return closes;
}

std::int64_t share_of_day(const SunTimes& times, std::int64_t t) {
    const std::int64_t begin = times.dawn - twilight_s, end = times.dusk + twilight_s;
    const std::int64_t x = std::clamp<std::int64_t>((t - begin) * 100'000 / (end - begin), 0, 100'000);
    return x * x * (300'000 - 2 * x) / 1'000'000'000;
}

Energy sun_to_come(const DayInputs& inputs, const DaysMemory& days, const SunTimes& times) {
    if (!inputs.clock_trusted || !has_risen(days, inputs.local) || !inputs.pv || !days.pv_mean) return {};
    const std::int64_t share = share_of_day(times, inputs.local.second_of_day);
    const Energy whole = whole_day(inputs, days, times, share);
    return {whole.steps * (millionths - share) / millionths * sun_percent / 100};
}

}  // namespace volt
