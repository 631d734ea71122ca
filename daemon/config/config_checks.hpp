// Checks across fields: defaults that depend on other keys, and errors that the file alone shows.
#pragma once

#include "daemon/config/config.hpp"

namespace volt {

/// The client id if the file has none.
std::string default_client_id(const std::string& site);

/// Fills in omitted keys without a fixed default (sources, client id, leases and safe states by kind).
void fill_in(Config& config, Report& report);

/// Errors and warnings about meaning. What was already refused is skipped.
void check_wiring(const Config& config, Report& report);
/// The same for outputs (config_output_checks.cpp).
void check_outputs(const Config& config, Report& report);

/// Topics that reach more than one device, or do not fit the key (config_topic_checks.cpp).
void check_topics(const Config& config, Report& report);

/// The command of a Tasmota's command topic that switches a relay, in lower case (`power`, `power0` to `power32`); empty: another
/// topic.
std::string tasmota_power(const std::string& topic);

/// Path of an item of a list: `outputs[0]`.
std::string item_path(const char* list, std::size_t index);

}  // namespace volt
