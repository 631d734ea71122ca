#include "daemon/whatif/replay_site.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/explain/explain.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::whatif {

namespace {

constexpr std::int64_t least_ticks = 2;                // of a row at its minimum voltage: the spike filter needs two
constexpr std::int64_t as_hard_percent = 80;           // percent of the previous power from the bank; above it the voltage does
                                                       // not rise
constexpr std::int64_t boots_for_s = 60;               // a started miner draws next to nothing for this long
constexpr Duration connected_before = 24h;             // nothing was offline just before the first tick
constexpr std::int64_t far_from_zero_s = 40 * 86'400;  // monotonic time of the first tick, so that no age reaches before zero

/// Gives each policy its own revision, as the rules require.
PolicyLine numbered(PolicyLine policies) {
    for (std::size_t i = 0; i < policies.size(); ++i) policies[i].policy.revision = i + 1;
    return policies;
}

/// Rounds down, so that a loss is never made smaller.
std::int64_t floor_div(std::int64_t dividend, std::int64_t divisor) {
    return dividend >= 0 ? dividend / divisor : -((-dividend + divisor - 1) / divisor);
}

/// Returns the steps of 10 mV by which `more` watts from the bank change its voltage, by its resistance.
std::int64_t sag_steps(Watts more, std::int64_t mohm, Volts at) {
    return at.steps > 0 ? -floor_div(-more.steps * mohm * 10, at.steps) : 0;
}

/// Returns a temperature for a room without records: neither hot nor cold.
Celsius mild(const Policy& policy, std::size_t sensor) {
    for (const Zone& zone : policy.zones)
        if (zone.sensor == static_cast<Index>(sensor)) return Celsius{(zone.cold_ok.steps + zone.hot_ok.steps) / 2};
    return 200_dK;
}

/// Returns true if the rules see held-back sun: more would be available for another load.
bool held_back(const HeldRow& row, const Policy& policy) {
    if (row.voltages.empty() || !row.voltages.front() || !row.battery || !row.pv || !row.load) return false;
    return *row.voltages.front() >= policy.preferences.float_v && *row.battery >= limits::losing &&
           row.pv->steps * 100 >= row.load->steps * limits::carried_percent;
}

/// Returns the steps of 10 mV by which the resting voltage is lower after `drift` more watt seconds were taken.
std::int64_t spent_steps(const StoredEnergy& stored, const HeldRow& row, std::int64_t mohm, std::int64_t drift) {
    if (stored.curve.empty()) return drift * stored.nanovolts_per_ws / 10'000'000;
    if (row.voltages.empty() || !row.voltages.front() || row.voltages.front()->steps <= 0) return 0;
    const double volts = static_cast<double>(row.voltages.front()->steps) / 100;
    const double amps = static_cast<double>(row.battery.value_or(Watts{}).steps) / volts;
    return std::llround(
        volts_less(stored.curve, volts - amps * static_cast<double>(mohm) / 1000, static_cast<double>(drift) / volts) * 100);
}

template <class T>
void set(const std::optional<T>& value, Time now, Sample<T>& sample) {
    sample.value = value;
    sample.taken = now;
    sample.received = sample.received || value;
}

}  // namespace

SiteReplay::SiteReplay(const SiteRecord& record, PolicyLine policies, std::optional<StoredEnergy> stored)
    : record_(record),
      policies_(numbered(std::move(policies))),
      stored_(stored),
      loads_(record.loads.size()),
      outputs_(policies_.front().policy) {
    const Policy& policy = policies_.front().policy;
    snapshot_.clock_trusted = true;
    snapshot_.voltages.resize(policy.voltage_sources.size());
    for (const TemperatureSource& source : policy.battery_temperatures)
        snapshot_.battery_temperatures.push_back({{}, source.zero_is_suspect});
    snapshot_.outputs.resize(policy.outputs.size());
    decision_.next.loads = record.learned;
    for (LoadMemory& load : decision_.next.loads) load.sag.learned_at = Time{far_from_zero_s * 1000};
    result_.loads.resize(record.loads.size());
    result_.blocked_s.resize(record.loads.size());
    const auto minutes = static_cast<std::size_t>((record.to_s - record.from_s + 59) / 60);
    result_.on_s_of_minute.resize(minutes * record.loads.size());
    result_.volts_of_minute.resize(minutes);
    decision_.next.site.budget = record.budget;
    enter(0);
    begin_on();
}

