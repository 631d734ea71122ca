// The power balance: the draw of each load, the draw of the house without them, and the surplus.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Determines which loads are on, which count, and what each draws.
void judge_draws(Observed& tick);

/// Computes base load and surplus, and updates the held-back hold.
void judge_power(Planned& tick);

/// Load of the inverter with the running loads. The gate and preemption share it.
struct InverterSum {
    Watts site_load{};  ///< measured; 0 while unknown
    Watts by_draws{};   ///< base load plus the draws of the loads that are on; nominal draws while the site load is unknown
    Watts limit{};      ///< `inverter_max_w`, or half of it while the site load is unknown
    bool by_nominal = false;
    Watts carried() const { return site_load > by_draws ? site_load : by_draws; }
};
InverterSum inverter_sum(const Planned& tick);
/// Returns the watts that starting a load adds: 0 if it is on.
Watts added_by(const LoadTick& load);

/// Returns true if its meter shows most of its nominal draw.
bool works(const LoadTick& load);

/// Returns the watts that a load contributes to the measured site load: its meter's power, else its draw; 0 while it reports off.
Watts part_of_site_load(const LoadTick& load);

/// Returns the figures of the `power` topic.
PowerPicture power_picture(const Planned& tick);

}  // namespace volt
