// Raises alarms about implausible readings. For alarms.cpp only.
#pragma once

#include "rules/alarm_list.hpp"

namespace volt {

/// Adds sources whose voltage is implausible for this kind of bank, or jumps.
void add_implausible(const Tick& tick, Alarms& alarms);
/// Adds sources that answer with a logger's copy.
void add_copies(const Tick& tick, Alarms& alarms);
/// Adds battery temperatures that contradict each other. The subject is the guard's source.
void add_disagreement(const Tick& tick, Alarms& alarms);
/// Adds powers that do not add up, are not measured or do not move, and a BMS that allows less than any load.
void add_powers(const Tick& tick, Alarms& alarms);

}  // namespace volt
