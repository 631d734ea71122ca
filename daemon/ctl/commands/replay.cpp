#include "daemon/ctl/commands/replay.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

#include "daemon/config/build_policy.hpp"
#include "daemon/config/uses.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/explain/budget_json.hpp"
#include "daemon/explain/json_parts.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/store/settings/read_only.hpp"
#include "rules/decide.hpp"
#include "rules/names.hpp"

namespace volt::ctl {

namespace {

constexpr std::size_t longest_line = 1024 * 1024;

Json gates_of(const SiteView& view, std::size_t load) {
    Json gates = Json::array();
    for (const Gate& gate : view.decision().verdicts[load].gates) gates.push_back(json::gate(view, load, gate, true));
    return gates;
}

Json load_answer(const SiteView& view, std::size_t load) {
    const Verdict& verdict = view.decision().verdicts[load];
    Json answer{{"wanted", verdict.wanted ? "on" : "off"},
                {"state", name_of(verdict.state)},
                {"reason", name_of(verdict.reason)},
                {"text", explain_load(view.scene, load)},
                {"gates", gates_of(view, load)}};
    if (verdict.waiting) answer["waiting"] = name_of(*verdict.waiting);
    return answer;
}

Json zone_answer(const SiteView& view, std::size_t index) {
    const ZoneVerdict& verdict = view.decision().zones[index];
    const bool heats = verdict.heat_wanted && verdict.heat != HeatSource::none;
    return {{"temperature_c", json::number_or_null(verdict.temperature)},
            {"fan_wanted", verdict.fan_wanted},
            {"heat", heats ? name_of(verdict.heat) : "off"},
            {"reason", name_of(verdict.reason)},
            {"tripped", verdict.tripped},
            {"heater", load_answer(view, view.policy().miners.size() + index)}};
}

Json commands_answer(const SiteView& view) {
    Json list = Json::array();
    for (const Command& command : view.decision().commands) {
        const OutputWiring& wiring = view.policy().outputs[static_cast<std::size_t>(command.output)];
        const bool level = command.on && wiring.kind == OutputKind::level;
        list.push_back({{"output", wiring.id},
                        {"order", level ? Json(command.level) : Json(command.on ? "on" : "off")},
                        {"renewal", command.renewal}});
    }
    return list;
}

Json alarms_answer(const SiteView& view) {
    Json list = Json::array();
    for (const Alarm& alarm : view.decision().alarms) {
        const std::string subject = alarm_subject(view.policy(), alarm);
        list.push_back(std::string(name_of(alarm.code)) + (subject.empty() ? "" : "/" + subject));
    }
    return list;
}

Json answer_of(const SiteView& view) {
    const Policy& policy = view.policy();
    Json miners = Json::object(), zones = Json::object();
    for (std::size_t i = 0; i < policy.miners.size(); ++i) miners[policy.miners[i].slug] = load_answer(view, i);
    for (std::size_t i = 0; i < policy.zones.size(); ++i) zones[policy.zones[i].slug] = zone_answer(view, i);
    const ChargeVerdict& charge = view.decision().charge;
    return {{"t", static_cast<double>(view.snapshot().now.count()) / 1000},
            {"stage", name_of(view.decision().battery.stage)},
            {"miners", std::move(miners)},
            {"zones", std::move(zones)},
            {"charge", {{"order", charge.blocked ? "blocked" : "allowed"}, {"reason", name_of(charge.reason)}}},
            {"power", Json::parse(power_json(view))},
            {"budget", json::budget(view)},
            {"commands", commands_answer(view)},
            {"alarms", alarms_answer(view)}};
}

void add_output(Config& config, const Use& use) {
    const bool there = std::any_of(config.outputs.begin(), config.outputs.end(),
                                   [&](const OutputConfig& output) { return output.id == use.output_id; });
    if (there) return;
    OutputConfig output;
    output.id = use.output_id;
    output.meter = use.kind != UseKind::fan;
    if (use.kind == UseKind::fan) {
        output.kind = OutputKind::level;
        output.lease = 0s;
        output.safe_state = SafeState::automatic;
    }
    config.outputs.push_back(std::move(output));
}

bool is_there(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
}

}  // namespace

Config invented_wiring(const Settings& settings) {
    Config config;
    config.site = "replay";
    config.victron = VictronConfig{};
    config.victron->battery_unit = 225;
    config.sol_ark = SolArkConfig{};
    config.voltage_sources = {"victron.battery", "victron.system", "sol_ark"};
    config.power_sources = {{"sol_ark"}, {"sol_ark"}, {"sol_ark"}};
    config.weather = WeatherConfig{};
    for (const Use& use : uses_of(settings)) add_output(config, use);
    for (const Zone& zone : settings.zones) {
        const bool there = std::any_of(config.sensors.begin(), config.sensors.end(),
                                       [&](const SensorConfig& sensor) { return sensor.id == zone.sensor_id; });
        if (zone.sensor_id.empty() || there) continue;
        config.sensors.push_back({});
        config.sensors.back().id = zone.sensor_id;
    }
    return config;
}

std::optional<Config> wiring_for(const std::optional<std::string>& config, const Settings& settings) {
    if (!config && !is_there(default_config)) return invented_wiring(settings);
    const ParsedConfig parsed = load_config(config.value_or(default_config));
    for (const Problem& problem : parsed.problems) std::cerr << text_of(problem) << '\n';
    return parsed.config;
}

Replay::Replay(const Config& config, const Settings& settings)
    : policy_(build_policy(config, settings, 1)), input_(policy_, ZoneClock::load(settings.timezone), config.site_place) {}

Result<std::string> Replay::answer(const std::string& line) {
    try {
        const Json object = Json::parse(line, nullptr, false);
        if (object.is_discarded()) return Failure{Fault::refused, "not JSON"};
        const SiteSnapshot& snapshot = input_.take(object);
        const Decision decision = decide(snapshot, policy_, state_);
        input_.follow(decision.commands);
        state_ = decision.next;
        return json::text(answer_of({{policy_, snapshot, decision}, {}, {}, {}, {}}));
    } catch (const BadLine& bad) { return Failure{Fault::refused, bad.what()}; }
}

int replay(const ReplayOptions& options, std::istream& in, std::ostream& out) {
    const auto peeked = peek_settings(options.database);
    if (!peeked) {
        std::cerr << "voltctl: " << peeked.failure().text << '\n';
        return exit_failed;
    }
    const std::optional<Settings>& settings = peeked.value();
    if (!settings) {
        std::cerr << "voltctl: cannot read the database " << options.database << '\n';
        return exit_failed;
    }
    const auto config = wiring_for(options.config, *settings);
    if (!config) return exit_failed;
    Replay rules(*config, *settings);
    std::vector<char> room(longest_line);
    for (std::size_t number = 1; in.getline(room.data(), static_cast<std::streamsize>(room.size())); ++number) {
        if (room[0] == '\0') continue;
        const auto answer = rules.answer(room.data());
        if (!answer) {
            std::cerr << "voltctl: line " << number << ": " << answer.failure().text << '\n';
            return exit_failed;
        }
        out << answer.value() << '\n';
    }
    if (!in.eof()) std::cerr << "voltctl: a line is longer than 1 MB\n";
    out.flush();
    return in.eof() && out ? exit_ok : exit_failed;
}

void add_replay(Program& program) {
    CLI::App* part = add_plain(program.app, "replay", "run the rules over inputs from stdin, one JSON line per tick");
    const auto database = std::make_shared<std::string>();
    part->add_option("--database", *database, "database with the settings (read only)")->type_name("FILE")->required();
    on(part, program, [&program, database] {
        if (!may_be_database(*database)) return exit_failed;
        return replay({*database, program.address.config}, std::cin, std::cout);
    });
}

}  // namespace volt::ctl
