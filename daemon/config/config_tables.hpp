// The sections of voltd.yaml as tables of fields: names, forms, bounds and defaults, in one place each.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/config/fields.hpp"

namespace volt {

/// The whole file.
const Fields<Config>& config_fields();

/// Bounds of `lease_s` in seconds; 0 is none.
inline constexpr int shortest_lease_s = 30, longest_lease_s = 6500;

// Its larger sections.
Fields<VictronConfig> victron_fields();
Fields<SolArkConfig> sol_ark_fields();
Fields<BrokerConfig> broker_fields();
Fields<OutputConfig> output_fields();
Fields<SensorConfig> sensor_fields();
Fields<WeatherConfig> weather_fields();
Fields<Control> control_fields();

/// Which output keys a dialect requires, and which it allows beyond those of every output.
struct DialectRule {
    DialectName dialect{};
    std::vector<std::string> required;
    std::vector<std::string> required_of_relay;  ///< required too if `kind` is relay
    std::vector<std::string> taken;              ///< allowed
    bool levels = false;                         ///< supports `kind: level` too
};
const std::vector<DialectRule>& dialect_rules();
/// Keys that only some dialects have: refused unless the dialect requires or allows them.
std::vector<std::string> dialect_keys();

// Forms of texts that several sections share.
TextRule id_rule();        ///< ids and the site: allowed in topics and slugs
TextRule topic_rule();     ///< a topic without wildcards and control characters
TextRule any_text_rule();  ///< anything printable
TextRule host_rule();      ///< name or address of a host, without a port

}  // namespace volt
