// A Tasmota device with one or more relays and a meter: the commands, answers and timers that a controller uses.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

struct TasmotaConfig {
    std::string topic;       ///< with the full topic %prefix%/%topic%/
    std::size_t relays = 1;  ///< 1..8; a single relay answers as POWER, several as POWER1, POWER2 ...
    bool meter = true;
    Duration tele_period = 10s;  ///< a device's default is 300 s
    std::uint64_t seed = 1;      ///< for its switching delays, 50..200 ms
};

class Tasmota : public Device {
public:
    explicit Tasmota(TasmotaConfig config);
    std::string listens_to() const override;
    SentMessage last_will() const override;
    void connected(const Surroundings& around) override;
    void receive(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t contact) const override;
    void boot(bool on, const Surroundings& around) override;

private:
    struct Relay {
        bool power = false;          // reported state
        bool contact = false;        // the real state
        std::optional<bool> wanted;  // ordered, executed at `act_at`
        Time act_at{};
        int pulse_set = 0;  // 1..111: tenths of a second; 112..64900: seconds + 100; 0 if none
        std::optional<Time> pulse_end;
        void arm(Time now);
        int remaining(Time now) const;
    };
    void command(std::string_view name, std::string_view payload, const Surroundings& around);
    void setting(const std::string& word, std::string_view payload, const Surroundings& around);
    void backlog(std::string_view payload, const Surroundings& around);
    void power(std::size_t relay, std::string_view payload, Time now);
    void pulse_time(std::optional<std::size_t> relay, std::string_view payload, Time now);
    void tele_period(std::string_view payload, Time now);
    void status(std::string_view payload, const Surroundings& around);
    void answer(const std::string& json);
    void publish_power(std::size_t relay);
    void switch_to(std::size_t relay, bool on);
    void turn_relay(std::size_t relay, Time now);
    bool measures() const { return config_.meter && fault_ != DeviceFault::meter_lost; }
    std::string name_of(std::size_t relay) const;
    std::string state_json(const Surroundings& around) const;
    std::string sensor_json(const Surroundings& around) const;
    std::string stat(std::string_view name) const;
    std::string tele(std::string_view name) const;

    TasmotaConfig config_;
    Random random_;
    std::vector<Relay> relays_;
    bool met_broker_ = false;
    Time next_tele_{}, metered_at_{}, booted_{};
    double energy_wh_ = 0;
};

}  // namespace volt::sim