/// Begins the record while every load is off, if there is such a moment; else with those on that ran then.
void SiteReplay::begin_on() {
    if (record_.rows.empty()) return;
    const std::int64_t at_s = record_.rows.front().at_s;
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        std::size_t next_run = 0;
        const RecordedRun* run = run_at(record_.loads[i], at_s, next_run);
        if (run != nullptr && loads_[i].output != no_index)
            outputs_.begin_on(static_cast<std::size_t>(loads_[i].output), std::chrono::seconds{at_s - run->from_s});
    }
}

void SiteReplay::enter(std::size_t step) {
    step_ = step;
    const Policy& policy = policies_[step].policy;
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        Replayed& load = loads_[i];
        load.miner = load.output = no_index;
        for (std::size_t miner = 0; miner < policy.miners.size(); ++miner) {
            if (policy.miners[miner].id != record_.loads[i].id) continue;
            load.miner = static_cast<Index>(miner);
            load.output = policy.miners[miner].output;
            load.typical = typical_draw(record_.loads[i]).value_or(policy.miners[miner].power);
        }
    }
    snapshot_.temperatures.assign(policy.sensors.size(), {});
}

void SiteReplay::take(std::size_t index) {
    const HeldRow& row = record_.rows[index];
    while (step_ + 1 < policies_.size() && policies_[step_ + 1].from_s <= row.at_s) enter(step_ + 1);
    if (index > 0 && silence_after(record_, index - 1) > longest_silence_s) come_back(row.at_s);
    // The range begins with the recorded state of the bank.
    if (index > 0 && record_.rows[index - 1].at_s < record_.from_s && row.at_s >= record_.from_s) result_.drift_watt_seconds = 0;
    const std::int64_t length = length_of(record_, index);
    take_row(row, length);
    for (std::int64_t second = 0; second < length; ++second) tick(row, second);
}

void SiteReplay::take_row(const HeldRow& row, std::int64_t length) {
    RowDraw& drawn = under_load_.row;
    drawn = {};
    std::int64_t watt_seconds = 0;
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        std::size_t next_run = loads_[i].next_run;
        const std::int64_t end_s = row.at_s + length;
        const std::vector<RecordedRun>& runs = record_.loads[i].runs;
        const RecordedRun* run = run_at(record_.loads[i], row.at_s, next_run);
        const bool begins = run == nullptr && next_run < runs.size() && runs[next_run].from_s < end_s;
        const RecordedRun* last = run_at(record_.loads[i], end_s - 1, next_run);
        if (begins || run != last) drawn.whole = false;
        loads_[i].booting = last != nullptr && row.at_s - last->from_s < boots_for_s ? last : nullptr;
        const bool ends = run != nullptr && run->to_s < end_s && run->to_s - run->from_s >= boots_for_s;
        loads_[i].ending = ends ? run : nullptr;
        if (loads_[i].ending == nullptr) continue;
        watt_seconds += run->draw.steps * (run->to_s - row.at_s);
        drawn.greatest += run->draw;
    }
    drawn.mean = Watts{watt_seconds / length};
}

/// Follows the bank. Its recorded voltage recovers for minutes after a load is switched off. With the load on it would not: while
/// the bank supplies as much as before, the voltage is at most what it was then.
void SiteReplay::follow_bank(const HeldRow& row, Watts more, Watts from_bank) {
    if (more == Watts{}) {
        if (!under_load_.row.whole) return;
        under_load_.battery = row.battery;
        under_load_.least = row.least;
        return;
    }
    const auto& before = under_load_.battery;
    const bool as_hard =
        row.battery && before && *before < Watts{} && (*row.battery - from_bank).steps * 100 <= before->steps * as_hard_percent;
    if (!as_hard) under_load_.battery.reset();
}

/// Resumes after a silence: everything that the record does not show running through it is off, as after a power cut.
void SiteReplay::come_back(std::int64_t at_s) {
    snapshot_.broker_up_since = time_of(at_s);
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        const bool through = run_at(record_.loads[i], at_s - 1, loads_[i].next_run) != nullptr;
        if (!through && loads_[i].output != no_index) outputs_.switch_off(static_cast<std::size_t>(loads_[i].output));
    }
}

