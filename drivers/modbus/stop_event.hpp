// A way to end waits of another thread at once: everything that waits here waits on this descriptor too.
#pragma once

#include <atomic>

#include "rules/time.hpp"

namespace volt::modbus {

/// Set once, from any thread; never reset.
class StopEvent {
public:
    StopEvent();
    ~StopEvent();
    StopEvent(const StopEvent&) = delete;
    StopEvent& operator=(const StopEvent&) = delete;

    void set();
    bool is_set() const { return set_; }
    /// Waits until `deadline` (monotonic); true: was set.
    bool wait_until(Time deadline) const;
    /// Waits for `events` (POLLIN, POLLOUT) of `socket`; false: set, or the deadline has passed.
    bool wait_for(int socket, short events, Time deadline) const;

private:
    int descriptor_;  ///< an eventfd, or -1: then waits poll the flag in short steps
    std::atomic<bool> set_{false};
};

}  // namespace volt::modbus
