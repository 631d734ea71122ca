// Announcements: collects all announcements of devices on a broker within bounds, with the newest state of each relay and fan.
// Pure: messages in, lists out. It does not subscribe or send queries.
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

/// An announced relay or fan, with its later reports.
struct SeenOutput {
    AnnouncedOutput announced;
    OutputState state = OutputState::unknown;
    std::optional<Watts> power;
    std::optional<Time> seen_at;   ///< newest report, or empty if none
    std::optional<Time> moved_at;  ///< newest change of its state
};

/// An announced temperature with its newest value.
struct SeenSensor {
    AnnouncedSensor announced;
    std::optional<double> celsius;
};

class Announcements {
public:
    static constexpr std::size_t most_devices = 1000;                        ///< outputs, and sensors
    static constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;  ///< bytes of announcements

    explicit Announcements(std::string home_assistant_prefix = "homeassistant") : prefix_(std::move(home_assistant_prefix)) {}

    void take(const Message& message, Time at);
    /// Returns the filters to subscribe to since the last call, without duplicates.
    std::vector<std::string> take_filters();
    /// Returns harmless queries to send since the last call.
    std::vector<Message> take_questions();

    /// Returns the outputs in the order of discovery, without generic ones whose topic belongs to another dialect.
    std::vector<SeenOutput> outputs() const;
    const std::vector<SeenSensor>& sensors() const { return sensors_; }
    /// Returns the number of announcements that were unreadable or beyond the bounds.
    std::size_t not_understood() const { return not_understood_; }
    /// Returns true if Home Assistant announced itself, or a device announces itself to it.
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
    std::set<std::string> filters_, asked_;  ///< every wanted filter; every query sent
    std::vector<std::string> new_filters_;
    std::vector<Message> questions_;
    std::size_t bytes_ = 0, not_understood_ = 0;
    bool home_assistant_ = false;
};

}  // namespace volt
