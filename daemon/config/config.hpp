// Config: voltd.yaml as plain data. Parsed strictly and in one place: one run finds every problem, with line and column.
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

/// Addresses of the local API, and who may view.
struct ApiConfig {
    std::string host = "127.0.0.1";
    int port = 8480;
    std::string token_file = "/run/voltd/token";
    std::vector<std::string> hosts{};    ///< other names of this machine
    std::vector<std::string> proxies{};  ///< addresses of TLS proxies on other machines
    bool lan_plain = false;              ///< unencrypted HTTP for the local network
    bool view_open = false;              ///< viewing needs no login
    std::vector<std::string> frames{};   ///< origins that may show the page in a frame
    std::string site{};                  ///< value of the key `site`, for the page
    bool operator==(const ApiConfig&) const = default;
};

/// `backup`: target of the weekly voltd-backup.timer, which runs `voltctl backup`.
struct BackupConfig {
    std::string to;  ///< a directory, as an absolute path
    int keep = 8;    ///< number of this site's files to keep there
    bool operator==(const BackupConfig&) const = default;
};

/// `site_place`: location for sunrise and sunset. It is never published.
struct SitePlace {
    static constexpr int steps_a_degree = 10'000;
    int latitude = 0, longitude = 0;  ///< positive to the north and east
    bool operator==(const SitePlace&) const = default;
};

enum class ClockTrust : std::uint8_t { automatic, trusted };

/// Complete file with defaults filled in and names checked.
struct Config {
    std::string site;
    std::string database = "/var/lib/voltd/voltd.db";
    std::optional<VictronConfig> victron;
    std::optional<SolArkConfig> sol_ark, sol_ark_2;  ///< the second requires the first
    /// `victron.battery` | `victron.system` | `victron.vebus` | `sol_ark` | `sol_ark_2`
    std::vector<std::string> voltage_sources;
    PowerSources power_sources;  ///< each is `sol_ark` | `sol_ark_2` | `victron.system`
    BrokerConfig mqtt;
    std::vector<OutputConfig> outputs;
    std::vector<SensorConfig> sensors;
    std::optional<WeatherConfig> weather;
    std::optional<SitePlace> site_place;
    std::optional<std::string> charge_output;  ///< output id
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
    std::string text;                     ///< text of the file; empty if unreadable
    std::vector<std::string> changes;     ///< of a reload, compared with the previous text (config_changes.hpp)
    bool wants_shadow = false;            ///< a line of a rejected file has `commands: shadow`
    std::map<std::string, Place> places;  ///< of each key in the file, by dotted path
};

inline constexpr std::size_t most_config_bytes = std::size_t{256} * 1024;

/// Treatment of unknown keys: errors, or warnings if the file was in use under another version.
enum class Keys : std::uint8_t { strict, lenient };

/// Parses a configuration from `text`; `file` names it in messages. Never throws, no side effects.
ParsedConfig parse_config(std::string_view text, const std::string& file, Keys keys = Keys::strict);

/// Reads and parses the regular file at `path`, at most 256 kB of it. Never throws, never blocks on a pipe other than /dev/stdin.
ParsedConfig load_config(const std::string& path, Keys keys = Keys::strict);
/// Returns `path` with its links followed as far as it exists, or unchanged if that cannot be determined.
std::string real_path(const std::string& path);

/// Returns the changed keys that need a restart (`site`, `database`, `mqtt.client_id`).
std::vector<std::string> needs_restart(const Config& running, const Config& loaded);

/// Returns true if `host` names this machine's loopback (127.0.0.0/8, ::1, localhost).
bool is_loopback(const std::string& host);

/// Returns true if every host of the file is loopback: devices, broker and API. `--wall-clock` requires it.
bool all_hosts_loopback(const Config& config);

}  // namespace volt
