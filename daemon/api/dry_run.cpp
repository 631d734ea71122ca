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
std::vector<Sample<Celsius>> temperatures_for(const Policy& policy, const DecisionInputs& frame) {
    std::vector<Sample<Celsius>> all(policy.sensors.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < frame.policy.sensors.size(); ++j)
            if (frame.policy.sensors[j].name == policy.sensors[i].name) all[i] = frame.snapshot.temperatures[j];
    return all;
}

}  // namespace

Object would_json(const DecisionInputs& frame, const Thought& thought) {
    Settings settings = thought.settings ? *thought.settings : *frame.settings;
    if (thought.mode) settings.preferences.mode = *thought.mode;
    const Policy policy = build_policy(frame.config, settings, frame.policy.revision + 1);
    SiteSnapshot snapshot = frame.snapshot;
    snapshot.temperatures = temperatures_for(policy, frame);
    snapshot.requests.clear();
    if (thought.request) snapshot.requests.push_back(*thought.request);
    const Decision decision = decide(snapshot, policy, frame.state);
    Object would = Object::array();
    for (const Command& command : decision.commands) {
        if (command.renewal || command.retry) continue;
        const OutputWiring& output = policy.outputs[static_cast<std::size_t>(command.output)];
        would.push_back({{"output", output.id}, {"order", order_of(command, output.kind)}, {"reason", name_of(command.reason)}});
    }
    return {{"would", std::move(would)}};
}

std::optional<DecisionInputs> take_frame(LoopRequests& errands) {
    std::optional<DecisionInputs> frame;
    errands.run(
        [&frame](LoopContext& loop) {
            if (loop.view() == nullptr) return false;
            frame = loop.frame();
            return true;
        },
        frame_limit);
    return frame;
}

std::optional<Config> take_config(LoopRequests& errands) {
    std::optional<Config> config;
    errands.run(
        [&config](LoopContext& loop) {
            config = loop.frame().config;
            return true;
        },
        config_limit);
    return config;
}

SettingsContext settings_context(LoopRequests& requests, std::function<void()> changed) {
    const auto would = [&requests](std::shared_ptr<const Settings> settings) -> std::optional<Object> {
        const auto frame = take_frame(requests);
        if (!frame) return std::nullopt;
        return would_json(*frame, {std::move(settings), {}, {}});
    };
    return {std::move(changed), would, [&requests] { return take_config(requests); }};
}

}  // namespace volt::api
