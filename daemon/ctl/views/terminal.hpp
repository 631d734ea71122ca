// The terminal voltctl writes to: whether there is one, its size, and Ctrl-C.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/ctl/views/status_view.hpp"

namespace volt::ctl {

/// Whether standard output is a terminal.
bool on_terminal();
/// From now on colours `always`, `never`, or `auto`: on a terminal, unless NO_COLOR is set (not empty) or TERM is dumb.
void colour_when(const std::string& when);
Paint paint_for_output();
/// Size of the terminal; 80x24 where it is unknown.
Screen screen_of_output();
/// Whether the terminal shows UTF-8, by the locale.
bool terminal_has_utf8();
/// Columns a table may fill; 0: unlimited, as output is not a terminal.
std::size_t table_width();

/// Why a wait ended. `resized`: the terminal has another size now.
enum class Woken : std::uint8_t { time, interrupted, resized };

/// Ends a wait on SIGINT and SIGTERM while it lives, and on a new size of the terminal; one at a time.
class Interruptible {
public:
    Interruptible();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    /// Waits; interrupted: now or before.
    Woken wait_ms(std::int64_t milliseconds) const;
};

}  // namespace volt::ctl
