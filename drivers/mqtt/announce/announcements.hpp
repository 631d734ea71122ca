// Announcements: everything that devices on a broker announce, collected within bounds, with the newest state of each relay and fan.
// Pure: messages in, lists out. It subscribes and asks nothing itself.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/mqtt/announce/announced.hpp"

namespace volt {

/// An announced relay or fan, and what it reported since.
struct SeenOutput {
    AnnouncedOutput announced;
    OutputState state = OutputState::unknown;
    std::optional<Watts> power;
    std::optional<Time> seen_at;   ///< the newest report; empty: none yet
    std::optional<Time> moved_at;  ///< the newest change of its state
};

/// An announced temperature, and its newest value.
struct SeenSensor {
    AnnouncedSensor announced;
    std::optional<double> celsius;
};

class Announcements {
public:
    static constexpr std::size_t most_devices = 1000;                        ///< of outputs, and of sensors
    static constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;  ///< of announcements

    explicit Announcements(std::string home_assistant_prefix = "homeassistant") : prefix_(std::move(home_assistant_prefix)) {}

    void take(const Message& message, Time at);
    /// Filters to subscribe to since the last call, none twice.
    std::vector<std::string> take_filters();
    /// Harmless queries to send since the last call.
    std::vector<Message> take_questions();

    /// In the order in which they were found; a generic one whose topic belongs to another dialect's is left out.
    std::vector<SeenOutput> outputs() const;
    const std::vector<SeenSensor>& sensors() const { return sensors_; }
    /// Announcements that could not be read, or were beyond the bounds.
    std::size_t not_understood() const { return not_understood_; }
    /// Home Assistant announced itself, or something announces itself to it.
    bool has_home_assistant() const { return home_assistant_; }

private:
    struct Known {
        SeenOutput seen;
        std::unique_ptr<Dialect> dialect;
    };

    void read(const Message& message);
    void add(Announced announced);
    void add(AnnouncedOutput output);
    void add(AnnouncedSensor sensor);
    void want(const std::string& filter);
    void ask(const Message& question);
    void report(const Message& message, Time at);
    void set_power(const std::string& node, const std::string& topic);

    std::string prefix_;
    std::map<std::string, TasmotaDevice> tasmotas_;              ///< by the mac in their topic
    std::map<std::string, std::set<std::string>> power_topics_;  ///< by ESPHome node
    std::vector<Known> outputs_;
    std::vector<SeenSensor> sensors_;
    std::set<std::string> filters_, asked_;  ///< ever wanted; ever asked
    std::vector<std::string> new_filters_;
    std::vector<Message> questions_;
    std::size_t bytes_ = 0, not_understood_ = 0;
    bool home_assistant_ = false;
};

}  // namespace volt
