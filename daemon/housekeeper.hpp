// Slow looks at files, away from the loop: whether the clock is synchronised, the tz database, memory in use.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "daemon/clock.hpp"

namespace volt {

/// A zone that was asked for; no clock: there is none of that name.
struct LoadedZone {
    std::string name;
    std::unique_ptr<ZoneClock> clock;
};

class Housekeeper {
public:
    /// `every`: how often the clock's state is looked at.
    explicit Housekeeper(Duration every = 5s);
    ~Housekeeper();
    Housekeeper(const Housekeeper&) = delete;
    Housekeeper& operator=(const Housekeeper&) = delete;

    bool clock_synchronised() const { return synchronised_; }
    /// Asks for a zone; at most one wish is kept, the newest.
    void want_zone(const std::string& name);
    /// What became of the newest wish, once; nothing while it is loading.
    std::optional<LoadedZone> take_zone();

private:
    void run();

    const Duration every_;
    std::atomic<bool> synchronised_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::string wanted_;
    std::optional<LoadedZone> loaded_;
    std::thread thread_;
};

}  // namespace volt
