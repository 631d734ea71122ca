// One simulated output as the rules see it: a contact, a lease timer, a meter, a report, and its faults.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt::simulation {

struct DeviceConfig {
    bool level = false;  ///< a fan
    bool meter = false;
    std::int64_t lease_s = 0;  ///< 0 if none
    double draw_w = 0;         ///< draw of its load once it is up
    bool gateway = false;      ///< it speaks through one, whose cache is a hint until two answers agree
    std::int64_t boot_s = 0;   ///< time at 60 W, followed by a linear ramp of the same length
};

/// A simulated device. Seconds are those of the simulation; reports have the daemon's monotonic time.
class Device {
public:
    explicit Device(const DeviceConfig& config) : config_(config) {}

    // Faults. Each lasts until the given time.
    void deaf(std::int64_t until) { deaf_ = until; }
    void mute(std::int64_t until) { mute_ = until; }
    void stuck(std::int64_t until) { stuck_ = until; }
    void slow(std::int64_t until) { slow_ = until; }
    void lose_meter(std::int64_t until) { meter_lost_ = until; }
    void offline(std::int64_t until) { offline_ = until; }
    /// Restarts after 5 s. `contact`: 0 off, 1 on, 2 unchanged.
    void reboot(std::int64_t now, std::int64_t contact);
    void by_hand();
    void power(bool there, std::int64_t now);

    /// Receives a command from the broker.
    void order(bool on, std::int32_t level, std::int64_t now);
    void ask() { asked_ = true; }
    /// Advances by one tick. `broker`: it is reachable; `mono`: the daemon's time, for stamps.
    void turn(std::int64_t now, bool broker, Time mono, OutputReport& report);
    /// Clears all that the daemon knows; `mono`: its time now.
    void forget(OutputReport& report, Time mono);

    bool closed() const { return powered_ && contact_; }
    std::int32_t level() const { return closed() ? level_ : 0; }
    double draw_w(std::int64_t now) const;

private:
    bool reachable(std::int64_t now, bool broker) const { return powered_ && now >= offline_ && now >= boots_ && broker; }
    void obey(std::int64_t now);
    void move(bool on, std::int64_t now);
    void say(Time mono, OutputReport& report) const;

    struct Order {
        bool on;
        std::int32_t level;
        std::int64_t at;
    };

    DeviceConfig config_;
    bool powered_ = true, contact_ = false, said_on_ = false, online_ = false;
    bool asked_ = false, news_ = false;
    std::int32_t level_ = 0;
    std::optional<Order> pending_;
    std::optional<bool> hand_;
    std::int64_t on_since_ = 0, lease_end_ = 0, next_tele_ = 0, boots_ = 0;
    std::int64_t settles_ = 0;  // answers of a gateway are hints until then
    std::int64_t deaf_ = 0, mute_ = 0, stuck_ = 0, slow_ = 0, meter_lost_ = 0, offline_ = 0;
};

}  // namespace volt::simulation
