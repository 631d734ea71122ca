// nft rules that limit where volt-agent may connect. Its unit loads them as root before each start.
#pragma once

#include <string>

#include "daemon/agent/agent_config.hpp"

namespace volt::agent {

/// Returns rules that let the user volt-agent connect only to voltd's API, the model and name servers: not to the broker, a relay
/// or a Modbus device.
std::string firewall_rules(const AgentConfig& config);

}  // namespace volt::agent
