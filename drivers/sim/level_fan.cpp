#include "drivers/sim/level_fan.hpp"

#include <charconv>

namespace volt::sim {

LevelFan::LevelFan(LevelFanConfig config) : config_(std::move(config)), random_(config_.seed) {}

std::string LevelFan::availability_topic() const {
    const auto slash = config_.topic.rfind('/');
    return (slash == std::string::npos ? config_.topic : config_.topic.substr(0, slash)) + "/online";
}

void LevelFan::connected(const Surroundings&) {
    publish(availability_topic(), "yes", true);
    publish(config_.topic, std::to_string(reported_level_), true);
}

void LevelFan::receive(std::string_view topic, std::string_view payload, const Surroundings& around) {
    if (fault_ == DeviceFault::deaf || topic != listens_to()) return;
    int level = 0;
    const auto [end, error] = std::from_chars(payload.data(), payload.data() + payload.size(), level);
    if (error != std::errc{} || end != payload.data() + payload.size()) return;
    if (level < 0 || level > config_.levels) return;
    if (!wanted_) act_at_ = around.now + Duration(50 + static_cast<std::int64_t>(random_.unit() * 150));
    wanted_ = level;
}

void LevelFan::turn(const Surroundings& around) {
    if (!wanted_ || around.now < act_at_) return;
    reported_level_ = *std::exchange(wanted_, std::nullopt);
    if (fault_ != DeviceFault::stuck) turning_level_ = reported_level_;
    publish(config_.topic, std::to_string(reported_level_), true);
}

}  // namespace volt::sim
