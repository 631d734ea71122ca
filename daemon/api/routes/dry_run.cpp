#include "daemon/api/routes/dry_run.hpp"

#include "daemon/config/build_policy.hpp"
#include "daemon/explain/topics.hpp"
#include "daemon/loop/turn_journal.hpp"
#include "rules/decide.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::api {

namespace {

constexpr Duration frame_limit = 3s, config_limit = 1s;

Object order_of(const Command& command, OutputKind kind) {
    if (!command.on) return "off";
    return kind == OutputKind::level ? Object(command.level) : Object("on");
}

/// Returns the temperatures for another policy. Zones name the sensors, so other settings may have more or fewer of them.
std::vector<Sample<Celsius>> temperatures_for(const Policy& policy, const DecisionInputs& inputs) {
    std::vector<Sample<Celsius>> all(policy.sensors.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < inputs.policy.sensors.size(); ++j)
            if (inputs.policy.sensors[j].name == policy.sensors[i].name) all[i] = inputs.snapshot.temperatures[j];
    return all;
}

std::string load_of(const OverrideRequest& request, const Policy& policy) {
    if (request.target == TargetKind::miner) return policy.miners[request.index].slug;
    const std::string& zone = policy.zones[request.index].slug;
    return request.target == TargetKind::fan ? fan_of(zone) : heat_of(zone);
}

/// Returns the rules' verdict on each load, except the charge order, whose sentence depends on what carries it out.
std::map<std::string, Object> verdicts_of(const SiteView& view) {
    std::map<std::string, Object> all;
    for (const auto& [load, json] : explanations(view))
        if (load != "charge") all[load] = Object::parse(json, nullptr, false);
    return all;
}

std::string sentence_of(const std::map<std::string, Object>& verdicts, const std::string& load, const SiteView& view) {
    if (load == "charge") return explain_charge(view.scene, ChargeMeans::output);
    const auto found = verdicts.find(load);
    return found == verdicts.end() ? "" : found->second.value("text", "");
}

std::string no_user(const std::string& output) {
    return "No load or zone uses output " + output + " any longer, so it is switched off.";
}

/// Returns the readable part of each verdict, by load.
Object in_short(const std::map<std::string, Object>& verdicts) {
    Object all = Object::object();
    for (const auto& [load, verdict] : verdicts)
        for (const char* key : {"name", "wanted", "reason", "text"}) all[load][key] = verdict.at(key);
    return all;
}

}  // namespace

Object would_json(const DecisionInputs& inputs, const Thought& thought) {
    Settings settings = thought.settings ? *thought.settings : *inputs.settings;
    if (thought.mode) settings.preferences.mode = *thought.mode;
    const Policy policy = build_policy(inputs.config, settings, inputs.policy.revision + 1);
    SiteSnapshot snapshot = inputs.snapshot;
    snapshot.temperatures = temperatures_for(policy, inputs);
    snapshot.requests.clear();
    if (thought.request) snapshot.requests.push_back(*thought.request);
    const Decision decision = decide(snapshot, policy, inputs.state);
    const SiteView view{
        {policy, snapshot, decision, shown_by(settings)}, std::vector<OutputView>(policy.outputs.size()), {}, {}, {}};
    const std::map<std::string, Object> verdicts = verdicts_of(view);
    Object would = Object::array();
    for (const Command& command : decision.commands) {
        if (command.renewal || command.retry) continue;
        const OutputWiring& output = policy.outputs[static_cast<std::size_t>(command.output)];
        const std::string load = user_of(policy, command.output);
        would.push_back({{"output", output.id},
                         {"order", order_of(command, output.kind)},
                         {"reason", name_of(command.reason)},
                         {"load", load.empty() ? Object(nullptr) : Object(load)},
                         {"text", load.empty() ? no_user(output.id) : sentence_of(verdicts, load, view)}});
    }
    Object explain = thought.request ? verdicts.at(load_of(*thought.request, policy)) : in_short(verdicts);
    return {{"would", std::move(would)}, {"explain", std::move(explain)}};
}

std::optional<DecisionInputs> take_inputs(LoopRequests& requests) {
    std::optional<DecisionInputs> inputs;
    requests.run(
        [&inputs](LoopContext& loop) {
            if (loop.view() == nullptr) return false;
            inputs = loop.decision_inputs();
            return true;
        },
        frame_limit);
    return inputs;
}

std::optional<Config> take_config(LoopRequests& requests) {
    std::optional<Config> config;
    requests.run(
        [&config](LoopContext& loop) {
            config = loop.decision_inputs().config;
            return true;
        },
        config_limit);
    return config;
}

SettingsContext settings_context(LoopRequests& requests, std::function<void()> changed) {
    const auto would = [&requests](std::shared_ptr<const Settings> settings) -> std::optional<Object> {
        const auto inputs = take_inputs(requests);
        if (!inputs) return std::nullopt;
        return would_json(*inputs, {std::move(settings), {}, {}});
    };
    return {std::move(changed), would, [&requests] { return take_config(requests); }};
}

}  // namespace volt::api
