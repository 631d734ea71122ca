// What the loop sleeps on: its deadline, a signal, or a nudge from another thread.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/time.hpp"

namespace volt {

enum class WakeReason : std::uint8_t { deadline, nudge, stop, reload };

/// Blocks SIGTERM, SIGINT and SIGHUP for the process (make it before the first thread) and ignores SIGPIPE and SIGXFSZ.
class EventWait {
public:
    EventWait();
    ~EventWait();
    EventWait(const EventWait&) = delete;
    EventWait& operator=(const EventWait&) = delete;

    /// Safe from any thread, also from a callback of a library.
    void nudge() const;
    /// Sleeps until `deadline` (monotonic) or until one of the others; a stop comes before all else.
    WakeReason wait_until(Time deadline) const;

private:
    int nudges_;
    int signals_;
};

}  // namespace volt
