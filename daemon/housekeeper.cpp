#include "daemon/housekeeper.hpp"

#include <utility>

namespace volt {

Housekeeper::Housekeeper(Duration every)
    : every_(every), synchronised_(clock_is_synchronised()), thread_([this] { run(); }) {}

Housekeeper::~Housekeeper() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Housekeeper::want_zone(const std::string& name) {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = name;
    }
    wake_.notify_all();
}

std::optional<LoadedZone> Housekeeper::take_zone() {
    const std::lock_guard lock(mutex_);
    return std::exchange(loaded_, std::nullopt);
}

void Housekeeper::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        if (!wanted_.empty()) {
            const std::string name = std::exchange(wanted_, {});
            lock.unlock();
            auto zone = ZoneClock::load(name);
            lock.lock();
            loaded_ = LoadedZone{name, std::move(zone)};
            continue;
        }
        lock.unlock();
        synchronised_ = clock_is_synchronised();
        lock.lock();
        wake_.wait_for(lock, every_, [this] { return stop_ || !wanted_.empty(); });
    }
}

}  // namespace volt
