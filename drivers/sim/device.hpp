// A device on the broker as a pure machine: messages and time in, messages out. Its timers run on real time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/time.hpp"

namespace volt::sim {

/// A message that a device sends.
struct SentMessage {
    std::string topic;
    std::string payload;
    bool retained = false;
    bool operator==(const SentMessage&) const = default;
};

/// Faults that a relay can be given.
enum class DeviceFault {
    none,
    deaf,        ///< receives no command and no query; telemetry and availability continue
    stuck,       ///< acknowledges every command, but its contact does not move
    meter_lost,  ///< the meter is silent
    late,        ///< all its messages arrive 12 s late
    offline,     ///< off the network, with its last will; its contact and timers continue
    reboot,      ///< restarts with its relay off
    reboot_on,   ///< restarts with its relay on
};

/// Surroundings of a device in one turn.
struct Surroundings {
    Time now{};                         ///< monotonic
    std::int64_t utc_s = 0;             ///< for the timestamps in its messages
    std::span<const double> drawn_w{};  ///< power drawn by the load on each of its contacts
};

class Device {
public:
    virtual ~Device() = default;
    /// Returns the filter it subscribes to.
    virtual std::string listens_to() const = 0;
    /// Returns a second filter, the topic of its ping, or an empty string if none.
    virtual std::string pinged_on() const { return {}; }
    /// Returns its last will (retained).
    virtual SentMessage last_will() const = 0;
    virtual void connected(const Surroundings& around) = 0;
    virtual void receive(std::string_view topic, std::string_view payload, const Surroundings& around) = 0;
    virtual void turn(const Surroundings& around) = 0;
    /// Returns true if the contact (from 0) is really closed, regardless of what it reports; for a fan, if it is turning.
    virtual bool closed(std::size_t contact) const = 0;
    /// Returns the level of a fan while it turns, else 0.
    virtual int level() const { return 0; }
    /// Returns the state that the gateway has cached. Empty if the device itself is on the broker.
    virtual std::optional<bool> cached() const { return std::nullopt; }
    /// Restarts its gateway with this in its cache. The greeting follows with the next connect.
    virtual void gateway_starts(bool /*cached*/) {}
    /// Returns the message that the gateway publishes when it ends. No topic means no gateway.
    virtual SentMessage gateway_ends() const { return {}; }
    /// Restarts with its relays on or off. Its greeting follows with the next connect.
    virtual void boot(bool on, const Surroundings& around) = 0;

    void fault(DeviceFault fault) { fault_ = fault; }
    std::vector<SentMessage> take() { return std::exchange(sent_, {}); }

protected:
    void publish(std::string topic, std::string payload, bool retained = false) {
        if (sent_.size() < 64) sent_.push_back({std::move(topic), std::move(payload), retained});
    }
    DeviceFault fault_ = DeviceFault::none;

private:
    std::vector<SentMessage> sent_;
};

}  // namespace volt::sim
