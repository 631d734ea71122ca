// voltsim: a simulated site on loopback, and the command that injects faults into a running one.
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "drivers/sim/options.hpp"
#include "drivers/source.hpp"

namespace {

using namespace volt;
using namespace volt::sim;

volatile std::sig_atomic_t asked_to_stop = 0;

void stop(int) { asked_to_stop = 1; }

constexpr int exit_failed = 1, exit_usage = 2, exit_unreachable = 3;

constexpr const char* about =
    "voltsim, a simulated off-grid site: a GX and a Sol-Ark as Modbus TCP servers on loopback, a battery, sun, zones,\n"
    "and outputs on an MQTT broker. The first line printed is JSON with the ports. Without a broker it runs on and\n"
    "keeps trying. Control a running one over a Unix socket (--control, one per user):\n"
    "  voltsim fault gx silent 120            gx | sol_ark: silent slow[:MS] reset exception[:N] zeros frozen\n"
    "                                         shifted late\n"
    "  voltsim fault relay:miner1 deaf 60     relay:TOPIC: deaf stuck meter-lost late offline reboot reboot-on;\n"
    "                                         sensors: silent; `none 1` ends any\n"
    "  voltsim fault gateway stale-on 5       off for 5 s, then publishes its cache: restart stale-on stale-off\n"
    "  voltsim set pv 8450 load 1850 voltage 52.30   held exactly until `voltsim set all auto`\n"
    "  voltsim status\n"
    "Its bank holds 30.7 kWh: `voltctl prefs set bank_wh=30700` for the voltd that runs it.";

void add_run_options(CLI::App& app, SiteConfig& config, TypedOptions& typed) {
    app.add_option("--speed", config.speed, "Speed of sun, battery and heat; devices' own timers stay real")
        ->check(CLI::Range(1, 2'000))
        ->capture_default_str();
    app.add_option("--start", typed.start, "Local time of the site at the start")->capture_default_str();
    app.add_option("--zone", typed.zone, "Time zone of --start")->capture_default_str();
    app.add_option("--seed", typed.seed, "The same seed gives the same clouds and house")->capture_default_str();
    app.add_option("--gx-port", config.gx_port, "0: a free one")->check(CLI::Range(0, 65'535))->capture_default_str();
    app.add_option("--sol-ark-port", config.sol_ark_port, "0: a free one")->check(CLI::Range(0, 65'535))->capture_default_str();
    app.add_option("--broker", typed.broker, "HOST:PORT of the MQTT broker")->capture_default_str();
    app.add_flag("--no-broker", typed.no_broker, "No MQTT at all");
    app.add_option("--bank", typed.bank, "Resting voltage: the site's own curve or the cell's flat one")
        ->check(CLI::IsMember({"site", "lifepo4"}))
        ->capture_default_str();
    app.add_option("--cells", typed.cells, "Cells of the bank in series: 4 are 12 V, 8 are 24 V, 16 are 48 V")
        ->check(CLI::Range(4, 32))
        ->capture_default_str();
    app.add_option("--soc", typed.soc_pct, "Charge at the start, %")->check(CLI::Range(0, 100))->capture_default_str();
    app.add_option("--sky", typed.sky, "Kind of day")
        ->check(CLI::IsMember({"clear", "fair", "mixed", "grey"}))
        ->capture_default_str();
    app.add_option("--hold", typed.hold, "Hold a value from the start, KEY=VALUE as after `set`");
    app.add_option("--output", typed.outputs,
                   "An output, instead of the six built in: miner1:miner:3878, heaters#2:main-room-heater:1500,\n"
                   "heat-room/fan/level:heat-room-fan:10, esphome=heatroom/exhaust:heat-room-fan:10,\n"
                   "relay=fan1:main-room-fan:8, shelly1=ID:miner:3250, shelly2=PREFIX:miner:3250,\n"
                   "zigbee=NAME:heat-room-heater:1500, esphome=NODE/OBJECT:heat-room-heater:1500,\n"
                   "generic=shed/heater:main-room-heater:1500");
    app.add_option("--device-timer", typed.device_timer_s,
                   "Seconds until a Shelly Gen1, an ESPHome or a generic relay goes off by itself; 0: never")
        ->check(CLI::Range(0, 64'800))
        ->capture_default_str();
    app.add_option("--heat-room-topic", config.topics.heat_room)->capture_default_str();
    app.add_option("--main-room-topic", config.topics.main_room)->capture_default_str();
    app.add_option("--weather-topic", config.topics.weather)->capture_default_str();
    app.add_option("--tele-period", typed.tele_period_s, "Seconds between telemetry of a relay")
        ->check(CLI::Range(1, 3'600))
        ->capture_default_str();
    app.add_option("--miner-boot", typed.miner_boot_s, "Seconds a miner boots")
        ->check(CLI::Range(0, 3'600))
        ->capture_default_str();
    app.add_option("--miner-ramp", typed.miner_ramp_s, "Seconds from there to full watts")
        ->check(CLI::Range(1, 3'600))
        ->capture_default_str();
}

CLI::Validator serial_of(std::size_t size) {
    return {[size](std::string& text) { return text.size() == size ? "" : fmt::format("a text of {} characters", size); },
            fmt::format("{} characters", size)};
}

void add_device_options(CLI::App& app, SiteConfig& config, TypedOptions& typed) {
    app.add_option("--gx-server", config.gx.server_version, "Version v1.0.N of the GX's Modbus server")
        ->check(CLI::Range(60, 999))
        ->capture_default_str();
    app.add_option("--gx-units", config.gx.units, "Available units: 100 system, 225 battery, 227 vebus, 24 sensor")
        ->delimiter(',')
        ->check(CLI::Range(0, 247))
        ->capture_default_str();
    app.add_option("--gx-serial", config.gx.serial, "Serial number, 12 characters")->check(serial_of(12))->capture_default_str();
    app.add_flag("--gx-power", config.gx.power, "The GX also measures PV and loads, and its charge limit controls them");
    app.add_option("--sol-ark-framing", typed.sol_ark_wire)->check(CLI::IsMember({"tcp", "rtu"}))->capture_default_str();
    app.add_flag("--sol-ark-gateway", config.sol_ark_gateway,
                 "A gateway to its serial line: one queue for all clients, 2.15 s and exception 11 for an absent unit");
    app.add_option("--sol-ark-unit", config.sol_ark.unit)->check(CLI::Range(0, 247))->capture_default_str();
    app.add_option("--sol-ark-power-scale", config.sol_ark.power_scale)->check(CLI::IsMember({1, 10}))->capture_default_str();
    app.add_option("--sol-ark-current-scale", typed.sol_ark_current_scale)
        ->check(CLI::IsMember({0.01, 0.1}))
        ->capture_default_str();
    app.add_option("--sol-ark-serial", config.sol_ark.serial, "Serial number, 10 characters")
        ->check(serial_of(10))
        ->capture_default_str();
}

/// Sends one line to a running simulator.
int pass_on(const std::string& path, const std::string& line) {
    const auto answer = send_line(path, line);
    if (!answer) {
        fmt::print(stderr, "voltsim: no simulator listens at {}\n", path);
        return exit_unreachable;
    }
    fmt::print("{}\n", *answer);
    return answer->starts_with("error") ? exit_failed : 0;
}

/// Uses the given path. The default path gets a number if another simulator has it.
std::unique_ptr<Site> make_site(SiteConfig& config, bool path_given) {
    try {
        return std::make_unique<Site>(config, monotonic_now());
    } catch (const std::runtime_error& problem) {
        if (path_given || std::string(problem.what()).find("another voltsim") == std::string::npos) throw;
    }
    config.control_path += "." + std::to_string(getpid());
    return std::make_unique<Site>(config, monotonic_now());
}

int run(SiteConfig& config, bool path_given, bool print) {
    std::signal(SIGINT, stop);
    std::signal(SIGTERM, stop);
    std::signal(SIGPIPE, SIG_IGN);
    const auto site = make_site(config, path_given);
    fmt::print("{{\"gx_port\":{},\"sol_ark_port\":{},\"control\":\"{}\"}}\n", site->gx_port(), site->sol_ark_port(),
               site->control_path());
    std::fflush(stdout);
    Time next_print = monotonic_now();
    while (asked_to_stop == 0) {
        site->turn();
        if (!print || monotonic_now() < next_print) continue;
        next_print += 1s;
        fmt::print("{}\n", site->sentence());
        std::fflush(stdout);
    }
    return 0;
}

/// Sends `fault`, `set` or `status` with its arguments; `--control PATH` may be among them.
int pass_on(const CLI::App& command, std::string path) {
    const auto words = command.remaining();
    std::string line = command.get_name();
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--control" && i + 1 < words.size()) {
            path = words[++i];
        } else {
            line += " " + words[i];
        }
    }
    return pass_on(path, line);
}

}  // namespace

int main(int argc, char** argv) {
    SiteConfig config;
    TypedOptions typed;
    bool print = false;
    std::string control = default_control_path();
    CLI::App app{about};
    app.set_version_flag("--version", "voltsim " VOLT_VERSION);
    const auto* path = app.add_option("--control", control, "Control socket")->capture_default_str();
    app.add_flag("--print", print, "A line each second");
    add_run_options(app, config, typed);
    add_device_options(app, config, typed);
    app.require_subcommand(0, 1);
    const std::vector<CLI::App*> commands = {
        app.add_subcommand("fault", "TARGET WHAT SECONDS: inject a fault into a running one"),
        app.add_subcommand("set", "KEY VALUE ...: pin values of a running one; auto releases them"),
        app.add_subcommand("status", "Print the state of a running one as JSON")};
    for (CLI::App* command : commands) command->prefix_command()->fallthrough(false);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) { return app.exit(problem) == 0 ? 0 : exit_usage; }
    for (const CLI::App* command : commands) {
        if (command->parsed()) return pass_on(*command, control);
    }
    try {
        config.control_path = control;
        understand(typed, config);
        return run(config, path->count() > 0, print);
    } catch (const std::invalid_argument& problem) {
        fmt::print(stderr, "voltsim: {}\n", problem.what());
        return exit_usage;
    } catch (const std::exception& problem) {
        fmt::print(stderr, "voltsim: {}\n", problem.what());
        return exit_failed;
    }
}
