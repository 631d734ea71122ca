// The six phases of a tick, in order, each a constructor (see tick.hpp): Observed, Judged, Planned, Stopped, Started, Tick.
//
// A relay moves because an order_*() function (rules/outputs/orders.cpp) adds a command, which the loop sends in the same turn.
// For a load the command follows its verdict, which judge_stops() and judge_starts() decide; voltctl explains its `reason`. When
// voltd ends, enters shadow mode or drops an output, rules/outputs/exit decides instead.
#include "rules/decide.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "rules/alarms.hpp"
#include "rules/align.hpp"
#include "rules/budget/night.hpp"
#include "rules/emptied.hpp"
#include "rules/loads/allowance.hpp"
#include "rules/loads/fans.hpp"
#include "rules/loads/follow.hpp"
#include "rules/loads/load_list.hpp"
#include "rules/loads/power.hpp"
#include "rules/loads/preempt.hpp"
#include "rules/loads/runs.hpp"
#include "rules/loads/sag.hpp"
#include "rules/loads/starts.hpp"
#include "rules/loads/stops.hpp"
#include "rules/loads/verdicts.hpp"
#include "rules/outputs/observe.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

void begin(Observed& tick) {
    SiteMemory& site = tick.state.site;
    if (!tick.state.started) tick.state.started = tick.now;
    if (site.last_tick) tick.elapsed = std::max(tick.now - *site.last_tick, Duration::zero());
    site.last_tick = tick.now;
}

void judge_inputs(Judged& tick) {
    const bool load_on = std::any_of(tick.loads.begin(), tick.loads.end(), [](const LoadTick& load) { return load.on; });
    judge_readings(tick.snapshot, tick.policy, load_on, tick.state.readings, tick.readings);
    tick.stage = judge_stage(tick.readings, tick.policy, tick.now, tick.state.stage);
    judge_zones(tick.snapshot, tick.policy, tick.readings, tick.stage, tick.zone_inputs, *tick.state.started, tick.state.zones,
                tick.zones);
}

/// Asks the first enabled miner of each zone that needs heat.
void ask_miners_for_heat(Planned& tick) {
    for (const Index index : tick.order) {
        LoadTick& load = tick.loads[at(index)];
        if (load.miner == nullptr || load.zone_index == no_index || !load.enabled) continue;
        ZoneView& zone = tick.zones[at(load.zone_index)];
        if (!zone.heat_by_miner || zone.miner_asked) continue;
        load.heat_asked = zone.miner_asked = true;
    }
}

std::optional<Celsius> battery_temperature(const Tick& tick) {
    const ChargeVerdict& charge = tick.charge.verdict;
    if (charge.temperature && !charge.zone_sensor) return charge.temperature;
    for (const std::optional<Celsius>& t : tick.readings.batteries)
        if (t) return t;
    return std::nullopt;
}

void show_refused(const Readings& readings, BatteryPicture& picture) {
    for (std::size_t i = 0; i < readings.refused.size() && !picture.refused; ++i) {
        picture.refused = readings.refused[i];
        picture.refused_source = picture.refused ? static_cast<Index>(i) : no_index;
    }
}

BatteryPicture battery_picture(const Tick& tick) {
    const Readings& r = tick.readings;
    BatteryPicture picture;
    picture.voltage = r.voltage;
    picture.last_voltage = r.last_voltage;
    picture.source = r.source;
    picture.quality = r.quality;
    if (r.last_voltage) picture.age = tick.now - r.voltage_taken;
    if (r.voltage) { picture.soc = soc_of(*r.voltage, tick.policy.preferences.curve); }
    picture.stage = tick.stage.stage;
    picture.stage_since = tick.stage.since;
    picture.stage_remaining = tick.stage.restart_remaining;
    picture.degraded = r.degraded;
    picture.temperature = battery_temperature(tick);
    show_refused(r, picture);
    return picture;
}

void report_moves(const Tick& tick, Decision& decision) {
    decision.moved.clear();
    for (std::size_t i = 0; i < tick.outputs.size(); ++i) {
        const OutputTick& out = tick.outputs[i];
        if (out.event == OutputMove::none) continue;
        decision.moved.push_back({static_cast<Index>(i), out.event, out.state == OutputState::on});
    }
}

