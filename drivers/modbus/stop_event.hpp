// Ends waits of another thread at once: every wait also waits on this descriptor.
#pragma once

#include <atomic>

#include "rules/time.hpp"

namespace volt::modbus {

/// The event. Set once, from any thread; never reset.
class StopEvent {
public:
    StopEvent();
    ~StopEvent();
    StopEvent(const StopEvent&) = delete;
    StopEvent& operator=(const StopEvent&) = delete;

    void set();
    bool is_set() const { return set_; }
    /// Waits until `deadline` (monotonic). Returns true if it was set.
    bool wait_until(Time deadline) const;
    /// Waits for `events` (POLLIN, POLLOUT) of `socket`. Returns false if it was set, or the deadline has passed.
    bool wait_for(int socket, short events, Time deadline) const;

private:
    int descriptor_;  ///< an eventfd, or -1, in which case waits poll the flag in short steps
    std::atomic<bool> set_{false};
};

}  // namespace volt::modbus
