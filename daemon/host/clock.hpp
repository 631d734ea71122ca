// Wall time: for schedules, stored times and sentences. Holds, ages and limits never use it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

/// Local time of one zone of the tz database. Remembers the current offset until its next change.
class ZoneClock {
public:
    /// Reads the tz database (files), so not for the loop thread. Returns null for an unknown name.
    static std::unique_ptr<ZoneClock> load(const std::string& name);
    virtual ~ZoneClock() = default;
    virtual LocalTime local(Utc utc) = 0;
    /// Returns the first moment at which the wall clock shows this. A time that a DST change skips moves past it.
    virtual Utc utc(const LocalTime& local) const = 0;
    virtual const std::string& name() const = 0;
};

/// Parsed `RATE@START` of `--wall-clock`, e.g. `720@2025-06-21T05:30`. Only the wall clock runs at this rate.
struct SimulatedWall {
    std::int64_t rate = 1;  ///< 1..100000 wall seconds per second
    LocalTime start;        ///< local time of the site's zone
};

/// Returns nothing if `text` has another form.
std::optional<SimulatedWall> parse_wall_clock(const std::string& text);

/// Wall clock: the system's, a simulated one that started at `begin` (monotonic), or a test's.
class WallClock {
public:
    WallClock() = default;
    WallClock(SimulatedWall wall, Utc start, Time begin) : simulated_(wall), start_(start), begin_(begin) {}
    explicit WallClock(std::function<Utc(Time now)> source) : source_(std::move(source)) {}
    Utc utc(Time now) const;
    bool simulated() const { return simulated_.has_value(); }
    std::int64_t rate() const { return simulated_ ? simulated_->rate : 1; }

private:
    std::optional<SimulatedWall> simulated_;
    Utc start_{};
    Time begin_{};
    std::function<Utc(Time)> source_;
};

/// WallTrust: decides whether the wall clock can be trusted. Once trusted, it remains so until wall and monotonic time differ by
/// over 5 min. From then on `synchronised` counts again after 20 s, because the system is checked every 5 s and its state may be
/// older than the jump.
class WallTrust {
public:
    /// Sets the time of the newest stored row. A wall clock more than 5 min before it is wrong until it has passed it, whatever
    /// the system or the configuration reports.
    void know(Utc newest_row) { newest_row_ = newest_row; }
    /// Returns true if the wall clock is trusted. `synchronised`: by the system. `vouched`: by the configuration.
    bool update(bool synchronised, bool vouched, Utc utc, Time now);

private:
    std::optional<Utc> offset_;  ///< offset from monotonic to wall time when trust began
    std::optional<Time> untrusted_until_;
    std::optional<Utc> newest_row_;
    bool behind_ = false;  ///< the wall clock was before the newest row and has not passed it yet
};

/// Returns true if the clock is synchronized, as the kernel reports it (adjtimex) or systemd-timesyncd has marked it. Returns
/// nothing if a sandbox blocks the kernel call and there is no mark. Reads a file, so not for the loop thread.
std::optional<bool> clock_is_synchronised();

}  // namespace volt
