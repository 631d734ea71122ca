// Checks across fields: defaults that depend on other keys, and errors that the file alone shows.
#pragma once

#include "daemon/config/config.hpp"

namespace volt {

/// Returns the client id to use if the file has none.
std::string default_client_id(const std::string& site);

/// Fills in omitted keys without a fixed default (sources, client id, leases and safe states by kind).
void fill_in(Config& config, Report& report);

/// Reports errors and warnings about meaning. Skips everything already rejected.
void check_wiring(const Config& config, Report& report);
/// Checks outputs (config_output_checks.cpp).
void check_outputs(const Config& config, Report& report);

/// Checks topics that reach more than one device or do not fit the key (config_topic_checks.cpp).
void check_topics(const Config& config, Report& report);

/// Returns the command in a Tasmota's command topic that switches a relay, in lower case (`power`, `power0` to `power32`), or an
/// empty string for another topic.
std::string tasmota_power(const std::string& topic);

/// Returns the path of a list item: `outputs[0]`.
std::string item_path(const char* list, std::size_t index);

}  // namespace volt
