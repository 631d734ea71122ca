// Whether the clock is synchronised, where a sandbox bars the kernel's answer: systemd-timedated is queried over the system bus.
#pragma once

#include <functional>
#include <optional>

#include "rules/time.hpp"

namespace volt {

/// NTPSynchronized of org.freedesktop.timedate1, true for timesyncd, chrony and ntpd alike. Empty: there is no bus or no such
/// service, no answer within `limit`, or `stop` came true. Waits: not for the loop thread.
std::optional<bool> query_timedate(
    Duration limit, const std::function<bool()>& stop = [] { return false; });

/// Which one is queried when. The kernel is cheap and queried at each update; where it may not be, timedated each minute until it
/// answers yes, every ten minutes from then on, and at once when the wall clock has stepped.
class ClockWatch {
public:
    /// Empty: unknown.
    using Query = std::function<std::optional<bool>()>;
    ClockWatch(Query kernel, Query timedate) : kernel_(std::move(kernel)), timedate_(std::move(timedate)) {}
    /// Whether the clock is synchronised; unknown counts as not.
    bool update(Utc utc, Time now);

private:
    bool stepped(Utc offset);

    Query kernel_, timedate_;
    std::optional<Utc> offset_;  ///< wall less monotonic at the last update
    std::optional<Time> query_at_;
    bool synchronised_ = false;
};

}  // namespace volt
