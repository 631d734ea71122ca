#include "daemon/site/mqtt_site_io.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "daemon/explain/notice.hpp"
#include "daemon/explain/phrase.hpp"
#include "daemon/host/machine_id.hpp"
#include "daemon/site/ha_devices.hpp"
#include "daemon/site/override_request.hpp"
#include "rules/subject.hpp"

namespace volt {

namespace {

constexpr std::size_t most_retained_named = 16;
constexpr Duration retained_alarm_for = 1h;  // such messages are cleared at once; the alarm only reports them

std::string root_of(const Config& config) { return "voltd/" + config.site; }

/// Returns the base topics of every Zigbee2MQTT that voltd knows: the default one and those of the outputs.
std::set<std::string> gateways_of(const Config& config) {
    std::set<std::string> bases{"zigbee2mqtt"};
    for (const OutputConfig& output : config.outputs) bases.insert(output.base_topic);
    return bases;
}

std::string load_of(const TopicCommand& command) {
    switch (command.kind) {
        case TopicCommand::Kind::fan: return fan_of(command.slug);
        case TopicCommand::Kind::heat: return heat_of(command.slug);
        case TopicCommand::Kind::miner:
        case TopicCommand::Kind::mode: break;
    }
    return command.slug;
}

std::string words_of(const OverrideProblem& problem) {
    if (problem.kind != OverrideProblem::Kind::unknown) return problem.text;
    return problem.text +
           (problem.known.empty() ? "; none is configured" : fmt::format("; known are: {}", fmt::join(problem.known, ", ")));
}

/// Returns an override request resolved against the policy, or the reason it does not fit.
Result<OutsideCommand> fitted(const TopicCommand& command, const Policy& policy) {
    OutsideCommand out;
    out.subject = command.slug;
    if (command.kind == TopicCommand::Kind::mode) {
        out.what = OutsideCommand::What::mode;
        out.mode = command.mode;
        return out;
    }
    out.named = {load_of(command), command.override_kind, command.level, command.lasts};
    const auto problem = resolve(out.named, policy, out.request);
    if (problem) return Failure{Fault::refused, words_of(*problem)};
    return out;
}

/// Returns true if the first attempt is still running, so there is nothing to report yet.
bool just_begun(const LinkHealth& link) { return link.connects == 0 && link.source.failures == 0; }

/// A broker on this machine is one of its services. `voltctl probe` speaks Modbus and cannot check a broker.
std::string broker_remedy(const BrokerConfig& broker) {
    if (is_loopback(broker.host)) return "See whether it runs: systemctl status mosquitto";
    return fmt::format("Check the power and network of the broker at {}:{}", broker.host, broker.port);
}

std::string topics_text(const LinkHealth& link) {
    std::string text;
    if (!link.denied.empty()) text = fmt::format("The broker denied access to: {}", fmt::join(link.denied, ", "));
    if (link.unheard.empty()) return text;
    return fmt::format("{}{}voltd cannot subscribe to {} and tries again", text, text.empty() ? "" : ". ",
                       fmt::join(link.unheard, ", "));
}

/// Removes the subscriptions that voltd can do without: the announcements of Tasmotas.
LinkHealth needed_only(LinkHealth link) {
    std::erase(link.denied, SharedTopics::announcements);
    std::erase(link.unheard, SharedTopics::announcements);
    if (link.fault == LinkFault::topic_denied && link.denied.empty() && link.unheard.empty()) link.fault = LinkFault::none;
    return link;
}

std::optional<SystemAlarm> alarm_of(const LinkHealth& link, const std::string& remedy) {
    if (just_begun(link)) return std::nullopt;
    const std::string& why = link.source.last_error;
    switch (link.fault) {
        case LinkFault::none: return std::nullopt;
        case LinkFault::unreachable:
            return SystemAlarm{AlarmCode::source_failing, "mqtt", "The broker cannot be reached: " + why, false, remedy};
        case LinkFault::auth:
            return SystemAlarm{AlarmCode::broker_auth, "", "The broker rejects the user name or password: " + why};
        case LinkFault::hung:
            return SystemAlarm{AlarmCode::broker_hung, "", "The broker accepts messages but does not deliver them: " + why};
        case LinkFault::client_id_in_use:
            return SystemAlarm{AlarmCode::client_id_in_use, "", "Another client uses the same client id: " + why};
        case LinkFault::topic_denied: return SystemAlarm{AlarmCode::topic_denied, "", topics_text(link)};
    }
    return std::nullopt;
}

std::unique_ptr<BrokerConnection> handed_over(std::unique_ptr<BrokerConnection> link) {
    link->begin_handover();
    return link;
}

/// Returns the names in `published` that are no longer used, usually none. Replaces `published` with the current names.
std::vector<std::string> names_gone(std::vector<std::string>& published, const std::vector<Topic>& topics,
                                    const std::map<std::string, std::string>& alarms) {
    const auto middle = published.begin() + static_cast<std::ptrdiff_t>(std::min(topics.size(), published.size()));
    const auto first = [](const auto& alarm) -> const std::string& { return alarm.first; };
    if (std::ranges::equal(published.begin(), middle, topics.begin(), topics.end(), {}, {}, &Topic::suffix) &&
        std::ranges::equal(middle, published.end(), alarms.begin(), alarms.end(), {}, {}, first))
        return {};
    std::vector<std::string> gone = std::exchange(published, {});
    for (const Topic& topic : topics) published.push_back(topic.suffix);
    for (const auto& [suffix, json] : alarms) published.push_back(suffix);
    const std::set<std::string_view> named(published.begin(), published.end());
    std::erase_if(gone, [&named](const std::string& suffix) { return named.contains(suffix); });
    return gone;
}

}  // namespace

MqttSiteIo::MqttSiteIo(const Config& config, std::function<void()> wake, LinkTimes times, BrokerConnection::Kept kept,
                       std::string controller)
    : MqttSiteIo(config,
                 std::make_unique<BrokerConnection>(config.mqtt, root_of(config), std::move(wake), times, std::move(kept)),
                 std::move(controller)) {}

MqttSiteIo::MqttSiteIo(const Config& config, std::unique_ptr<BrokerConnection> link, std::string controller)
    : link_(handed_over(std::move(link))),
      shared_(config.outputs, *link_),
      outputs_(config.outputs, *link_,
               {config.clear_retained, config.control.live,
                [this](std::size_t output, const Message& message, Time at) { shared_.sent(output, message, at); }}),
      sensors_(config.sensors, config.weather, *link_, gateways_of(config)),
      publisher_(root_of(config), *link_, noticed),
      commands_(root_of(config), *link_),
      discovery_(config.home_assistant, ha_home(config, host_name()), *link_),
      rival_(root_of(config), std::move(controller), *link_) {
    names_.broker_remedy = broker_remedy(config.mqtt);
    for (const SensorConfig& sensor : config.sensors) names_.sensors.push_back(sensor.id);
    for (const OutputConfig& output : config.outputs) names_.outputs.push_back(output.id);
    link_->end_handover();
}

void MqttSiteIo::turn(Time now) {
    now_ = now;
    link_->turn(now);
    outputs_.turn(now);
    for (const Received& message : link_->take()) {
        outputs_.receive(message);
        shared_.receive(message);
        sensors_.receive(message);
        publisher_.receive(message);
        commands_.receive(message);
        discovery_.receive(message);
        rival_.receive(message);
    }
    rival_.turn(now);
    for (const std::string& topic : commands_.take_refused()) publisher_.repeat_state(topic);
    const bool greeted = discovery_.turn(now);
    if (greeted) publisher_.repeat_all();
    publisher_.turn(now);
    if (greeted) link_->publish_online();
}

SensorSamples MqttSiteIo::temperatures() const {
    SensorSamples samples;
    const auto values = sensors_.temperatures();
    for (std::size_t i = 0; i < values.size(); ++i) samples.emplace(names_.sensors[i], values[i]);
    return samples;
}

std::vector<SourceHealth> MqttSiteIo::health(Time now) const {
    std::vector<SourceHealth> all = sensors_.health(now);
    all.push_back(link_->health().source);
    return all;
}

std::vector<std::pair<std::string, std::string>> MqttSiteIo::take_device_problems() {
    std::vector<std::pair<std::string, std::string>> problems;
    for (const OutputProblem& problem : outputs_.take_problems())
        problems.emplace_back(names_.outputs[problem.output], problem.text);
    return problems;
}

std::vector<OutputTopics> MqttSiteIo::output_topics() const {
    std::vector<OutputTopics> topics;
    for (std::size_t i = 0; i < names_.outputs.size(); ++i)
        topics.push_back(
            {fmt::format("{}", fmt::join(outputs_.filters(i), ", ")), outputs_.availability_topic(i), outputs_.unread(i)});
    return topics;
}

std::vector<SystemAlarm> MqttSiteIo::alarms() const {
    std::vector<SystemAlarm> all;
    if (auto alarm = alarm_of(needed_only(link_->health()), names_.broker_remedy)) all.push_back(std::move(*alarm));
    for (std::size_t i = 0; i < names_.outputs.size(); ++i)
        if (const std::string sign = outputs_.disputed(i) ? "they have different PowerOnStates" : shared_.sign(i); !sign.empty())
            all.push_back(
                {AlarmCode::topic_shared, names_.outputs[i],
                 fmt::format("Two devices share the topic of {}: {}. One order switches both", names_.outputs[i], sign)});
    if (discovery_.given_up())
        all.push_back(
            {AlarmCode::topic_denied, "home_assistant",
             "The broker closed the connection twice after a Home Assistant message; voltd publishes nothing more there until "
             "it restarts",
             false, "Raise the broker's packet limit (mosquitto: max_packet_size), then voltctl ha announce"});
    if (const std::string other = rival_.other(now_); !other.empty())
        all.push_back(
            {AlarmCode::second_controller, "",
             fmt::format("Another voltd ({}) controls this site over the same broker and switches the same relays", other)});
    if (!retained_.topics.empty())
        all.push_back({AlarmCode::retained_command, "voltd",
                       fmt::format("Ignored and cleared a retained command on {} (this alarm clears after {})",
                                   fmt::join(retained_.topics, ", "), phrase(retained_alarm_for))});
    // One alarm per output names all its topics, so that the operator can clear them at once.
    std::map<std::size_t, std::vector<std::string>> standing;
    for (const RetainedCommand& command : outputs_.retained_commands()) standing[command.output].push_back(command.topic);
    for (const auto& [output, topics] : standing)
        all.push_back({AlarmCode::retained_command, names_.outputs[output],
                       fmt::format("{} has a retained message that {} obeys each time it connects. Clear it with "
                                   "an empty retained message, or set clear_retained",
                                   fmt::join(topics, ", "), names_.outputs[output])});
    return all;
}

std::vector<OutsideCommand> MqttSiteIo::take_commands(const Policy& policy, const Moment& moment) {
    std::vector<OutsideCommand> accepted;
    for (std::string& topic : commands_.take_retained()) {
        const bool known = std::find(retained_.topics.begin(), retained_.topics.end(), topic) != retained_.topics.end();
        if (!known && retained_.topics.size() < most_retained_named) retained_.topics.push_back(std::move(topic));
        retained_.until = now_ + retained_alarm_for;
    }
    if (now_ >= retained_.until) retained_.topics.clear();
    for (const TopicCommand& command : commands_.take(moment.clock_trusted ? std::optional(moment.utc) : std::nullopt)) {
        const auto resolved = fitted(command, policy);
        if (resolved) accepted.push_back(resolved.value());
        commands_.answer(command, resolved ? std::nullopt : std::optional(resolved.failure().text));
    }
    return accepted;
}

std::unique_ptr<BrokerConnection> MqttSiteIo::give_link(bool withdraw) {
    if (withdraw) discovery_.withdraw();
    return std::move(link_);
}

void MqttSiteIo::publish(const std::vector<Topic>& topics, const std::map<std::string, std::string>& alarms) {
    for (const Topic& topic : topics) publisher_.publish_state(topic.suffix, topic.json);
    for (const auto& [suffix, json] : alarms) publisher_.publish_state(suffix, json);
    for (const std::string& suffix : names_gone(published_, topics, alarms)) publisher_.clear_state(suffix);
    publisher_.turn(now_);
}

}  // namespace volt
