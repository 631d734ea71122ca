// Detects frozen values: a register or a whole unit repeats the same answers while the site changes.
#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/limits.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

constexpr Volts significant_swing = 50_cV;  // swing of another device
constexpr Watts significant_jump = 1000_W;  // jump of a load's meter
constexpr Duration reaction = 60s;          // time in which a live unit shows such a jump

/// Tracks movements in one unit. Silence is not frozen: the timers restart after it.
void follow_unit(const VoltageSample& sample, Volts step, Duration limit, SourceTurn& turn, VoltageMemory& m) {
    bool unit_moved = sample.received && sample.unit_moved > m.unit_moved_at;
    if (unit_moved) m.unit_moved_at = sample.unit_moved;
    if (turn.fresh) {
        const bool resumed = !m.in_range_at || sample.taken - *m.in_range_at > limit;
        turn.moved = turn.accepted && (!m.in_range_at || abs(*m.good - m.moved_from) >= std::max(step, 1_cV));
        if (turn.moved) m.moved_from = *m.good;
        turn.restarted = turn.moved || resumed;
        if (turn.restarted) m.moved_at = sample.taken;
        if (turn.restarted) m.unit_moved_at = std::max(m.unit_moved_at, sample.taken);
        if (resumed) m.jump_at.reset();
        unit_moved = unit_moved || turn.moved;
        m.in_range_at = sample.taken;
    }
    if (turn.moved) m.frozen = false;
    if (unit_moved) {
        m.unit_frozen = false;
        m.jump_at.reset();
    }
}

/// Expects movement from each unit that has not moved since `from`: a meter moved by 1 kW between `from` and `at`.
void expect_movement(Time from, Time at, std::vector<VoltageMemory>& memories) {
    for (VoltageMemory& m : memories)
        if (!m.jump_at && m.unit_moved_at < from) m.jump_at = at;
}

void read_meter(const Sample<Watts>& power, Sample<Watts>& last, std::vector<VoltageMemory>& memories) {
    if (!power.received || !power.value || *power.value < limits::meter_lowest || *power.value > limits::meter_highest) return;
    if (last.received && power.taken <= last.taken) return;
    if (last.received && abs(*power.value - *last.value) >= significant_jump) expect_movement(last.taken, power.taken, memories);
    last = power;
}

void read_meters(const SiteSnapshot& snapshot, const Policy& policy, ReadingsState& state) {
    const auto read = [&](Index output) {
        if (output == no_index) return;
        const auto at = static_cast<std::size_t>(output);
        read_meter(snapshot.outputs[at].power, state.meters[at], state.voltages);
    };
    for (const Miner& miner : policy.miners) read(miner.output);
    for (const Zone& zone : policy.zones) read(zone.heater);
}

void widen(Swing& swing, Volts value) {
    swing.low = swing.low ? std::min(*swing.low, value) : value;
    swing.high = swing.high ? std::max(*swing.high, value) : value;
}

/// Returns true if source `i` moved after it stood still while another device's voltage swung. Such a step may be older than
/// the last movement of the other one.
bool catches_up(const SourceTurns& turns, std::size_t i, const ReadingsState& state) {
    bool swung = false;
    for (std::size_t by = 0; by < turns.size(); ++by) swung = swung || state.swings[i * turns.size() + by].apart_at;
    return turns[i].moved && swung;
}

/// Tracks the swing of source `by` since source `of` last moved. Ignores earlier values, and a step with which `by` catches up:
/// if both see one step, one of them may report it a poll later, or when it thaws.
void follow_swing(const Policy& policy, const SourceTurns& turns, Time now, std::size_t of, std::size_t by,
                  ReadingsState& state) {
    Swing& swing = state.swings[of * turns.size() + by];
    const VoltageMemory& other = state.voltages[by];
    const bool usable = other.good && now - other.good_at <= voltage_limit(policy, by);
    if (turns[of].restarted || turns[by].caught_up) swing = {};
    if (!usable || !turns[by].accepted || other.good_at < state.voltages[of].moved_at) return;
    widen(swing, *other.good);
    const Volts threshold = scaled(significant_swing, policy.preferences);
    if (!swing.apart_at && *swing.high - *swing.low >= threshold) swing.apart_at = other.good_at;
}

/// Returns true if another device's voltage moved by 0.5 V since source `of` last moved, and `of` answered since.
bool others_moved(const Policy& policy, const SourceTurns& turns, Time now, std::size_t of, ReadingsState& state) {
    bool moved = false;
    for (std::size_t by = 0; by < turns.size(); ++by) {
        if (policy.voltage_sources[by].device == policy.voltage_sources[of].device) continue;
        follow_swing(policy, turns, now, of, by, state);
        const Swing& swing = state.swings[of * turns.size() + by];
        moved = moved || (swing.apart_at && state.voltages[of].good_at > *swing.apart_at);
    }
    return moved;
}

bool unit_is_frozen(const VoltageMemory& m, const Hold& load_on_since, Time now, Duration frozen) {
    if (Hold{m.jump_at}.over(now, reaction)) return true;
    return load_on_since && now - std::max(m.unit_moved_at, *load_on_since.since) >= frozen;
}

}  // namespace

void watch_frozen(const SiteSnapshot& snapshot, const Policy& policy, bool load_on, SourceTurns& turns, ReadingsState& state) {
    const Duration frozen = policy.control.frozen;
    const Time now = snapshot.now;
    state.load_on_since.see(load_on, now);
    for (std::size_t i = 0; i < turns.size(); ++i)
        follow_unit(snapshot.voltages[i], policy.voltage_sources[i].step, voltage_limit(policy, i), turns[i], state.voltages[i]);
    read_meters(snapshot, policy, state);
    for (std::size_t i = 0; i < turns.size(); ++i) turns[i].caught_up = catches_up(turns, i, state);
    for (std::size_t i = 0; i < turns.size(); ++i) {
        VoltageMemory& m = state.voltages[i];
        const bool swung = others_moved(policy, turns, now, i, state);
        const bool answering = m.in_range_at && now - *m.in_range_at <= voltage_limit(policy, i);
        if (!answering) continue;
        if (swung && now - m.moved_at >= frozen) m.frozen = true;
        if (unit_is_frozen(m, state.load_on_since, now, frozen)) m.unit_frozen = true;
    }
}

}  // namespace volt
