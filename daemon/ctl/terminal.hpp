// The terminal voltctl writes to: whether there is one, its size, and Ctrl-C.
#pragma once

#include <atomic>

#include "daemon/ctl/status_view.hpp"

namespace volt::ctl {

/// Whether standard output is a terminal.
bool on_terminal();
/// Colours: on a terminal, unless NO_COLOR is set (not empty) or TERM is dumb.
Paint paint_for_output();
/// Size of the terminal; 80x24 where it does not say.
Screen screen_of_output();

/// Ends a wait on SIGINT and SIGTERM while it lives; one at a time.
class Interruptible {
public:
    Interruptible();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    /// Waits; true: interrupted (now or before).
    bool wait_ms(long milliseconds) const;
};

}  // namespace volt::ctl
