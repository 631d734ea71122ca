// A simulated device in steps of 10 ms, and its messages.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "drivers/sim/device.hpp"

namespace volt::testing {

class DeviceRig {
public:
    explicit DeviceRig(sim::Device& device) : device_(device) {
        device_.connected(around());
        collect();
    }
    void connect() {
        said.clear();
        device_.connected(around());
        collect();
    }
    void receive(const std::string& topic, const std::string& payload) { device_.receive(topic, payload, around()); }
    /// Advances to `time`, and drops earlier messages.
    void until(Time time) {
        said.clear();
        for (; now < time; now += 10ms) {
            drawn_[0] = device_.closed(0) ? watts : 0;
            device_.turn(around());
            collect();
        }
    }
    /// Returns the payloads on one topic since the last until().
    std::vector<std::string> on(const std::string& topic) const {
        std::vector<std::string> found;
        for (const sim::SentMessage& one : said)
            if (one.topic == topic) found.push_back(one.payload);
        return found;
    }
    bool said_part(const std::string& topic, const std::string& part) const {
        for (const std::string& payload : on(topic))
            if (payload.find(part) != std::string::npos) return true;
        return false;
    }
    sim::Surroundings around() const { return {now, 1'767'323'045, drawn_}; }

    double watts = 1200;
    Time now = 1s;
    std::vector<sim::SentMessage> said;

private:
    void collect() {
        for (sim::SentMessage& one : device_.take()) said.push_back(std::move(one));
    }
    sim::Device& device_;
    std::array<double, 1> drawn_{};
};

}  // namespace volt::testing
