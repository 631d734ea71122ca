// Sentences of alarms about implausible readings. For explain_alarm.cpp only.
#pragma once

#include <string>

#include "daemon/explain/explain.hpp"

namespace volt {

/// Returns the subject of `reading_stands`: pv, load or battery_power.
std::string power_name(Index power);

/// Explains the alarm. `who` is the name of its subject.
std::string explain_reading(const ExplainContext& scene, const Alarm& alarm, const std::string& who);

}  // namespace volt
