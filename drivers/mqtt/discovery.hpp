// Discovery: keeps Home Assistant's retained device messages on the broker up to date. It publishes only under its prefix.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "drivers/mqtt/bus.hpp"
#include "drivers/mqtt/home_assistant.hpp"

namespace volt {

/// Publishes discovery messages. For the loop thread only; never blocks. Does nothing without a configuration. With `discovery:
/// false` it clears the messages of an earlier run.
class Discovery {
public:
    /// Returns the delay after Home Assistant has come back, since many devices respond at once.
    using Pause = std::function<Duration()>;

    Discovery(std::optional<HomeAssistantConfig> config, HaHome home, Bus& bus, Pause pause = random_pause);

    /// Returns true if the loads with this number of their settings are already described.
    bool knows(std::uint64_t revision) const { return !on() || described_ == revision; }
    void describe(std::uint64_t revision, const HaLoads& loads);
    void receive(const Received& message);
    /// Returns true when Home Assistant has come back and has its devices again; then publish the states.
    bool turn(Time now);
    /// Publishes all messages again, including those deleted in Home Assistant. Returns the reason if it cannot, else an empty
    /// string.
    std::string announce();
    /// Clears all messages at once, for a configuration without discovery.
    void withdraw();

    /// Returns true if the broker ended the connection after a discovery message twice in a row. Nothing is published until
    /// announce(), a restart or a reload.
    bool given_up() const { return losses_ >= most_losses; }

    /// Returns 1 to 5 s.
    static Duration random_pause();

    static constexpr Duration listen = 5s;             ///< time to collect old messages after a connect
    static constexpr Duration gap = 1s;                ///< between two bursts
    static constexpr int burst = 4;                    ///< messages at a time, so that commands are not delayed
    static constexpr std::size_t most_devices = 4096;  ///< messages; a device may have one for each of its components
    static constexpr Duration blamed = 3s;             ///< a connection that ends this soon after a message may have ended
                                                       ///< because of it
    static constexpr int most_losses = 2;

private:
    struct Device {
        std::string wanted;    ///< empty if none
        std::string held;      ///< content on the broker, as far as known
        bool again = false;    ///< publish even if the broker has it
        bool deleted = false;  ///< by the owner, in Home Assistant: ignored until announce(), a restart or a reload
    };

    bool on() const { return config_ && config_->discovery; }
    std::string all() const { return config_->prefix + "/device/+/config"; }
    void follow_link(Time now);
    void want(const std::string& topic, const std::string& payload);
    /// Sets all messages, in parts if the broker accepts no larger ones, or ended the connection after one.
    void want_all();
    void link_lost(Time now);
    /// Publishes the next message for this device. Returns false if the device is up to date, or the broker is offline.
    bool send(const std::string& topic, Device& device);
    void send_some(Time now);

    const std::optional<HomeAssistantConfig> config_;
    const HaHome home_;
    Bus& bus_;
    const Pause pause_;
    std::map<std::string, Device> devices_;  ///< by topic
    std::optional<std::uint64_t> described_;
    HaLoads loads_;
    std::size_t most_packet_ = 0;  ///< limit of the broker when the messages were made
    std::optional<Time> sent_at_;  ///< last message with content over this connection
    int losses_ = 0;               ///< consecutive connections that ended soon after a message
    bool in_parts_ = false;        ///< set after one of these
    std::optional<Time> link_since_, birth_;
    bool listening_ = false, greeting_ = false;
    Time next_{};
};

}  // namespace volt
