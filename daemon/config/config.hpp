// Config: voltd.yaml as plain data. Read strictly and in one place: every problem in one run, with line and column.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/log_level.hpp"
#include "daemon/config/power_sources.hpp"
#include "daemon/config/problem.hpp"
#include "drivers/modbus/device_config.hpp"
#include "drivers/mqtt/broker_config.hpp"
#include "drivers/output.hpp"

namespace volt {

/// Where the local API listens, and who may view.
struct ApiConfig {
    std::string host = "127.0.0.1";
    int port = 8480;
    std::string token_file = "/run/voltd/token";
    std::vector<std::string> hosts{};    ///< further names of this machine, beside its own
    std::vector<std::string> proxies{};  ///< addresses of TLS proxies on other machines
    bool lan_plain = false;              ///< unencrypted HTTP for the local network
    bool view_open = false;              ///< looking needs no login
    std::vector<std::string> frames{};   ///< origins that may show the page in a frame
    std::string site{};                  ///< the key `site`, for the page
    bool operator==(const ApiConfig&) const = default;
};

/// `backup`: what voltd-backup.timer makes every week, by `voltctl backup`.
struct BackupConfig {
    std::string to;  ///< a directory, as an absolute path
    int keep = 8;    ///< files of this site that stay there
    bool operator==(const BackupConfig&) const = default;
};

/// `site_place`: for sunrise and sunset; nothing publishes it.
struct SitePlace {
    static constexpr int steps_a_degree = 10'000;
    int latitude = 0, longitude = 0;  ///< north and east positive
    bool operator==(const SitePlace&) const = default;
};

enum class ClockTrust : std::uint8_t { automatic, trusted };

/// The whole file, defaults filled in and names checked.
struct Config {
    std::string site;
    std::string database = "/var/lib/voltd/voltd.db";
    std::optional<VictronConfig> victron;
    std::optional<SolArkConfig> sol_ark, sol_ark_2;  ///< the second only with the first
    /// `victron.battery` | `victron.system` | `victron.vebus` | `sol_ark` | `sol_ark_2`
    std::vector<std::string> voltage_sources;
    PowerSources power_sources;  ///< each of `sol_ark` | `sol_ark_2` | `victron.system`
    BrokerConfig mqtt;
    std::vector<OutputConfig> outputs;
    std::vector<SensorConfig> sensors;
    std::optional<WeatherConfig> weather;
    std::optional<SitePlace> site_place;
    std::optional<std::string> charge_output;  ///< id of an output
    bool clear_retained = false;
    std::optional<HomeAssistantConfig> home_assistant;
    ApiConfig api;
    std::optional<BackupConfig> backup;
    Control control;
    ClockTrust clock = ClockTrust::automatic;
    Level log_level = Level::info;
};

struct ParsedConfig {
    std::optional<Config> config;   ///< empty while there is any problem
    std::vector<Problem> problems;  ///< in the order of the file
    std::vector<Problem> warnings;
    std::string file;
    std::string text;                     ///< of the file as read; empty if unreadable
    std::vector<std::string> changes;     ///< of a reload, compared with the text in force (config_changes.hpp)
    bool wants_shadow = false;            ///< a line of a rejected file has `commands: shadow`
    std::map<std::string, Place> places;  ///< of each key that is in the file, by dotted path
};

inline constexpr std::size_t most_config_bytes = std::size_t{256} * 1024;

/// Unknown keys are errors, or warnings if the file was in force under another version.
enum class Keys : std::uint8_t { strict, lenient };

/// Reads a configuration from `text`; `file` names it in messages. Never throws, no side effects.
ParsedConfig parse_config(std::string_view text, const std::string& file, Keys keys = Keys::strict);

/// Reads the regular file at `path`, at most 256 kB of it, and parses it. Never throws, never blocks on a pipe other than
/// /dev/stdin.
ParsedConfig load_config(const std::string& path, Keys keys = Keys::strict);
/// `path` with its links followed as far as it exists; unchanged if that cannot be determined.
std::string real_path(const std::string& path);

/// Keys whose change needs a restart (`site`, `database`, `mqtt.client_id`) and that differ between two configurations.
std::vector<std::string> needs_restart(const Config& running, const Config& loaded);

/// Whether `host` names this machine's loopback (127.0.0.0/8, ::1, localhost).
bool is_loopback(const std::string& host);

/// Whether every host of the file is loopback: devices, broker and API (`--wall-clock` asks for it).
bool all_hosts_loopback(const Config& config);

}  // namespace volt
