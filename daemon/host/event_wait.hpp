// Wait of the loop: its deadline, a signal, or a nudge from another thread.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/time.hpp"

namespace volt {

enum class WakeReason : std::uint8_t { deadline, nudge, stop, reload };

/// Blocks SIGTERM, SIGINT and SIGHUP for the process, so create it before the first thread. Ignores SIGPIPE and SIGXFSZ.
class EventWait {
public:
    EventWait();
    ~EventWait();
    EventWait(const EventWait&) = delete;
    EventWait& operator=(const EventWait&) = delete;

    /// Wakes the loop. Safe from any thread and from library callbacks.
    void nudge() const;
    /// Sleeps until `deadline` (monotonic), a signal or a nudge. A stop takes precedence over everything else.
    WakeReason wait_until(Time deadline) const;

private:
    int nudges_;
    int signals_;
};

}  // namespace volt
