// One tick in progress: six phases, each a type derived from the one before. The constructor runs its phase, so no phase can be
// skipped or run too early, and no step can read a result of a later phase. Internal to `decide`: no code outside rules includes
// this.
#pragma once

#include <vector>

#include "rules/budget/budget.hpp"
#include "rules/decision.hpp"

namespace volt {

/// State of one output in this tick.
struct OutputTick {
    bool there = false;  ///< output and broker are online
    bool back = false;   ///< online again since this tick
    OutputState state = OutputState::unknown;
    std::int32_t level = 0;
    bool settling = false;    ///< its state is only a hint so far, and there is time for a report
    bool first_seen = false;  ///< its state became known for the first time: adopt it
    OutputMove event = OutputMove::none;
    Time event_at{};
    bool taken_back = false;        ///< its own protection explains the last change, which voltd took for a person's
    std::optional<Watts> measured;  ///< usable and taken after the last switching
    bool asked = false;             ///< queried in this tick
    bool fan = false;               ///< fan of a zone
    Index load = no_index;          ///< load that it switches
};

/// One load in this tick, in one form for miners and heaters: its settings and its observed state.
struct LoadTick {
    const Miner* miner = nullptr;  ///< null for a heater
    const Zone* zone = nullptr;    ///< null if the load is in no zone
    Index zone_index = no_index;
    Index output = no_index;  ///< no_index also if another load owns it
    Watts nominal{};
    int level = 1;  ///< priority_level; heaters have the largest
    Duration min_on{}, min_off{};
    std::size_t max_starts = 0;
    bool enabled = false;
    bool needs_excess = false;
    bool in_window = true;
    bool forced_on = false;   ///< a miner with an `on` override
    bool trial_over = false;  ///< the proof of its relay's timer is over: it goes off first
    bool heat_asked = false;  ///< its zone asks it for heat, so schedule and weather are waived

    OutputState seen = OutputState::unknown;
    bool unknown = true;
    bool counts = false;        ///< its draw is in the budget
    bool on = false;            ///< is on, or must be assumed on
    bool in_site_load = false;  ///< on by its report, or unknown and should be on: its watts are part of the site load
    Watts draw{};
    std::optional<Watts> measured;
    bool changed = false;             ///< started, stopped or adopted in this tick
    bool wants_adoption = false;      ///< someone else switched it on: it stays on if the gates allow
    std::optional<Reason> starts_as;  ///< reason of its start in this tick
    bool start_by_reserve = false;    ///< the reserve needs more than its start voltage
};

/// Power left for one load: in the previous tick's order while stops are judged, in this tick's order afterwards.
struct LoadRoom {
    Watts headroom{}, headroom_alone{};  ///< with and without the allowance (for a start: limited by the loads behind it)
    Watts own_headroom{};                ///< not limited by the loads behind it
    Watts excess{};
};

/// Stop reasons of a running load, possible and active, and the room it has.
struct LoadStop {
    LoadRoom room;
    // True by value, before holds and min_on_s.
    bool fails_voltage = false, fails_power = false, fails_sun = false, fails_excess = false, fails_weather = false,
         fails_schedule = false, fails_budget = false;
    bool spared = false;                 ///< sun, excess and power may not stop it now
    bool held_by_bridge = false;         ///< budget or reserve would stop it if the site were not bridged
    bool by_reserve = false;             ///< the reserve stops it, or would stop it
    bool voltage_ready = false;          ///< ready to stop by voltage, one load at a time
    bool budget_ready = false;           ///< ready to stop by the budget
    std::optional<Reason> acts;          ///< the most severe reason that stops it in this tick
    std::optional<Reason> waits_min_on;  ///< the most severe stop reason that waits for min_on_s
    std::optional<std::int64_t> have, need;
    Unit unit = Unit::none;
    std::optional<Duration> remaining;
    Index subject = no_index;

