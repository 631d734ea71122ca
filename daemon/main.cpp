// voltd: reads its arguments and files, reports problems with them, and starts the Application.
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <iostream>

#include "daemon/application.hpp"
#include "daemon/config/charge_plan.hpp"
#include "daemon/config/check.hpp"
#include "daemon/config/good_copy.hpp"
#include "daemon/explain/explain.hpp"
#include "daemon/host/end_limit.hpp"
#include "daemon/journal/rule_state_codec.hpp"
#include "drivers/store/settings/read_only.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace {

using namespace volt;

constexpr int exit_failure = 1, exit_usage = 2;

struct Arguments {
    std::string config = "/etc/voltd/voltd.yaml";
    std::string wall_clock;
    bool check = false;
};

/// Returns the exit code, or nothing to start.
std::optional<int> read_arguments(int argc, char** argv, Arguments& arguments) {
    CLI::App app{"voltd: manages power on an off-grid site. Measured voltage decides.", "voltd"};
    app.add_option("--config", arguments.config, "configuration file")->capture_default_str();
    app.add_flag("--check", arguments.check, "check the configuration against the database (or the default settings), then exit");
    app.add_option("--wall-clock", arguments.wall_clock,
                   "RATE@START: run the wall clock at RATE from START, e.g. 720@2025-06-21T05:30 (demonstrations; every host "
                   "must be loopback)");
    app.set_version_flag("--version", fmt::format("voltd {}", VOLT_VERSION));
    app.footer(
        "Exit: 0 ok, 1 failure at run time, 2 usage, 78 configuration or database refused (nothing was touched).\n"
        "SIGTERM shuts down cleanly; SIGHUP reloads the configuration.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : exit_usage; }
    return std::nullopt;
}

std::optional<SimulatedWall> simulated_wall(const Arguments& arguments, const Config& config, bool& usage_error) {
    if (arguments.wall_clock.empty()) return std::nullopt;
    const auto wall = parse_wall_clock(arguments.wall_clock);
    usage_error = !all_hosts_loopback(config);
    if (usage_error)
        fmt::print(stderr, "voltd: --wall-clock is for demonstrations: every host of {} must be loopback\n", arguments.config);
    return wall;
}

int check(const Arguments& arguments) {
    std::optional<std::string> refused;
    const int code = check_config(
        arguments.config, std::cout,
        [&](const std::string& database) -> std::optional<Settings> {
            auto settings = peek_settings(database);
            if (!settings) refused = settings.failure().text;
            return settings ? settings.value() : std::nullopt;
        },
        peek_charge_proof);
    if (!refused) return code;
    fmt::print("{}\n", *refused);
    return exit_refused;
}

/// Logs the first steps on a new machine, in order.
void log_first_steps(const std::string& config, Log& log) {
    log.write_plain(Level::error,
                    fmt::format("voltd has no configuration yet: {} does not exist. Nothing was started. To set it up:", config));
    log.write_plain(
        Level::error,
        "  1. sudo voltctl init: scans the network, asks, and writes it in shadow mode, in which nothing is switched");
    log.write_plain(Level::error, "     (by hand: copy /etc/voltd/voltd.example.yaml, enter addresses and topics)");
    log.write_plain(Level::error,
                    fmt::format("  2. voltd --check --config {} lists every problem, with line and column", config));
    log.write_plain(Level::error, "  3. systemctl restart voltd; then `voltctl status` and `voltctl explain`");
    log.write_plain(Level::error, "  4. when you agree with what it would do: commands: live, then systemctl reload voltd");
}

void log_findings(const ParsedConfig& parsed, Log& log) {
    for (const Problem& warning : parsed.warnings) log.write_plain(Level::warning, text_of(warning));
    for (const Problem& problem : parsed.problems) log.write_plain(Level::error, text_of(problem));
}

/// Falls back to the last good configuration after a bad file, and puts it into `parsed` and `file`. Returns false if none is
/// usable, and logs the reason.
bool fall_back(ConfigFile& file, ParsedConfig& parsed, Log& log) {
    LastGood last = last_good(parsed, file.copy);
    if (!last.parsed.config) {
        if (!file.copy.empty()) log.write_plain(Level::error, "voltd: cannot use the last good configuration: " + last.why_not);
        log.write_plain(Level::error, fmt::format("voltd: {} problem(s) in {}; nothing was started. See `voltd --check`",
                                                  parsed.problems.size(), file.path));
        return false;
    }
    log_findings(last.parsed, log);
    file.rejected = fmt::format("{} was rejected; voltd runs with the last good configuration{}. {}", file.path,
                                bare_words(parsed.text).shadow ? ", in shadow as the file asks" : "", rejection(parsed));
    log.write_plain(Level::error, file.rejected + " " + remedy_of(AlarmCode::config_rejected));
    parsed = std::move(last.parsed);
    file.text = parsed.text;
    return true;
}

/// Reads the configuration. Returns false if it is rejected, and logs the reason. A missing file where voltd ran before counts as
/// a bad file.
bool read_config(ConfigFile& file, Log& log, ParsedConfig& parsed) {
    const bool missing = ::access(file.path.c_str(), F_OK) != 0 && errno == ENOENT;
    if (missing && (file.copy.empty() || ::access(file.copy.c_str(), F_OK) != 0)) {
        log_first_steps(file.path, log);
        return false;
    }
    parsed = load_config(file.path);
    if (parsed.config)
        if (auto nowhere = check_database_place(parsed)) {
            parsed.problems.push_back(std::move(*nowhere));
            parsed.config.reset();
        }
    log_findings(parsed, log);
    if (!parsed.config) return fall_back(file, parsed, log);
    file.text = parsed.text;
    return true;
}

int run(const Arguments& arguments) {
    Log log;
    ParsedConfig parsed;
    ConfigFile file{arguments.config, {}, good_copy_path(service_directory("STATE_DIRECTORY")), {}};
    if (!read_config(file, log, parsed)) return exit_refused;
    bool usage_error = false;
    const auto wall = simulated_wall(arguments, *parsed.config, usage_error);
    if (usage_error) return exit_usage;

    EventWait wake;
    log.set_level(parsed.config->log_level);
    const auto lock = DatabaseLock::take(parsed.config->database);
    if (!lock) {
        log.write(Level::error, fmt::format("{} is in use by another voltd or `voltctl db`; exiting", parsed.config->database));
        return exit_failure;
    }
    SafeMode safe_mode(service_directory("RUNTIME_DIRECTORY"), monotonic_now());
    auto opened = open_store(parsed.config->database);
    if (!opened) {
        safe_mode.end_run();
        log.write(Level::error, opened.failure().text);
        return exit_refused;
    }
    for (const std::string& note : opened.value().notes) log.write(Level::info, note);
    for (const Problem& warning : check_settings(parsed, *opened.value().settings).warnings)
        log.write(Level::warning, text_of(warning));
    const std::string proven = opened.value().rule_state ? decode_charge_memory(*opened.value().rule_state).proof.wiring : "";
    if (const auto unproven = check_charge_guard(parsed, *opened.value().settings, proven))
        log.write(Level::warning, text_of(*unproven));
    Application application(wake, log, std::move(file), std::move(*parsed.config), std::move(opened.value()), wall,
                            std::move(safe_mode));
    return application.run();
}

}  // namespace

int main(int argc, char** argv) {
    mallopt(M_ARENA_MAX, 2);  // a heap for each thread costs a Pi more than it gains
    Arguments arguments;
    if (const auto code = read_arguments(argc, argv, arguments)) return *code;
    try {
        if (!arguments.wall_clock.empty() && !parse_wall_clock(arguments.wall_clock)) {
            std::fprintf(stderr, "voltd: --wall-clock: '%s' is not RATE@START; expected for example 720@2025-06-21T05:30\n",
                         arguments.wall_clock.c_str());
            return exit_usage;
        }
        if (arguments.check) return check(arguments);
        const int code = run(arguments);
        end_end_limit();
        return code;
    } catch (const std::exception& error) { std::fprintf(stderr, "voltd: %s\n", error.what()); } catch (...) {
        std::fputs("voltd: unknown error, exiting\n", stderr);
    }
    return exit_failure;
}
