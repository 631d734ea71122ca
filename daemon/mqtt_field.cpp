#include "daemon/mqtt_field.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rules/names.hpp"

namespace volt {

namespace {

constexpr Duration retained_alarm_for = 1h;  // it is cleared at once: the alarm only tells of it

std::string root_of(const Config& config) { return "voltd/" + config.site; }

std::string listed(const std::vector<std::string>& known) {
    return known.empty() ? "none is set up" : fmt::format("known are: {}", fmt::join(known, ", "));
}

template <class Row>
Result<std::size_t> find(const std::vector<Row>& rows, const std::string& slug, const char* kind) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].slug == slug) return i;
        known.push_back(rows[i].slug);
    }
    return Failure{Fault::refused, fmt::format("there is no {} '{}'; {}", kind, slug, listed(known))};
}

/// A wish made to fit the policy, or why it does not.
Result<OutsideCommand> resolve(const TopicCommand& command, const Policy& policy) {
    OutsideCommand out;
    out.subject = command.slug;
    if (command.kind == TopicCommand::Kind::mode) {
        out.what = OutsideCommand::What::mode;
        out.mode = command.mode;
        return out;
    }
    const bool miner = command.kind == TopicCommand::Kind::miner;
    const auto index = miner ? find(policy.miners, command.slug, "miner") : find(policy.zones, command.slug, "zone");
    if (!index) return index.failure();
    const bool fan = command.kind == TopicCommand::Kind::fan;
    if (!miner) {
        const Zone& zone = policy.zones[index.value()];
        if ((fan ? zone.fan : zone.heater) == no_index)
            return Failure{Fault::refused, fmt::format("zone '{}' has no {}", command.slug, fan ? "fan" : "heater")};
        if (fan && command.level > zone.fan_max_level)
            return Failure{Fault::refused, fmt::format("level {} is above the highest one, {}", command.level, zone.fan_max_level)};
    }
    out.request = {miner ? TargetKind::miner : fan ? TargetKind::fan : TargetKind::heat, index.value(),
                   command.override_kind, command.level, command.lasts};
    return out;
}

std::optional<Trouble> trouble_of(const LinkHealth& link) {
    const std::string& why = link.source.last_error;
    switch (link.trouble) {
        case LinkTrouble::none: return std::nullopt;
        case LinkTrouble::unreachable: return Trouble{"source_failing", "mqtt", "The broker cannot be reached: " + why};
        case LinkTrouble::auth: return Trouble{"broker_auth", "", "The broker refuses user or password: " + why};
        case LinkTrouble::hung: return Trouble{"broker_hung", "", "The broker takes messages and delivers none: " + why};
        case LinkTrouble::client_id_in_use:
            return Trouble{"client_id_in_use", "", "Another client connects with our client id: " + why};
        case LinkTrouble::topic_denied:
            return Trouble{"topic_denied", "", fmt::format("The broker denies us: {}", fmt::join(link.denied, ", "))};
    }
    return std::nullopt;
}

}  // namespace

MqttField::MqttField(const Config& config, std::function<void()> wake)
    : link_(config.mqtt, root_of(config), std::move(wake)),
      outputs_(config.outputs, link_, {config.clear_retained, config.control.live, {}}),
      sensors_(config.sensors, config.weather, link_),
      publisher_(root_of(config), link_),
      commands_(root_of(config), link_) {
    for (const SensorConfig& sensor : config.sensors) sensor_ids_.push_back(sensor.id);
    for (const OutputConfig& output : config.outputs) output_ids_.push_back(output.id);
}

void MqttField::turn(Time now) {
    now_ = now;
    link_.turn(now);
    outputs_.turn(now);
    for (const Received& message : link_.take()) {
        outputs_.receive(message);
        sensors_.receive(message);
        publisher_.receive(message);
        commands_.receive(message);
    }
    publisher_.turn(now);
}

SensorSamples MqttField::temperatures() const {
    SensorSamples samples;
    const auto values = sensors_.temperatures();
    for (std::size_t i = 0; i < values.size(); ++i) samples.emplace(sensor_ids_[i], values[i]);
    return samples;
}

std::vector<SourceHealth> MqttField::health(Time now) const {
    std::vector<SourceHealth> all = sensors_.health(now);
    all.push_back(link_.health().source);
    return all;
}

std::vector<Trouble> MqttField::troubles() const {
    std::vector<Trouble> all;
    if (auto trouble = trouble_of(link_.health())) all.push_back(std::move(*trouble));
    for (const std::string& topic : retained_)
        all.push_back({"retained_command", "voltd", fmt::format("A retained command stood on {}: it was refused and cleared", topic)});
    for (const RetainedCommand& command : outputs_.retained_commands())
        all.push_back({"retained_command", output_ids_[command.output],
                       fmt::format("A retained message stands on {}: the device obeys it each time it connects. Clear it with "
                                   "an empty retained message, or set clear_retained", command.topic)});
    return all;
}

std::vector<OutsideCommand> MqttField::take_commands(const Policy& policy) {
    std::vector<OutsideCommand> accepted;
    for (std::string& topic : commands_.take_retained()) {
        retained_.push_back(std::move(topic));
        retained_until_ = now_ + retained_alarm_for;
    }
    if (now_ >= retained_until_) retained_.clear();
    for (const TopicCommand& command : commands_.take()) {
        const auto resolved = resolve(command, policy);
        if (resolved) accepted.push_back(resolved.value());
        commands_.answer(command, resolved ? std::nullopt : std::optional(resolved.failure().text));
    }
    return accepted;
}

void MqttField::publish(const std::vector<Topic>& topics, const std::map<std::string, std::string>& alarms) {
    std::map<std::string, std::string> gone = std::move(published_);
    published_.clear();
    for (const Topic& topic : topics) {
        auto known = gone.extract(topic.suffix);
        if (!known.empty()) published_.insert(std::move(known));
        std::string& substance = published_[topic.suffix];
        // What only runs on (ages, times left) waits for the minute.
        if (substance == topic.substance) publisher_.refresh_state(topic.suffix, topic.json);
        else publisher_.publish_state(topic.suffix, topic.json);
        substance = topic.substance;
    }
    for (const auto& [suffix, entry] : gone) publisher_.clear_state(suffix);
    std::map<std::string, std::string> standing;
    for (const auto& [suffix, json] : alarms) standing.emplace(suffix.substr(suffix.find('/') + 1), json);
    publisher_.publish_alarms(standing);
}

}  // namespace volt
