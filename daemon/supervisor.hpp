// What the service manager is told. Outside of systemd all of it does nothing.
#pragma once

#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

class Supervisor {
public:
    Supervisor();
    /// Once, after the first complete turn.
    void ready();
    /// Last in a turn that did all of it: feeds the watchdog when a third of its time has gone.
    void alive(Time now);
    /// The line in `systemctl status`; sent when it changed.
    void status(const std::string& line);
    void reloading(Time now);
    void stopping();

private:
    bool ready_ = false;
    std::optional<Duration> feed_every_;
    std::optional<Time> fed_;
    std::string line_;
};

}  // namespace volt