/// Fills the decision from the finished tick, which gets the lists of the previous decision.
void answer(Tick& tick, Decision& decision) {
    decision.battery = battery_picture(tick);
    decision.power = power_picture(tick);
    decision.budget = tick.budget;
    decision.charge = tick.charge.verdict;
    decision.temperatures = tick.charge.disagreement;
    judge_alarms(tick, decision.alarms);
    decision.zones.clear();
    decision.zones.reserve(tick.zones.size());
    for (const ZoneView& view : tick.zones) decision.zones.push_back(view.verdict);
    report_moves(tick, decision);
    tick.state.site.order = tick.order;
    decision.commands.swap(tick.commands);
    decision.ask.swap(tick.ask);
    decision.verdicts.swap(tick.verdicts);
    decision.order.swap(tick.order);
}

/// Returns the memory of the tick's lists.
void give_back(Tick& tick, TickLists& lists) {
    lists.outputs = std::move(tick.outputs);
    lists.loads = std::move(tick.loads);
    lists.ask = std::move(tick.ask);
    lists.order = std::move(tick.order);
    lists.victims = std::move(tick.victims);
    lists.readings = std::move(tick.readings);
    lists.zone_inputs = std::move(tick.zone_inputs);
    lists.zones = std::move(tick.zones);
    lists.stops = std::move(tick.stops);
    lists.verdicts = std::move(tick.verdicts);
    lists.commands = std::move(tick.commands);
    lists.lost_sensors = std::move(tick.lost_sensors);
}

/// Returns true if the vectors of the snapshot match the policy's lists in length.
bool aligned(const SiteSnapshot& snapshot, const Policy& policy) {
    return snapshot.voltages.size() == policy.voltage_sources.size() && snapshot.outputs.size() == policy.outputs.size() &&
           snapshot.temperatures.size() == policy.sensors.size() &&
           snapshot.battery_temperatures.size() == policy.battery_temperatures.size();
}

}  // namespace

Observed::Observed(const TickInput& input)
    : snapshot(input.snapshot),
      policy(input.policy),
      state(input.state),
      now(input.snapshot.now),
      outputs(emptied(input.lists.outputs)),
      loads(emptied(input.lists.loads)),
      ask(emptied(input.lists.ask)) {
    begin(*this);
    observe_outputs(*this);
    list_loads(*this);
    take_overrides(*this);
    adopting = !adopted(*this);
    count_runtime(*this);
    follow_outputs(*this);
    follow_fans(*this);
    judge_draws(*this);
}

Judged::Judged(const TickInput& input)
    : Observed(input),
      readings(emptied(input.lists.readings)),
      zone_inputs(emptied(input.lists.zone_inputs)),
      zones(emptied(input.lists.zones)) {
    fill_zone_inputs(*this);
    judge_inputs(*this);
}

Planned::Planned(const TickInput& input) : Judged(input), order(emptied(input.lists.order)) {
    judge_power(*this);
    follow_claim(*this);
    sort_loads(*this);
    ask_miners_for_heat(*this);
}

Stopped::Stopped(const TickInput& input) : Planned(input), stops(emptied(input.lists.stops)) {
    stops.resize(loads.size());
    judge_room_to_run(*this);
    judge_stops(*this);
}

Started::Started(const TickInput& input)
    : Stopped(input), verdicts(emptied(input.lists.verdicts)), victims(emptied(input.lists.victims)) {
    verdicts.resize(loads.size());
    judge_preemption(*this);
    judge_room_to_start(*this);
    judge_starts(*this);
    learn_sag(*this);
}

Tick::Tick(const TickInput& input)
    : Started(input), commands(emptied(input.lists.commands)), lost_sensors(emptied(input.lists.lost_sensors)) {
    charge = judge_charge(snapshot, policy, readings, state.charge);
    judge_verdicts(*this);
    watch_loads(*this);
    watch_night(*this);
    order_loads(*this);
    order_orphans(*this);
    order_fans(*this);
    order_charge_output(*this);
}

TickMemory::TickMemory() : lists_(std::make_unique<TickLists>()) {}
TickMemory::~TickMemory() = default;

void decide(const SiteSnapshot& snapshot, const Policy& policy, Decision& decision, TickMemory& memory) {
    assert(aligned(snapshot, policy));
    align(decision.next, policy);
    follow_shadow(decision.next, policy.control.live);
    Tick tick({snapshot, policy, decision.next, memory.lists()});  // runs all six phases, Observed first
    answer(tick, decision);
    give_back(tick, memory.lists());
}

Decision decide(const SiteSnapshot& snapshot, const Policy& policy, RuleState&& state) {
    Decision decision(std::move(state));
    TickMemory memory;
    decide(snapshot, policy, decision, memory);
    return decision;
}

Decision decide(const SiteSnapshot& snapshot, const Policy& policy, const RuleState& state) {
    return decide(snapshot, policy, RuleState(state));
}

}  // namespace volt
