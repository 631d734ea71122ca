// A Shelly of the second generation or later with one switch and a meter: RPC, notifications, timers.
#pragma once

#include <cstdint>
#include <deque>
#include <nlohmann/json_fwd.hpp>

#include "drivers/sim/contact.hpp"
#include "drivers/sim/device.hpp"
#include "drivers/sim/random.hpp"

namespace volt::sim {

struct ShellyGen2Config {
    std::string prefix;
    bool meter = true;
    bool status_ntf = false;  ///< publishes a status topic at each change; off by default
    Duration period = 10s;    ///< between meter notifications
    std::uint64_t seed = 1;
};

class ShellyGen2 : public Device {
public:
    explicit ShellyGen2(ShellyGen2Config config) : config_(std::move(config)), random_(config_.seed) {}
    std::string listens_to() const override { return config_.prefix + "/#"; }
    SentMessage last_will() const override { return {config_.prefix + "/online", "false", false}; }
    void connected(const Surroundings& around) override;
    void receive(std::string_view topic, std::string_view payload, const Surroundings& around) override;
    void turn(const Surroundings& around) override;
    bool closed(std::size_t) const override { return contact_.closed(); }
    void boot(bool on, const Surroundings& around) override;

private:
    void call(const std::string& text, const Surroundings& around);
    nlohmann::json carry_out(const nlohmann::json& frame, const Surroundings& around);
    void set(bool on, double toggle_after_s, const Surroundings& around);
    void notify(const nlohmann::json& status, const Surroundings& around);
    void answer(const nlohmann::json& frame, const nlohmann::json& rest);
    nlohmann::json status(const Surroundings& around) const;

    static constexpr std::size_t most_calls = 16;

    ShellyGen2Config config_;
    Random random_;
    Contact contact_;
    Counter counter_;
    std::deque<std::string> calls_;  ///< executed one after another
    std::string set_call_;           ///< the current call, answered once the contact has switched
    std::string source_ = "init";
    std::int64_t timer_started_s_ = 0;
    Time next_{};
};

}  // namespace volt::sim