void SiteReplay::tick(const HeldRow& row, std::int64_t second) {
    const std::int64_t at_s = row.at_s + second;
    take_time(row, second);
    take_loads(at_s);
    take_readings(row, second);
    take_temperatures(row);
    take_outputs();
    take_overrides(at_s);
    decide(snapshot_, policies_[step_].policy, decision_, memory_);
    outputs_.follow(decision_.commands);
    if (at_s >= record_.from_s && at_s < record_.to_s) {
        note_orders(at_s);
        count(at_s);
    }
}

Time SiteReplay::time_of(std::int64_t at_s) const { return Time{(at_s - record_.rows.front().at_s + far_from_zero_s) * 1000}; }

void SiteReplay::take_time(const HeldRow& row, std::int64_t second) {
    const std::int64_t at_s = row.at_s + second;
    snapshot_.now = time_of(at_s);
    snapshot_.utc = Utc{at_s * 1000};
    snapshot_.local = row.local;
    snapshot_.sun = row.sun;
    snapshot_.local.second_of_day += static_cast<std::int32_t>(second);
    if (snapshot_.local.second_of_day >= day_s) {
        snapshot_.local.second_of_day -= day_s;
        ++snapshot_.local.day;
    }
    if (is_first()) snapshot_.broker_up_since = snapshot_.now - connected_before;
}

/// Takes what each load drew then and draws now.
void SiteReplay::take_loads(std::int64_t at_s) {
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        Replayed& load = loads_[i];
        const RecordedRun* then = run_at(record_.loads[i], at_s, load.next_run);
        const bool on = load.output != no_index && outputs_.on(static_cast<std::size_t>(load.output));
        load.now = !on ? Watts{} : then != nullptr ? then->draw : load.typical;
        load.then = then == nullptr || (!on && at_s - then->from_s < boots_for_s) ? Watts{} : then->draw;
    }
}

void SiteReplay::take_readings(const HeldRow& row, std::int64_t second) {
    Watts ending{}, booting{}, more{};
    for (const Replayed& load : loads_) {
        if (load.ending != nullptr && row.at_s + second < load.ending->to_s) ending += load.then;
        if (load.booting != nullptr && load.then == Watts{}) booting += load.booting->draw;
        more += load.now - load.then;
    }
    const Watts over_mean = ending - under_load_.row.mean, over_greatest = ending - under_load_.row.greatest - booting;
    // Sun that a full bank's charger held back supplies more loads.
    const bool by_sun = stored_ && more > Watts{} && held_back(row, policies_[step_].policy);
    const Watts from_bank = by_sun ? Watts{} : more;
    const std::int64_t drift = result_.drift_watt_seconds + from_bank.steps;
    result_.drift_watt_seconds = drift;
    result_.drift_peak = std::max(result_.drift_peak, drift < 0 ? -drift : drift);
    follow_bank(row, more, from_bank + over_mean);
    const bool recovers = more != Watts{} && under_load_.battery;
    const std::int64_t spent = stored_ ? spent_steps(*stored_, row, record_.resistance_mohm, drift) : 0;
    for (std::size_t i = 0; i < snapshot_.voltages.size(); ++i) {
        const auto as_now = [&](Volts then, Watts over) {
            return Volts{then.steps - sag_steps(from_bank + over, record_.resistance_mohm, then) - spent};
        };
        std::optional<Volts> held = row.voltages[i];
        if (held) held = as_now(*held, over_mean);
        if (second < least_ticks && row.least[i]) {
            const Volts least = as_now(*row.least[i], over_greatest);
            held = held ? std::min(*held, least) : least;
        }
        if (held && recovers && i < under_load_.least.size() && under_load_.least[i])
            held = std::min(*held, *under_load_.least[i]);
        set(held, snapshot_.now, snapshot_.voltages[i]);
        snapshot_.voltages[i].unit_moved = snapshot_.now;
    }
    const auto moved = [](std::optional<Watts> value, Watts by) {
        if (value) *value += by;
        return value;
    };
    set(moved(row.battery, -(from_bank + over_mean)), snapshot_.now, snapshot_.battery_power);
    set(moved(row.pv, by_sun ? more : Watts{}), snapshot_.now, snapshot_.pv);
    const auto load = moved(row.load, more + over_mean);
    set(load ? std::optional(std::max(*load, Watts{})) : load, snapshot_.now, snapshot_.load);
    set(row.grid, snapshot_.now, snapshot_.grid);
}

