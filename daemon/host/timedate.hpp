// Clock synchronization from systemd-timedated over the system bus, for a sandbox that blocks the kernel call.
#pragma once

#include <functional>
#include <optional>

#include "rules/time.hpp"

namespace volt {

/// Returns NTPSynchronized of org.freedesktop.timedate1, true for timesyncd, chrony and ntpd alike. Returns nothing if there is
/// no bus or no such service, no answer within `limit`, or `stop` returned true. Waits, so not for the loop thread.
std::optional<bool> query_timedate(
    Duration limit, const std::function<bool()>& stop = [] { return false; });

/// Schedule of the queries. The kernel is cheap and queried at each update. Where that is blocked, timedated is queried each
/// minute until it answers yes, then every ten minutes, and at once when the wall clock has stepped.
class ClockWatch {
public:
    /// Returns nothing if unknown.
    using Query = std::function<std::optional<bool>()>;
    ClockWatch(Query kernel, Query timedate) : kernel_(std::move(kernel)), timedate_(std::move(timedate)) {}
    /// Returns true if the clock is synchronized. Unknown counts as not.
    bool update(Utc utc, Time now);

private:
    bool stepped(Utc offset);

    Query kernel_, timedate_;
    std::optional<Utc> offset_;  ///< offset from monotonic to wall time at the last update
    std::optional<Time> query_at_;
    bool synchronised_ = false;
};

}  // namespace volt
