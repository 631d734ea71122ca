// Terminal that voltctl writes to: whether there is one, its size, and Ctrl-C.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/ctl/views/status_view.hpp"

namespace volt::ctl {

/// Returns true if standard output is a terminal.
bool on_terminal();
/// Sets colors to `always`, `never`, or `auto`: on a terminal, unless NO_COLOR is set (not empty) or TERM is dumb.
void colour_when(const std::string& when);
Paint paint_for_output();
/// Returns the size of the terminal, or 80x24 if unknown.
Screen screen_of_output();
/// Returns true if the terminal shows UTF-8, by the locale.
bool terminal_has_utf8();
/// Returns the columns that a table may fill. 0 means unlimited, because output is not a terminal.
std::size_t table_width();

/// Reason a wait ended. `resized`: the terminal has a new size.
enum class Woken : std::uint8_t { time, interrupted, resized };

/// Ends a wait on SIGINT, SIGTERM and a new terminal size while it exists. Only one may exist at a time.
class Interruptible {
public:
    Interruptible();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    /// Waits. Returns `interrupted` also for an earlier interruption.
    Woken wait_ms(std::int64_t milliseconds) const;
};

}  // namespace volt::ctl