void SiteReplay::take_temperatures(const HeldRow& row) {
    const Policy& policy = policies_[step_].policy;
    for (std::size_t i = 0; i < snapshot_.temperatures.size(); ++i) {
        const auto known = std::find(record_.sensors.begin(), record_.sensors.end(), policy.sensors[i].name);
        const auto place = static_cast<std::size_t>(known - record_.sensors.begin());
        const std::optional<Celsius> held =
            known == record_.sensors.end() ? std::optional(mild(policy, i)) : row.temperatures[place];
        set(held, snapshot_.now, snapshot_.temperatures[i]);
    }
}

void SiteReplay::take_outputs() {
    const Policy& policy = policies_[step_].policy;
    for (std::size_t i = 0; i < snapshot_.outputs.size(); ++i) {
        OutputReport& report = snapshot_.outputs[i];
        report.available = true;
        report.available_since = snapshot_.broker_up_since;
        report.lease = policy.outputs[i].lease > 0s ? Lease::armed : Lease::none;
        outputs_.report(i, snapshot_.now, is_first(), report);
    }
    for (const Replayed& load : loads_)
        if (load.output != no_index && policy.outputs[static_cast<std::size_t>(load.output)].meter)
            set(std::optional(load.now), snapshot_.now, snapshot_.outputs[static_cast<std::size_t>(load.output)].power);
}

void SiteReplay::take_overrides(std::int64_t at_s) {
    snapshot_.requests.clear();
    const Policy& policy = policies_[step_].policy;
    for (; next_override_ < record_.overrides.size() && record_.overrides[next_override_].at_s <= at_s; ++next_override_) {
        const OverrideSince& one = record_.overrides[next_override_];
        const auto target = find_target(policy, one.load);
        if (!target) continue;
        OverrideRequest request{target->kind, target->index, one.kind, one.level, {}};
        if (one.kind != OverrideKind::off) request.lasts = limits::longest_override;  // its end is recorded, too
        snapshot_.requests.push_back(request);
    }
}

void SiteReplay::note_orders(std::int64_t at_s) {
    for (const Command& command : decision_.commands) {
        if (command.renewal || command.retry || result_.decisions.size() >= most_kept_decisions) continue;
        for (std::size_t i = 0; i < loads_.size(); ++i) {
            if (loads_[i].output != command.output) continue;
            const ExplainContext scene{policies_[step_].policy, snapshot_, decision_};
            result_.decisions.push_back(
                {at_s, i, command.on, name_of(command.reason), explain_change(scene, static_cast<std::size_t>(loads_[i].miner))});
        }
    }
}

void SiteReplay::count_gates(const Replayed& load, std::array<std::int64_t, gate_count>& blocked_s) const {
    if (load.miner == no_index) return;
    for (const Gate& gate : decision_.verdicts[static_cast<std::size_t>(load.miner)].gates)
        if (!gate.passes) ++blocked_s[static_cast<std::size_t>(gate.name)];
}

void SiteReplay::count(std::int64_t at_s) {
    const auto minute = static_cast<std::size_t>((at_s - record_.from_s) / 60);
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        Replayed& load = loads_[i];
        LoadTally& tally = result_.loads[i];
        const bool on =
            load.output != no_index && snapshot_.outputs[static_cast<std::size_t>(load.output)].state == OutputState::on;
        if (on && !load.was_on) ++tally.runs;
        load.was_on = on;
        if (!on) {
            count_gates(load, result_.blocked_s[i]);
            continue;
        }
        ++tally.on_s;
        tally.watt_seconds += load.now.steps;
        ++result_.on_s_of_minute[minute * loads_.size() + i];
    }
    ++result_.stage_s[static_cast<std::size_t>(decision_.battery.stage)];
    const std::optional<Volts> volts = decision_.battery.voltage;
    if (!volts) return;
    result_.lowest = std::min(result_.lowest.value_or(*volts), *volts);
    result_.volts_of_minute[minute] = volts;
}

}  // namespace volt::whatif
