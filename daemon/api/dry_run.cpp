#include "daemon/api/dry_run.hpp"

#include "daemon/config/policy.hpp"
#include "rules/decide.hpp"
#include "rules/names.hpp"

namespace volt::api {

namespace {

constexpr Duration frame_limit = 3s, config_limit = 1s;

Object order_of(const Command& command, OutputKind kind) {
    if (!command.on) return "off";
    return kind == OutputKind::level ? Object(command.level) : Object("on");
}

/// The sensors are those that zones name, so other settings may have more of them, or fewer.
std::vector<Sample<Celsius>> temperatures_for(const Policy& policy, const DecisionInputs& inputs) {
    std::vector<Sample<Celsius>> all(policy.sensors.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < inputs.policy.sensors.size(); ++j)
            if (inputs.policy.sensors[j].name == policy.sensors[i].name) all[i] = inputs.snapshot.temperatures[j];
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
    Object would = Object::array();
    for (const Command& command : decision.commands) {
        if (command.renewal || command.retry) continue;
        const OutputWiring& output = policy.outputs[static_cast<std::size_t>(command.output)];
        would.push_back({{"output", output.id}, {"order", order_of(command, output.kind)}, {"reason", name_of(command.reason)}});
    }
    return {{"would", std::move(would)}};
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
