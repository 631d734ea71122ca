// Fake of the broker's side: outputs that obey at once and remember the commands.
#pragma once

#include "daemon/site/site_io.hpp"

namespace volt::testing {

class FakeOutputs final : public Outputs {
public:
    struct Sent {
        std::size_t output;
        OutputOrder order;
    };
    bool send(std::size_t output, const OutputOrder& order) override {
        if (!up) return false;
        sent.push_back({output, order});
        if (output < list.size() && !deaf) {
            list[output].state = order.on ? OutputState::on : OutputState::off;
            list[output].level = order.level;
            list[output].state_at = now;
            list[output].state_received = true;
        }
        return true;
    }
    bool ask(std::size_t output) override {
        asked.push_back(output);
        if (up && !deaf && output < list.size()) list[output].state_at = now;
        return up;
    }
    void set_lease(std::size_t output, Duration lease) override { leases.emplace_back(output, lease); }
    void read(std::vector<OutputReport>& reports) const override { reports = list; }
    bool link_up() const override { return up; }
    Time link_up_since() const override { return up_since; }

    std::vector<Sent> sent;
    std::vector<std::size_t> asked;
    std::vector<std::pair<std::size_t, Duration>> leases;  ///< as set for proofs
    std::vector<OutputReport> list;
    bool up = true, deaf = false;
    Time up_since{}, now{};
};

class FakeSiteIo final : public SiteIo {
public:
    void turn(Time now) override { outputs_.now = now; }
    FakeOutputs& outputs() override { return outputs_; }
    SensorSamples temperatures() const override { return samples; }
    Sample<bool> sunny() const override { return weather; }
    std::vector<SourceHealth> health(Time) const override { return {}; }
    std::vector<SystemAlarm> alarms() const override { return wrong; }
    std::vector<std::pair<std::string, std::string>> take_device_problems() override {
        return std::exchange(device_problems, {});
    }
    std::vector<OutsideCommand> take_commands(const Policy&, const Moment&) override { return std::exchange(commands, {}); }
    bool has_commands() const override { return !commands.empty(); }
    void publish(const std::vector<Topic>& list, const std::map<std::string, std::string>& standing) override {
        topics.clear();
        for (const Topic& topic : list) topics[topic.suffix] = topic.json;
        published_alarms = standing;
    }
    void publish_event(const std::string& json) override { events.push_back(json); }

    SensorSamples samples;
    Sample<bool> weather;
    std::vector<SystemAlarm> wrong;
    std::vector<std::pair<std::string, std::string>> device_problems;
    std::vector<OutsideCommand> commands;
    std::map<std::string, std::string> topics, published_alarms;
    std::vector<std::string> events;

private:
    FakeOutputs outputs_;
};

}  // namespace volt::testing
