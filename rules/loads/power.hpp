// The power balance: what each load draws, what the house draws without them, what remains.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Determines which loads are on, which count, and what each draws.
void judge_draws(Observed& tick);

/// Computes base load and surplus, and updates the held-back hold.
void judge_power(Planned& tick);

/// What the inverter would carry with the loads that are on; shared by the gate and preemption.
struct InverterSum {
    Watts site_load{};  ///< as measured; 0 while unknown
    Watts by_draws{};   ///< base load and the draws of the loads that are on; their nominal draws while the site load is unknown
    Watts limit{};      ///< `inverter_max_w`, half of it while the site load is unknown
    bool by_nominal = false;
    Watts carried() const { return site_load > by_draws ? site_load : by_draws; }
};
InverterSum inverter_sum(const Planned& tick);
/// Watts that the start of a load adds: 0 if it is on.
Watts added_by(const LoadTick& load);

/// Its meter shows most of its nominal draw.
bool works(const LoadTick& load);

/// Watts that a load adds to the measured site load: its meter's power, else its draw; 0 while it reports off.
Watts part_of_site_load(const LoadTick& load);

/// The figures of the `power` topic.
PowerPicture power_picture(const Planned& tick);

}  // namespace volt
