#include "tests/fakes/tasmota.hpp"

#include <stdexcept>

#include "tests/fakes/mqtt_peer.hpp"

namespace volt::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

milliseconds pulse_of(int value) { return milliseconds{value > 111 ? (value - 100) * 1000 : value * 100}; }

void say_state(MqttPeer& peer, const std::string& topic, const std::string& word) {
    peer.publish("stat/" + topic + "/RESULT", R"({"POWER":")" + word + R"("})");
    peer.publish("stat/" + topic + "/POWER", word);
}

}  // namespace

FakeTasmota::FakeTasmota(int port, std::string topic) : port_(port), topic_(std::move(topic)), thread_([this] { run(); }) {}

FakeTasmota::~FakeTasmota() {
    stop_ = true;
    thread_.join();
}

void FakeTasmota::run() {
    while (!stop_) {
        try {
            if (reboot_.exchange(false)) boot();
            if (lose_) throw std::runtime_error("no network");
            MqttPeer peer(port_, {.id = "DVES-" + topic_,
                                  .user = {},
                                  .password = {},
                                  .will_topic = "tele/" + topic_ + "/LWT",
                                  .will_payload = "Offline"});
            live(peer);
        } catch (const std::exception&) { std::this_thread::sleep_for(milliseconds{20}); }
        connected_ = false;
    }
}

/// Handles one connection like the device: greeting, commands, its own timer.
void FakeTasmota::live(MqttPeer& peer) {
    peer.publish("tele/" + topic_ + "/LWT", "Online", true);
    peer.publish("cmnd/" + topic_ + "/POWER", "");
    if (first_connect_ && slow_ms_ > 0) {
        tell_state(peer);
        first_connect_ = false;
        std::this_thread::sleep_for(milliseconds{slow_ms_});
    }
    peer.subscribe("cmnd/" + topic_ + "/#");
    if (first_connect_) tell_state(peer);
    first_connect_ = false;
    connected_ = true;
    const std::string prefix = "cmnd/" + topic_ + "/";
    while (!stop_ && !peer.gone()) {
        const auto message = peer.next(milliseconds{5});
        if (message && !deaf_ && message->topic.starts_with(prefix))
            obey(peer, message->topic.substr(prefix.size()), message->payload);
        tell_late(peer);
        speed_up();
        if (off_at_ && Clock::now() >= *off_at_ && !timer_ignored_) switch_to(peer, power_on_state_ == 5);
        if (pressed_.exchange(false)) switch_to(peer, !reported_);
        if (reboot_.exchange(false)) {
            boot();
            return peer.vanish();
        }
        if (lose_) return peer.vanish();
    }
}

void FakeTasmota::boot() {
    relay_on_ = reported_ = power_on_.load();
    off_at_.reset();
    if (relay_on_) arm();
    first_connect_ = true;
}

void FakeTasmota::obey(MqttPeer& peer, const std::string& command, const std::string& payload) {
    if (command == "POWER" || command == "POWER1") {
        if (!payload.empty()) ++commands_;
        if (payload == "ON") return switch_to(peer, true);
        if (payload == "OFF") return switch_to(peer, false);
        tell_state(peer);
    } else if (command == "PulseTime1") {
        obey_pulse_time(peer, payload);
    } else if (command == "STATUS" && payload.empty()) {
        peer.publish("stat/" + topic_ + "/STATUS",
                     R"({"Status":{"Topic":")" + topic_ + R"(","PowerOnState":)" + std::to_string(power_on_state_) + "}}");
    } else if (command == "STATUS" && payload == "8") {
        tell_meter(peer, "stat/" + topic_ + "/STATUS8", true);
    }
}

void FakeTasmota::obey_pulse_time(MqttPeer& peer, const std::string& payload) {
    const std::string result = "stat/" + topic_ + "/RESULT";
    if (no_pulse_time_) return peer.publish(result, R"({"Command":"Unknown"})");
    if (!payload.empty()) {
        pulse_time_ = std::stoi(payload);
        if (reported_ != (power_on_state_ == 5)) arm();
    }
    const std::string value = std::to_string(pulse_time_);
    const std::string old = R"({"PulseTime1":")" + value + " (Active " + value + ")\"}";
    const std::string recent = R"({"PulseTime1":{"Set":)" + value + R"(,"Remaining":)" + value + "}}";
    peer.publish(result, old_format_ ? old : recent);
}

/// Switches. An ON restarts the timer, even if the relay is already on.
void FakeTasmota::switch_to(MqttPeer& peer, bool on) {
    if (reported_ != on) ++switchings_;
    reported_ = on;
    if (!stuck_) relay_on_ = on;
    off_at_.reset();
    if (on != (power_on_state_ == 5)) arm();
    tell_state(peer);
}

void FakeTasmota::arm() {
    if (pulse_time_ > 0) off_at_ = Clock::now() + pulse_of(pulse_time_) / speed_now_;
}

void FakeTasmota::tell_state(MqttPeer& peer) {
    const std::string word = reported_ ? "ON" : "OFF";
    if (delay_ms_ > 0) return late_.push_back({Clock::now() + milliseconds{delay_ms_}, word});
    say_state(peer, topic_, word);
}

void FakeTasmota::tell_late(MqttPeer& peer) {
    while (!late_.empty() && Clock::now() >= late_.front().at) {
        say_state(peer, topic_, late_.front().word);
        late_.erase(late_.begin());
    }
}

void FakeTasmota::speed_up() {
    const int wanted = speed_;
    if (wanted == speed_now_) return;
    if (off_at_) off_at_ = Clock::now() + (*off_at_ - Clock::now()) * speed_now_ / wanted;
    speed_now_ = wanted;
}

void FakeTasmota::tell_meter(MqttPeer& peer, const std::string& topic, bool wrapped) const {
    const std::string watts = std::to_string(relay_on_ ? watts_.load() : 0);
    const std::string energy = R"({"Time":"2026-01-02T03:04:05","ENERGY":{"Total":3.185,"Power":)" + watts + "}}";
    peer.publish(topic, wrapped ? R"({"StatusSNS":)" + energy + "}" : energy);
}

}  // namespace volt::testing
