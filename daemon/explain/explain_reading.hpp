// The sentences of alarms about readings that cannot be believed. For explain_alarm.cpp only.
#pragma once

#include <string>

#include "daemon/explain/explain.hpp"

namespace volt {

/// The subject of `reading_stands`: pv, load or battery_power.
std::string power_name(Index power);

/// `who`: the alarm's subject by its name.
std::string explain_reading(const ExplainContext& scene, const Alarm& alarm, const std::string& who);

}  // namespace volt
