// Whether the clock is synchronised, where a sandbox bars the kernel's own answer: systemd-timedated is asked by the system bus.
#pragma once

#include <functional>
#include <optional>

#include "rules/time.hpp"

namespace volt {

/// NTPSynchronized of org.freedesktop.timedate1, true for timesyncd, chrony and ntpd alike. Nothing: there is no bus or no such
/// service, no answer within `limit`, or `stop` came true. Waits: not for the loop thread.
std::optional<bool> ask_timedate(
    Duration limit, const std::function<bool()>& stop = [] { return false; });

/// When to ask whom. The kernel is cheap and asked at each look; where it may not be asked, timedated each minute until it says
/// yes, every ten minutes from then on, and at once when the wall has stepped.
class ClockWatch {
public:
    /// A look says nothing where it cannot know.
    using Look = std::function<std::optional<bool>()>;
    ClockWatch(Look kernel, Look timedate) : kernel_(std::move(kernel)), timedate_(std::move(timedate)) {}
    /// Whether the clock is synchronised; unknown counts as not.
    bool look(Utc utc, Time now);

private:
    bool stepped(Utc offset);

    Look kernel_, timedate_;
    std::optional<Utc> offset_;  ///< wall less monotonic at the last look
    std::optional<Time> ask_at_;
    bool said_ = false;
};

}  // namespace volt
