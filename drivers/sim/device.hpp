// A device on the broker as a pure machine: messages and time in, messages out. Its timers run on real time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/time.hpp"

namespace volt::sim {

/// One message a device sends.
struct Said {
    std::string topic;
    std::string payload;
    bool retained = false;
    bool operator==(const Said&) const = default;
};

/// How a relay misbehaves on command.
enum class DeviceFault {
    none,
    deaf,        ///< receives no command and no query; telemetry and availability continue
    stuck,       ///< acknowledges all, its contact stays as it is
    meter_lost,  ///< the meter is silent
    late,        ///< all its messages arrive 12 s late
    offline,     ///< off the network, with its last will; its contact and timers continue
    reboot,      ///< restarts with its relay off
    reboot_on,   ///< restarts with its relay on
};

/// The site as a device sees it in a turn.
struct Surroundings {
    Time now{};                         ///< monotonic
    std::int64_t utc_s = 0;             ///< for the time stamps of its telegrams
    std::span<const double> drawn_w{};  ///< by what hangs on each of its contacts
};

class Device {
public:
    virtual ~Device() = default;
    /// Filter of what it listens to.
    virtual std::string listens_to() const = 0;
    /// Its last will (retained).
    virtual Said last_will() const = 0;
    virtual void connected(const Surroundings& around) = 0;
    virtual void heard(std::string_view topic, std::string_view payload, const Surroundings& around) = 0;
    virtual void turn(const Surroundings& around) = 0;
    /// The contact (from 0) truly closed, whatever it reports; a fan: turning.
    virtual bool closed(std::size_t contact) const = 0;
    /// Level of a fan while it turns, else 0.
    virtual int level() const { return 0; }
    /// Restarts with its relays on or off; its greeting follows with the next connect.
    virtual void boot(bool on, const Surroundings& around) = 0;

    void fault(DeviceFault fault) { fault_ = fault; }
    std::vector<Said> take() { return std::exchange(said_, {}); }

protected:
    void say(std::string topic, std::string payload, bool retained = false) {
        if (said_.size() < 64) said_.push_back({std::move(topic), std::move(payload), retained});
    }
    DeviceFault fault_ = DeviceFault::none;

private:
    std::vector<Said> said_;
};

}  // namespace volt::sim
