// Description of this site for Home Assistant: the loads of a policy and the address of the page.
#pragma once

#include "daemon/config/config.hpp"
#include "drivers/mqtt/home_assistant.hpp"

namespace volt {

HaLoads ha_loads(const Policy& policy);
/// Returns the devices of this site. `machine` is the name of this computer.
HaHome ha_home(const Config& config, const std::string& machine);

}  // namespace volt
