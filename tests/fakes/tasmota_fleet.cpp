#include "tests/fakes/tasmota_fleet.hpp"

#include <chrono>
#include <stdexcept>

#include "tests/fakes/mqtt_peer.hpp"

namespace volt::testing {

using std::chrono::milliseconds;

TasmotaFleet::TasmotaFleet(int port, std::string prefix, int count)
    : prefix_(std::move(prefix)), thread_([this, port, count] { run(port, count); }) {}

TasmotaFleet::~TasmotaFleet() {
    stop_ = true;
    thread_.join();
}

void TasmotaFleet::set_deaf(int number) {
    const std::lock_guard lock(mutex_);
    deaf_.insert(prefix_ + std::to_string(number));
}

int TasmotaFleet::on() const {
    const std::lock_guard lock(mutex_);
    int count = 0;
    for (const auto& [topic, on] : state_) count += on ? 1 : 0;
    return count;
}

int TasmotaFleet::commands(int number) const {
    const std::lock_guard lock(mutex_);
    const auto found = commands_.find(prefix_ + std::to_string(number));
    return found == commands_.end() ? 0 : found->second;
}

int TasmotaFleet::commands() const {
    const std::lock_guard lock(mutex_);
    int sum = 0;
    for (const auto& [topic, count] : commands_) sum += count;
    return sum;
}

void TasmotaFleet::run(int port, int count) {
    while (!stop_) {
        try {
            MqttPeer peer(port, {.id = "fleet-" + prefix_, .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
            peer.subscribe("cmnd/#");
            for (int i = 0; i < count; ++i) peer.publish("tele/" + prefix_ + std::to_string(i) + "/LWT", "Online", true);
            connected_ = true;
            while (!stop_ && !peer.gone()) {
                const auto message = peer.next(milliseconds{5});
                if (!message || !message->topic.starts_with("cmnd/" + prefix_)) continue;
                ++messages_;
                const auto slash = message->topic.rfind('/');
                const std::string topic = message->topic.substr(5, slash - 5), command = message->topic.substr(slash + 1);
                const std::lock_guard lock(mutex_);
                if (deaf_.contains(topic)) continue;
                if (command == "PulseTime1") {
                    if (!message->payload.empty())
                        peer.publish("stat/" + topic + "/RESULT",
                                     R"({"PulseTime1":{"Set":)" + message->payload + R"(,"Remaining":0}})");
                    continue;
                }
                if (command == "STATUS") peer.publish("stat/" + topic + "/STATUS", R"({"Status":{"PowerOnState":0}})");
                if (command != "POWER") continue;
                if (!message->payload.empty()) {
                    ++commands_[topic];
                    state_[topic] = message->payload == "ON";
                }
                peer.publish("stat/" + topic + "/POWER", state_[topic] ? "ON" : "OFF");
            }
        } catch (const std::exception&) { std::this_thread::sleep_for(milliseconds{20}); }
        connected_ = false;
    }
}

}  // namespace volt::testing
