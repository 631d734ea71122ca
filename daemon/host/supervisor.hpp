// Supervisor: notifies the service manager from a separate thread, so that a blocked manager blocks nothing else. Does nothing
// outside systemd.
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

    /// Sends READY. Call once, after the first complete turn.
    void ready();
    /// Sends the loop's heartbeat when a third of the watchdog's time has passed. Call last in a complete turn.
    void alive(Time now);
    /// Returns true if a manager reads the status line and the last one is half a minute old.
    bool status_due(Time now) const;
    /// Sends the line for `systemctl status` if it changed.
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
