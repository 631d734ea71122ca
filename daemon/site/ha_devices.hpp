// What Home Assistant gets to know of this site: the loads of a policy, and where the page is.
#pragma once

#include "daemon/config/config.hpp"
#include "drivers/mqtt/home_assistant.hpp"

namespace volt {

HaLoads ha_loads(const Policy& policy);
/// `machine` is the name of this computer.
HaHome ha_home(const Config& config, const std::string& machine);

}  // namespace volt
