// Sections of voltd.yaml as tables of fields: names, forms, bounds and defaults, each in one place.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/config/fields.hpp"

namespace volt {

/// Returns the fields of the whole file.
const Fields<Config>& config_fields();

/// Bounds of `lease_s` in seconds. 0 means none.
inline constexpr int shortest_lease_s = 30, longest_lease_s = 6500;

// Return the fields of the larger sections.
Fields<VictronConfig> victron_fields();
Fields<SolArkConfig> sol_ark_fields();
Fields<BrokerConfig> broker_fields();
Fields<OutputConfig> output_fields();
Fields<SensorConfig> sensor_fields();
Fields<WeatherConfig> weather_fields();
Fields<Control> control_fields();

/// Output keys that a dialect requires, and those it allows beyond the keys of every output.
struct DialectRule {
    DialectName dialect{};
    std::vector<std::string> required;
    std::vector<std::string> required_of_relay;  ///< also required if `kind` is relay
    std::vector<std::string> taken;              ///< allowed
    bool levels = false;                         ///< also supports `kind: level`
};
const std::vector<DialectRule>& dialect_rules();
/// Returns the keys that only some dialects have. They are rejected unless the dialect requires or allows them.
std::vector<std::string> dialect_keys();

// Forms of texts that several sections share.
TextRule id_rule();        ///< ids and the site: allowed in topics and slugs
TextRule topic_rule();     ///< topic without wildcards and control characters
TextRule any_text_rule();  ///< anything printable
TextRule host_rule();      ///< name or address of a host, without a port

}  // namespace volt
