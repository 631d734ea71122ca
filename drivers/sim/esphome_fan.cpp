#include "drivers/sim/esphome_fan.hpp"

#include <charconv>

#include <fmt/core.h>

namespace volt::sim {

EsphomeFan::EsphomeFan(EsphomeFanConfig config) : config_(std::move(config)), random_(config_.seed), level_(config_.levels) {}

std::string EsphomeFan::topic_of(std::string_view part) const {
    return fmt::format("{}/fan/{}/{}", config_.node, config_.object, part);
}

std::string EsphomeFan::listens_to() const { return config_.node + "/#"; }
SentMessage EsphomeFan::last_will() const { return {config_.node + "/status", "offline", true}; }

void EsphomeFan::connected(const Surroundings&) {
    publish(config_.node + "/status", "online", true);
    publish_state();
}

void EsphomeFan::receive(std::string_view topic, std::string_view payload, const Surroundings& around) {
    if (fault_ == DeviceFault::deaf) return;
    if (topic == pinged_on())
        return publish(esphome_answer(config_.node), fmt::format(R"({{"name":"{}","port":6053}})", config_.node), true);
    if (topic == topic_of("command")) {
        if (payload != "ON" && payload != "OFF" && payload != "TOGGLE") return;
        on_ = payload == "TOGGLE" ? !on_ : payload == "ON";
    } else if (topic == topic_of("speed_level/command")) {
        int level = 0;
        const auto [end, error] = std::from_chars(payload.data(), payload.data() + payload.size(), level);
        if (error != std::errc{} || end != payload.data() + payload.size()) return;
        if (level < 0 || level > config_.levels) return;
        level_ = level;
    } else {
        return;
    }
    if (!changed_) act_at_ = around.now + Duration(50 + static_cast<std::int64_t>(random_.unit() * 150));
    changed_ = true;
}

void EsphomeFan::turn(const Surroundings& around) {
    if (!changed_ || around.now < act_at_) return;
    changed_ = false;
    if (fault_ != DeviceFault::stuck) {
        turning_ = on_;
        turning_level_ = level_;
    }
    publish_state();
}

void EsphomeFan::publish_state() {
    publish(topic_of("state"), on_ ? "ON" : "OFF", true);
    publish(topic_of("speed_level/state"), std::to_string(level_), true);
}

}  // namespace volt::sim
