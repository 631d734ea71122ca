// Start gates of a load: the conditions for a start, one small function each.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Sums over all loads that the gates of one tick share, computed once.
struct StartContext {
    std::optional<Time> last_start, other_start;  ///< start of the load that started last, and of any other load
    Index last_starter = no_index;
    const LoadTick* blocker = nullptr;  ///< load of a smaller level that has waited for power or inverter for less than an hour
    Index blocker_index = no_index;
    Time blocker_since{};
    Volts highest_stop{};  ///< highest stop voltage of the running miners of smaller levels
    Index highest_stop_index = no_index;
    Watts miners_before{};  ///< draws of the running miners before it in order
};

/// One load and the inputs of its gates.
struct GateContext {
    Started& tick;
    std::size_t index;
    LoadTick& load;
    LoadMemory& m;
    const StartContext& shared;
    bool by_hand = false;  ///< someone switched it on: judged as with an `on` override
    const LoadRoom& room() const { return tick.stops[index].room; }
    const LoadStop& stop() const { return tick.stops[index]; }
    /// Returns true if the gates that a miner's `on` override waives are waived. A heater's override waives all but PV and
    /// temperature.
    bool forced() const { return load.miner != nullptr && (by_hand || load.forced_on); }
    bool overvolted() const { return tick.stage.stage == Stage::overvoltage && load.needs_excess; }
};

Gate gate_enabled(const GateContext& ask);
Gate gate_output(const GateContext& ask);
Gate gate_lease(const GateContext& ask);
Gate gate_mode(const GateContext& ask);
Gate gate_override(const GateContext& ask);
Gate gate_stage(const GateContext& ask);
Gate gate_source(const GateContext& ask);
Gate gate_voltage(const GateContext& ask);
Gate gate_predicted_sag(const GateContext& ask);
Gate gate_schedule(const GateContext& ask);
Gate gate_sun(const GateContext& ask);
Gate gate_excess(const GateContext& ask);
Gate gate_weather(const GateContext& ask);
Gate gate_budget(const GateContext& ask);
Gate gate_power(const GateContext& ask);
Gate gate_priority(const GateContext& ask);
Gate gate_inverter(const GateContext& ask);
Gate gate_runtime(const GateContext& ask);
Gate gate_rest(const GateContext& ask);
Gate gate_starts(const GateContext& ask);
Gate gate_stagger(const GateContext& ask);
Gate gate_zone(const GateContext& ask);
/// Passes if its zone asks the heater to run, and the fan is confirmed off.
Gate gate_heat(const GateContext& ask);

/// Fills in all gates of a load that is off, in the fixed order, and updates its start holds.
void start_gates(const GateContext& ask, Gates& gates);
/// Returns true if every gate passes.
bool all_pass(const Gates& gates);
/// Returns the deciding gate of a waiting load: the first blocking one by severity.
const Gate* deciding(const Gates& gates);

/// Returns true if a start now would draw from the battery.
bool runs_on_battery(const GateContext& ask);
/// Returns true if the load counts as held back now: `sun`, `excess` and `power` pass.
bool held_back_for(const Planned& tick, const LoadMemory& m);

}  // namespace volt
