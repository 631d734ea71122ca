// Discovery: keeps Home Assistant's retained device messages on the broker as they should be. It publishes under its prefix only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "drivers/mqtt/bus.hpp"
#include "drivers/mqtt/home_assistant.hpp"

namespace volt {

/// Loop thread only; never blocks. Without a configuration it does nothing at all; with `discovery: false` it clears what an earlier
/// run has left.
class Discovery {
public:
    /// How long to wait after Home Assistant has come back; many devices answer it at once.
    using Pause = std::function<Duration()>;

    Discovery(std::optional<HomeAssistantConfig> config, HaHome home, Bus& bus, Pause pause = random_pause);

    /// The site's loads, with the number of their settings: nothing is done while that is the same.
    bool knows(std::uint64_t revision) const { return !on() || described_ == revision; }
    void describe(std::uint64_t revision, const HaLoads& loads);
    void receive(const Received& message);
    /// True: Home Assistant has come back and has its devices again; now the states are to be published.
    bool turn(Time now);
    /// Publishes all messages once more, also those that were deleted in Home Assistant. Returns why not; empty: it will.
    std::string announce();
    /// Clears all messages at once, for a configuration without discovery.
    void withdraw();

    /// The broker ended the connection after a discovery message, twice in a row: nothing is published until announce(), a restart or a
    /// reload.
    bool given_up() const { return losses_ >= most_losses; }

    /// 1 to 5 s.
    static Duration random_pause();

    static constexpr Duration listen = 5s;             ///< how long old messages are collected after a connect
    static constexpr Duration gap = 1s;                ///< between two bursts
    static constexpr int burst = 4;                    ///< messages at a time, so that commands find the way free
    static constexpr std::size_t most_devices = 4096;  ///< messages; a device may have one for each of its components
    static constexpr Duration blamed = 3s;             ///< a connection that ends so soon after a message may have ended by it
    static constexpr int most_losses = 2;

private:
    struct Device {
        std::string wanted;    ///< empty: none
        std::string held;      ///< by the broker, as far as known
        bool again = false;    ///< publish it even if the broker has it
        bool deleted = false;  ///< by the owner, in Home Assistant: left alone until announce(), a restart or a reload
    };

    bool on() const { return config_ && config_->discovery; }
    std::string all() const { return config_->prefix + "/device/+/config"; }
    void follow_link(Time now);
    void want(const std::string& topic, const std::string& payload);
    /// All messages; in parts where the broker accepts no larger ones, or ended the connection after one.
    void want_all();
    void link_lost(Time now);
    /// Publishes what comes next for this device; false if it has what it should, or the broker is offline.
    bool send(const std::string& topic, Device& device);
    void send_some(Time now);

    const std::optional<HomeAssistantConfig> config_;
    const HaHome home_;
    Bus& bus_;
    const Pause pause_;
    std::map<std::string, Device> devices_;  ///< by topic
    std::optional<std::uint64_t> described_;
    HaLoads loads_;
    std::size_t most_packet_ = 0;  ///< of the broker, when the messages were made
    std::optional<Time> sent_at_;  ///< the last message with content over this connection
    int losses_ = 0;               ///< connections in a row that ended soon after a message
    bool in_parts_ = false;        ///< since one did
    std::optional<Time> link_since_, birth_;
    bool listening_ = false, greeting_ = false;
    Time next_{};
};

}  // namespace volt
