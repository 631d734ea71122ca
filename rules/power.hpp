// The power picture: what each load draws, what the house draws without them, what is left.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Says which loads are on, which count, and what each of them draws.
void judge_draws(Tick& tick);

/// Works out base load, surplus, draws still to come and the held-back hold.
void judge_power(Tick& tick);

/// The figures of the `power` topic.
PowerPicture power_picture(const Tick& tick);

}  // namespace volt
