// Terminal as a Console: reads lines as typed; Ctrl-C ends a wait.
#pragma once

#include <optional>
#include <string>

#include "daemon/ctl/init/talk.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl::init {

/// Uses standard input and output; both must be a terminal.
class TerminalConsole final : public Console {
public:
    void write(const std::string& text) override;
    std::optional<std::string> read_line(bool hidden, const std::function<void()>& idle) override;
    bool pause(Duration duration) override;

    /// Returns true if Ctrl-C was pressed since the start or the last forget().
    bool interrupted() const;
    /// Clears an interruption, to continue asking.
    void forget();

private:
    std::optional<std::string> take_line();

    std::optional<Interruptible> signals_{std::in_place};
    std::string typed_;  ///< and not yet read
};

}  // namespace volt::ctl::init