    void take(Reason reason) {
        if (!acts || reason < *acts) acts = reason;
    }
    void wait_min_on(Reason reason) {
        if (!waits_min_on || reason < *waits_min_on) waits_min_on = reason;
    }
};

/// Power figures of this tick as the rules use them.
struct PowerTick {
    std::optional<Watts> base_load;
    std::optional<Watts> surplus;  ///< max(PV - base load, 0)
    std::int64_t raw_surplus = 0;  ///< PV - base load, if `surplus` is set
    bool carried = false;          ///< the sun carries the site: see limits::losing and limits::carried_percent
    bool held_back = false;
    Watts draws_on{}, nominal_on{};  ///< sums over the loads that are on
};

/// Memory of a tick's lists, for the next tick. Their entries mean nothing.
struct TickLists {
    std::vector<OutputTick> outputs;
    std::vector<LoadTick> loads;
    std::vector<Index> ask, order, victims;
    Readings readings;
    std::vector<ZoneInputs> zone_inputs;
    std::vector<ZoneView> zones;
    std::vector<LoadStop> stops;
    std::vector<Verdict> verdicts;
    std::vector<Command> commands;
    std::vector<bool> lost_sensors;
};

/// Inputs of a tick. Each phase takes the memory of its lists from `lists`.
struct TickInput {
    const SiteSnapshot& snapshot;
    const Policy& policy;
    RuleState& state;
    TickLists& lists;
};

/// Phase 1: reads the outputs' reports, and applies them to the loads.
struct Observed {
    explicit Observed(const TickInput& input);

    const SiteSnapshot& snapshot;
    const Policy& policy;
    RuleState& state;
    Time now{};
    Duration elapsed{};  ///< since the previous tick
    std::vector<OutputTick> outputs;
    std::vector<LoadTick> loads;
    std::vector<Index> ask;
    bool adopting = false;  ///< starts wait for the outputs' reports

    LoadMemory& memory(std::size_t load) const { return state.loads[load]; }
    /// Returns the published state of a load: in `shadow` the report of its output, not an imagined run.
    LoadMemory& published(std::size_t load) const { return state.real.empty() ? state.loads[load] : state.real[load]; }
    OutputMemory& order_of(const LoadTick& load) const { return state.outputs[static_cast<std::size_t>(load.output)]; }
    const OutputTick& output_of(const LoadTick& load) const { return outputs[static_cast<std::size_t>(load.output)]; }
};

/// Phase 2: judges the usable readings, the battery's stage and the zones.
struct Judged : Observed {
    explicit Judged(const TickInput& input);
    Readings readings;
    StageView stage;
    std::vector<ZoneInputs> zone_inputs;
    std::vector<ZoneView> zones;
};

/// Phase 3: plans power, night budget and the order of the loads.
struct Planned : Judged {
    explicit Planned(const TickInput& input);
    PowerTick power;
    BudgetView budget;
    std::vector<Index> order;  ///< order of this tick; the previous tick's is in state.site
};

/// Phase 4: stops loads that have a reason to stop.
struct Stopped : Planned {
    explicit Stopped(const TickInput& input);
    std::vector<LoadStop> stops;
};

/// Phase 5: frees power for a load of higher priority, and starts one load.
struct Started : Stopped {
    explicit Started(const TickInput& input);
    Index started = no_index;  ///< load started in this tick
    std::vector<Verdict> verdicts;
    std::vector<Index> victims;  ///< loads to stop for one of higher priority
};

/// Phase 6: completes verdicts and orders.
struct Tick : Started {
    explicit Tick(const TickInput& input);
    ChargeView charge;
    std::vector<Command> commands;
    std::vector<bool> lost_sensors;  ///< by sensor, if any zone lacks one
};

inline std::size_t at(Index index) { return static_cast<std::size_t>(index); }
inline bool live(const Observed& tick) { return tick.policy.control.live; }
/// Returns true if the site's mode, or the change to shadow, forbids all loads.
inline bool no_load_may_run(const Observed& tick) {
    return tick.policy.preferences.mode == SiteMode::off || tick.policy.control.leaving;
}

}  // namespace volt
