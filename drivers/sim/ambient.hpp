// Publishes for the room sensors and the weather service.
#pragma once

#include <memory>
#include <string>

#include "drivers/sim/broker_link.hpp"
#include "drivers/sim/view.hpp"
#include "rules/time.hpp"

namespace volt::sim {

struct AmbientTopics {
    std::string heat_room = "zigbee2mqtt/heat-room";  ///< {"temperature":37.5}
    std::string main_room = "zigbee2mqtt/main-room";
    std::string weather = "weather/sunny";  ///< {"state":"sunny"}, retained
};

class Ambient {
public:
    /// Connects to the broker, or publishes nothing if `broker` is empty.
    Ambient(AmbientTopics topics, const std::string& broker, const std::string& prefix);
    /// Publishes changes, at most twice a second, and everything every 10 s.
    void turn(Time now, const SiteMeasurements& view);
    /// Silences room sensors and weather until `until`.
    void silence(Time until) { silent_until_ = until; }

private:
    void publish(const SiteMeasurements& view, bool all);

    AmbientTopics topics_;
    std::unique_ptr<BrokerLink> link_;
    std::uint64_t connects_ = 0;
    SiteMeasurements published_;
    Time next_{}, next_all_{}, silent_until_{};
};

}  // namespace volt::sim
