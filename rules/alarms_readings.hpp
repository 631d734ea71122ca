// Alarms of readings that cannot be believed. For alarms.cpp only.
#pragma once

#include "rules/alarm_list.hpp"

namespace volt {

/// A voltage that no bank of this kind has, or one that jumps.
void add_implausible(const Tick& tick, Alarms& alarms);
/// Sources whose answers are a logger's copy.
void add_copies(const Tick& tick, Alarms& alarms);
/// Battery temperatures that cannot all be right; the subject is the guard's source.
void add_disagreement(const Tick& tick, Alarms& alarms);
/// Powers that do not add up, are not measured or stand still, and a BMS that allows less than any load.
void add_powers(const Tick& tick, Alarms& alarms);

}  // namespace volt
