// Learns from the last days when the sun starts and stops carrying the house, and how much energy it brings.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rules/budget/energy.hpp"

namespace volt {

/// Keeps the newest values, one per day, newest last. A full list drops the oldest.
template <class T, std::size_t Capacity>
class LastDays {
public:
    void add(T value) {
        if (count_ == Capacity) {
            for (std::size_t i = 1; i < Capacity; ++i) values_[i - 1] = values_[i];
            --count_;
        }
        values_[count_++] = value;
    }
    void clear() { count_ = 0; }
    T& newest() { return values_[count_ - 1]; }
    const T& newest() const { return values_[count_ - 1]; }
    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    const T* begin() const { return values_.data(); }
    const T* end() const { return values_.data() + count_; }
    bool operator==(const LastDays& other) const { return count_ == other.count_ && std::equal(begin(), end(), other.begin()); }

private:
    std::array<T, Capacity> values_{};
    std::size_t count_ = 0;
};

/// Memory of the last days. Times of day are seconds after midnight UTC, so daylight saving and a new time zone do not shift
/// them. Everything but the two means and `second` survives a restart.
struct DaysMemory {
    LastDays<std::int32_t, 3> rises, falls;          ///< last days for which both are known
    LastDays<Energy, 7> sums;                        ///< PV energy of the last observed days
    std::optional<std::int32_t> day;                 ///< local date being learned, days since 1970
    Energy sum{};                                    ///< PV energy of that day so far
    Duration seen{};                                 ///< time with usable PV between that day's dawn and dusk
    Energy open{};                                   ///< the part of `sum` that came while the bank was not full
    std::int64_t shut = 0;                           ///< share of that day, in millionths, while the bank was full
    std::optional<std::int32_t> second;              ///< local second of that day's newest tick
    int left_out = 0;                                ///< consecutive days that were not learned from; 0 to 2
    std::optional<std::int32_t> rise, fall;          ///< rise and fall of that day
    std::optional<std::int64_t> pv_mean, base_mean;  ///< 10 min means, in millionths of 1 W
    bool operator==(const DaysMemory&) const = default;
};

/// Powers of one tick, and the time since the previous tick (at most 60 s, 0 in the first).
struct DayInputs {
    Utc utc{};
    LocalTime local;
    std::optional<SunOfDay> sun;
    bool clock_trusted = false;
    Duration dt{};
    std::optional<Watts> pv, base_load;
    bool full = false;  ///< the bank is full, so the sun's full power is not visible
};

/// Expected day of the sun, in local seconds of the day. `dusk` is at least an hour after `dawn`.
struct SunTimes {
    std::int32_t dawn = 8 * 3600;
    std::int32_t dusk = 16 * 3600 + 1800;
};

/// Returns the time of the highest sun, in local seconds of the day.
std::int32_t noon_of(const SunOfDay& sun);
/// Returns true if the sun is highest between 10:00 and 15:00. Otherwise the time zone does not match the place.
bool fits_zone(const SunOfDay& sun);

/// Returns the learned dawn and dusk in today's local time, limited to sunrise and sunset. Before the first learned day, returns
/// an hour inside sunrise and sunset, or 08:00 and 16:30 if the place is unknown.
SunTimes sun_times(const DaysMemory& days, Utc utc, LocalTime local, const std::optional<SunOfDay>& sun);

/// Updates the two means. Call before learn_day() and sun_to_come().
void move_means(const DayInputs& inputs, DaysMemory& days);

/// Learns from this tick, and closes the day when the local date changes. Returns true if it closed a day.
bool learn_day(const DayInputs& inputs, DaysMemory& days);

/// Returns true if the sun's rise was seen on this local day.
inline bool has_risen(const DaysMemory& days, LocalTime local) { return days.rise && days.day == local.day; }

/// Returns true if the sun carries the site when it cannot shine: more than an hour before sunrise or after sunset, or between
/// 22:00 and 03:00 if the place is unknown or does not match the time zone.
bool sun_by_night(LocalTime local, const std::optional<SunOfDay>& sun, const DaysMemory& days);

/// Returns the energy still expected from the sun today; 0 before it has risen and without PV.
Energy sun_to_come(const DayInputs& inputs, const DaysMemory& days, const SunTimes& times);

/// Returns the share of a day's sun energy up to local second `t`, in millionths: a raised cosine, accurate to 1 %.
std::int64_t share_of_day(const SunTimes& times, std::int64_t t);

}  // namespace volt
