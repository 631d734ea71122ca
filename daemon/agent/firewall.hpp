// nft rules that limit where volt-agent may connect. Its unit loads them before each start, as root.
#pragma once

#include <string>

#include "daemon/agent/agent_config.hpp"

namespace volt::agent {

/// Rules by which the user volt-agent opens connections to voltd's API, to the model and to name servers, and to nothing else: not to
/// the broker, a relay or a Modbus device.
std::string firewall_rules(const AgentConfig& config);

}  // namespace volt::agent
