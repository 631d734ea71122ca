#include "daemon/supervisor.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>

namespace volt {

namespace {

constexpr Duration status_every = 5s;  // the voltage moves each second; a message to systemd wakes it

}  // namespace

Supervisor::Supervisor() : listened_to_(std::getenv("NOTIFY_SOCKET") != nullptr) {
    std::uint64_t limit_us = 0;
    if (sd_watchdog_enabled(0, &limit_us) > 0) feed_every_ = Duration(static_cast<std::int64_t>(limit_us / 3000));
}

void Supervisor::ready() {
    if (ready_) return;
    ready_ = true;
    sd_notify(0, "READY=1");
}

void Supervisor::alive(Time now) {
    if (!feed_every_ || (fed_ && now - *fed_ < *feed_every_)) return;
    fed_ = now;
    sd_notify(0, "WATCHDOG=1");
}

bool Supervisor::status_due(Time now) const {
    return listened_to_ && (!told_ || now - *told_ >= status_every);
}

void Supervisor::status(const std::string& line, Time now) {
    told_ = now;
    if (line == line_) return;
    line_ = line;
    sd_notify(0, fmt::format("STATUS={}", line).c_str());
}

void Supervisor::reloading(Time now) {
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count() * 1000).c_str());
    ready_ = false;
}

void Supervisor::stopping() {
    sd_notify(0, "STOPPING=1");
}

}  // namespace volt
