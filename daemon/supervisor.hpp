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
    /// Whether somebody reads the line, and the last one is some seconds old.
    bool status_due(Time now) const;
    /// The line in `systemctl status`; sent when it changed.
    void status(const std::string& line, Time now);
    void reloading(Time now);
    void stopping();

private:
    bool ready_ = false;
    std::optional<Duration> feed_every_;
    std::optional<Time> fed_;
    bool listened_to_;
    std::optional<Time> told_;
    std::string line_;
};

}  // namespace volt
