#include "drivers/mqtt/rival.hpp"

#include <utility>

#include "drivers/mqtt/payload.hpp"

namespace volt {

Rival::Rival(std::string root, std::string id, Bus& bus)
    : topic_(std::move(root) + "/controller"), id_(std::move(id)), bus_(bus) {
    if (!id_.empty()) bus_.subscribe({topic_});
}

void Rival::turn(Time now) {
    if (id_.empty() || (published_at_ && now - *published_at_ < every)) return;
    if (bus_.publish(topic_, nlohmann::json{{"id", id_}}.dump(), {})) published_at_ = now;
}

void Rival::receive(const Received& message) {
    if (message.topic != topic_ || message.retained || message.payload.size() > 4 * most_id) return;
    const auto object = parse_object(message.payload);
    const auto* id = object ? member(*object, "id") : nullptr;
    if (id == nullptr || !id->is_string()) return;
    std::string other = printable(id->get<std::string>()).substr(0, most_id);
    if (other.empty() || other == id_) return;
    other_ = std::move(other);
    received_at_ = message.at;
}

std::string Rival::other(Time now) const { return other_.empty() || now - received_at_ >= remembered ? "" : other_; }

}  // namespace volt
