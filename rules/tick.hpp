// One turn of the rules while it is being worked out. Internal to `decide`: nothing outside of rules includes this.
#pragma once

#include <vector>

#include "rules/budget/budget.hpp"
#include "rules/decision.hpp"

namespace volt {

/// The state of one output in this tick.
struct OutputTick {
    bool there = false;  ///< output and broker can be reached
    bool back = false;   ///< since this tick
    OutputState state = OutputState::unknown;
    std::int32_t level = 0;
    bool first_seen = false;  ///< its state became known for the first time: to be adopted
    OutputMove event = OutputMove::none;
    Time event_at{};
    std::optional<Watts> measured;  ///< usable and taken after the last switching
    bool asked = false;             ///< in this tick
    Index load = no_index;          ///< who it belongs to, as a load
};

/// One load in this tick: its wiring in one shape for miners and heaters, and what was found.
struct LoadTick {
    const Miner* miner = nullptr;  ///< nothing: a heater
    const Zone* zone = nullptr;    ///< nothing: in no zone
    Index zone_index = no_index;
    Index output = no_index;  ///< no_index too when another load owns it
    Watts nominal{};
    int level = 1;  ///< priority_level; heaters have the largest
    Duration min_on{}, min_off{};
    std::size_t max_starts = 0;
    bool enabled = false;
    bool needs_excess = false;
    bool in_window = true;
    bool forced_on = false;   ///< a miner with an `on` override
    bool heat_asked = false;  ///< its zone asks it to run: schedule and weather are waived

    OutputState seen = OutputState::unknown;
    bool unknown = true;
    bool counts = false;  ///< its draw is in the budget
    bool on = false;      ///< is on, or must be taken as on
    Watts draw{};
    std::optional<Watts> measured;
    Watts headroom{}, headroom_alone{};  ///< with and without the allowance (start: bounded by those behind)
    Watts own_headroom{};                ///< not bounded by those behind
    Watts excess{};
    bool changed = false;             ///< started, stopped or adopted in this tick
    std::optional<Reason> starts_as;  ///< why it was started in this tick
    bool wants_adoption = false;      ///< switched on by someone else: kept on if the gates allow

    // What would stop a running load; true by its value, before holds and min_on_s.
    bool fails_voltage = false, fails_power = false, fails_sun = false, fails_excess = false, fails_weather = false,
         fails_schedule = false, fails_budget = false;
    bool spared = false;                 ///< sun, excess and power stop nothing now
    std::optional<Reason> waits_min_on;  ///< the most severe stop reason that waits for min_on_s
    bool by_reserve = false;             ///< the reserve stops it, or would
    bool start_by_reserve = false;       ///< the reserve asks for more than its start voltage
    std::optional<std::int64_t> have, need;
    Unit unit = Unit::none;
    std::optional<Duration> remaining;
    Index subject = no_index;

    void wait_min_on(Reason reason) {
        if (!waits_min_on || reason < *waits_min_on) waits_min_on = reason;
    }
};

/// The power picture of this tick as the rules use it.
struct PowerTick {
    std::optional<Watts> base_load;
    std::optional<Watts> surplus;  ///< max(PV - base load, 0)
    std::int64_t raw_surplus = 0;  ///< PV - base load, where `surplus` is there
    bool carried = false;          ///< battery >= -200 W and PV >= 90 % of site load
    bool held_back = false;
    Watts draws_on{}, nominal_on{};  ///< of the loads that are on
};

struct Tick {
    Tick(const SiteSnapshot& snapshot_, const Policy& policy_, RuleState& state_)
        : snapshot(snapshot_), policy(policy_), state(state_), now(snapshot_.now) {}

    const SiteSnapshot& snapshot;
    const Policy& policy;
    RuleState& state;
    Time now{};
    Duration elapsed{};  ///< since the tick before
    std::vector<OutputTick> outputs;
    std::vector<LoadTick> loads;
    Readings readings;
    StageView stage;
    std::vector<ZoneInputs> zone_inputs;
    std::vector<ZoneView> zones;
    ChargeView charge;
    PowerTick power;
    BudgetView budget;
    std::vector<Index> order;  ///< of this tick; that of the tick before is in state.site
    Index started = no_index;  ///< the one load started in this tick
    bool adopting = false;     ///< starts wait for the outputs' reports
    std::vector<Command> commands;
    std::vector<Index> ask;
    std::vector<Verdict> verdicts;

    LoadMemory& memory(std::size_t load) const { return state.loads[load]; }
    /// The published state of a load: in `shadow` what its output reports, not an imagined run.
    LoadMemory& told(std::size_t load) const { return state.real.empty() ? state.loads[load] : state.real[load]; }
    OutputMemory& order_of(const LoadTick& load) const { return state.outputs[static_cast<std::size_t>(load.output)]; }
    const OutputTick& output_of(const LoadTick& load) const { return outputs[static_cast<std::size_t>(load.output)]; }
};

inline std::size_t at(Index index) { return static_cast<std::size_t>(index); }
inline bool live(const Tick& tick) { return tick.policy.control.live; }
/// By the site's mode, or on the way to shadow.
inline bool no_load_may_run(const Tick& tick) {
    return tick.policy.preferences.mode == SiteMode::off || tick.policy.control.leaving;
}

}  // namespace volt
