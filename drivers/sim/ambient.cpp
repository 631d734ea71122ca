#include "drivers/sim/ambient.hpp"

#include <fmt/core.h>

namespace volt::sim {

namespace {

std::string temperature_json(std::int64_t ddeg) {
    const std::int64_t size = ddeg < 0 ? -ddeg : ddeg;
    return fmt::format(R"({{"battery":100,"humidity":41.2,"linkquality":120,"temperature":{}{}.{}}})", ddeg < 0 ? "-" : "",
                       size / 10, size % 10);
}

}  // namespace

Ambient::Ambient(AmbientTopics topics, const std::string& broker, const std::string& prefix) : topics_(std::move(topics)) {
    if (!broker.empty())
        link_ = std::make_unique<BrokerLink>(broker, prefix + "-ambient", std::vector<std::string>{}, SentMessage{});
}

void Ambient::turn(Time now, const SiteMeasurements& view) {
    if (!link_ || now < next_ || now < silent_until_ || !link_->connected()) return;
    next_ = now + 500ms;
    const std::uint64_t connects = link_->connects();
    const bool all = connects != connects_ || now >= next_all_;
    if (all) next_all_ = now + 10s;
    connects_ = connects;
    publish(view, all);
}

void Ambient::publish(const SiteMeasurements& view, bool all) {
    if (all || view.heat_room_ddeg != published_.heat_room_ddeg) {
        link_->publish({topics_.heat_room, temperature_json(view.heat_room_ddeg)});
    }
    if (all || view.main_room_ddeg != published_.main_room_ddeg) {
        link_->publish({topics_.main_room, temperature_json(view.main_room_ddeg)});
    }
    if (all || view.weather != published_.weather) {
        link_->publish({topics_.weather, fmt::format(R"({{"state":"{}"}})", view.weather), true});
    }
    published_ = view;
}

}  // namespace volt::sim
