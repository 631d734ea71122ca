// Learned from the last days: when the sun starts and stops carrying the house, and how much energy it brought.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rules/budget/energy.hpp"

namespace volt {

/// The newest values, one per day, newest last; a full list drops the oldest.
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

/// Times of day are seconds after midnight UTC, so that daylight saving and a new time zone do not move them. Everything but
/// the two means and `second` survives a restart.
struct DaysMemory {
    LastDays<std::int32_t, 3> rises, falls;          ///< of the last days with both
    LastDays<Energy, 7> sums;                        ///< PV energy of the last observed days
    std::optional<std::int32_t> day;                 ///< local date being learned, days since 1970
    Energy sum{};                                    ///< PV of that day so far
    Duration seen{};                                 ///< how long PV was usable between its dawn and dusk
    Energy open{};                                   ///< of `sum`, what came while the bank was not full
    std::int64_t shut = 0;                           ///< share of that day, in millionths, while the bank was full
    std::optional<std::int32_t> second;              ///< local, of that day's newest tick
    int left_out = 0;                                ///< days in a row that were not learned from; 0 to 2
    std::optional<std::int32_t> rise, fall;          ///< of that day
    std::optional<std::int64_t> pv_mean, base_mean;  ///< of 10 min, in millionths of 1 W
    bool operator==(const DaysMemory&) const = default;
};

/// The powers of one tick, and the time since the tick before (at most 60 s, 0 in the first).
struct DayInputs {
    Utc utc{};
    LocalTime local;
    std::optional<SunOfDay> sun;
    bool clock_trusted = false;
    Duration dt{};
    std::optional<Watts> pv, base_load;
    bool full = false;  ///< what the sun could give is not seen
};

/// The expected day of the sun, in local seconds of the day. `dusk` is at least an hour after `dawn`.
struct SunTimes {
    std::int32_t dawn = 8 * 3600;
    std::int32_t dusk = 16 * 3600 + 1800;
};

/// When the sun is highest, in local seconds of the day.
std::int32_t noon_of(const SunOfDay& sun);
/// The sun is highest between 10:00 and 15:00: else the time zone is not that of the place.
bool fits_zone(const SunOfDay& sun);

/// Learned dawn and dusk in today's local time, within the sun's own; before the first day an hour inside of them, or 08:00 and
/// 16:30 where the place is not known.
SunTimes sun_times(const DaysMemory& days, Utc utc, LocalTime local, const std::optional<SunOfDay>& sun);

/// Updates the two means; before the two below.
void move_means(const DayInputs& inputs, DaysMemory& days);

/// Learns from this tick, and closes the day when the local date changes. True: it closed a day.
bool learn_day(const DayInputs& inputs, DaysMemory& days);

/// The sun's rise was seen on this local day.
inline bool has_risen(const DaysMemory& days, LocalTime local) { return days.rise && days.day == local.day; }

/// The sun carries the site at an hour at which it cannot shine: more than an hour before it rises or after it sets, or between
/// 22:00 and 03:00 where the place is not known or the zone does not fit it.
bool sun_by_night(LocalTime local, const std::optional<SunOfDay>& sun, const DaysMemory& days);

/// The energy still expected from the sun today; 0 before it has risen and without PV.
Energy sun_to_come(const DayInputs& inputs, const DaysMemory& days, const SunTimes& times);

/// Share of a day's sun energy by the local second `t`, in millionths: a raised cosine within 1 %.
std::int64_t share_of_day(const SunTimes& times, std::int64_t t);

}  // namespace volt
