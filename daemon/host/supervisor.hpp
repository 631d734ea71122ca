// Notifications to the service manager, by their own thread, so that a blocked one blocks nothing else. Outside of systemd
// all of it does nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

class Supervisor {
public:
    Supervisor();
    /// Waits briefly for pending notifications; a stuck thread is detached.
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Once, after the first complete turn.
    void ready();
    /// The loop's heartbeat, last in a turn that did all of it: feeds the watchdog when a third of its time has gone.
    void alive(Time now);
    /// Whether a manager reads the status line, and the last one is half a minute old.
    bool status_due(Time now) const;
    /// The line in `systemctl status`; sent when it changed.
    void status(const std::string& line, Time now);
    void reloading(Time now);
    void stopping();

private:
    struct Queue;
    static void run(const std::shared_ptr<Queue>& queue);
    void post(std::string message);
    void start();

    bool ready_ = false;
    std::optional<Duration> feed_every_;
    std::optional<Time> fed_;
    bool has_manager_;
    std::optional<Time> status_sent_;
    std::string line_;
    std::shared_ptr<Queue> queue_;  ///< shared with the thread, which may be detached
    bool running_ = false;
    Time tried_{};
};

}  // namespace volt
