// A Tasmota relay on MQTT, with PulseTime, last will and meter, and the faults a relay can have.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace volt::testing {

class MqttPeer;

/// Runs its own thread from construction to destruction, and reconnects by itself. Setters may be called at any time.
class FakeTasmota {
public:
    FakeTasmota(int port, std::string topic);
    ~FakeTasmota();
    FakeTasmota(const FakeTasmota&) = delete;
    FakeTasmota& operator=(const FakeTasmota&) = delete;

    bool connected() const { return connected_; }
    bool relay_on() const { return relay_on_; }
    int switchings() const { return switchings_; }
    int commands() const { return commands_; }      ///< ON and OFF received
    int pulse_time() const { return pulse_time_; }  ///< 0 if none; in the device's notation

    void set_deaf(bool deaf) { deaf_ = deaf; }                          ///< receives no command and no query
    void set_stuck(bool stuck) { stuck_ = stuck; }                      ///< reports the order, but the contact does not move
    void set_no_pulse_time(bool without) { no_pulse_time_ = without; }  ///< does not know the command
    void set_timer_ignored(bool is) { timer_ignored_ = is; }            ///< shows PulseTime, but remains on when it ends
    void set_old_format(bool old) { old_format_ = old; }                ///< answers PulseTime like older versions
    void set_watts(int watts) { watts_ = watts; }                       ///< draw while the contact is closed
    void set_power_on_state(int state) { power_on_state_ = state; }     ///< Tasmota's PowerOnState, as it reports it
    void press_button() { pressed_ = true; }                            ///< someone presses its button
    void lose_network() { lose_ = true; }                               ///< vanishes without a message and remains offline
    void come_back() { lose_ = false; }
    void reboot() { reboot_ = true; }               ///< comes up off, or on by set_power_on; also while offline
    void set_power_on(bool on) { power_on_ = on; }  ///< state after a reboot
    /// Makes it report its state while booting, and receive only after this time.
    void set_slow_start(std::chrono::milliseconds time) { slow_ms_ = static_cast<int>(time.count()); }
    void set_answer_delay(std::chrono::milliseconds delay) { delay_ms_ = static_cast<int>(delay.count()); }
    void set_timer_speed(int speed) { speed_ = speed; }  ///< factor by which its own timer runs faster from now on

private:
    void run();
    void live(MqttPeer& peer);
    void boot();
    void obey(MqttPeer& peer, const std::string& command, const std::string& payload);
    void obey_pulse_time(MqttPeer& peer, const std::string& payload);
    void switch_to(MqttPeer& peer, bool on);
    void tell_state(MqttPeer& peer);
    void tell_late(MqttPeer& peer);
    void speed_up();
    void tell_meter(MqttPeer& peer, const std::string& topic, bool wrapped) const;
    void arm();

    const int port_;
    const std::string topic_;
    std::atomic<bool> stop_{false}, connected_{false}, relay_on_{false}, reported_{false};
    std::atomic<bool> deaf_{false}, stuck_{false}, no_pulse_time_{false}, old_format_{false}, pressed_{false},
        timer_ignored_{false};
    std::atomic<bool> lose_{false}, reboot_{false}, power_on_{false};
    std::atomic<int> power_on_state_{0};
    std::atomic<int> delay_ms_{0}, slow_ms_{0}, speed_{1};
    int speed_now_ = 1;
    struct Late {
        std::chrono::steady_clock::time_point at;
        std::string word;
    };
    std::vector<Late> late_;  ///< waiting answers; as many as there were commands
    std::atomic<int> switchings_{0}, commands_{0}, pulse_time_{0}, watts_{3250};
    std::optional<std::chrono::steady_clock::time_point> off_at_;
    bool first_connect_ = true;
    std::thread thread_;
};

}  // namespace volt::testing
