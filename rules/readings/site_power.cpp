#include "rules/readings/site_power.hpp"

#include <algorithm>
#include <cstddef>

#include "rules/battery/bank.hpp"

namespace volt {

namespace {

/// Polled answers, and the voltages that are plausible for this bank.
struct Answers {
    const SiteSnapshot& snapshot;
    const Policy& policy;
    const Readings& readings;
    VoltageRange range = plausible_range(policy.preferences);

    const PolledAnswer* of(Index source) const {
        if (source == no_index || static_cast<std::size_t>(source) >= snapshot.polled.size()) return nullptr;
        const PolledAnswer& answer = snapshot.polled[static_cast<std::size_t>(source)];
        return answer.received ? &answer : nullptr;
    }
    /// Returns true if the voltage of an answer is implausible: its watts and degrees are not used either (a sign of shifted
    /// registers). Only a GX's system unit may have powers without a voltage.
    bool nonsense(Index source) const {
        const PolledAnswer& answer = *of(source);
        if (answer.voltage) return !range.holds(*answer.voltage);
        return policy.polled[static_cast<std::size_t>(source)].needs_voltage;
    }
};

template <class T>
using Member = std::optional<T> PolledAnswer::*;

template <class T>
Sample<T> sample_of(const Answers& answers, Index source, Member<T> member) {
    const PolledAnswer* answer = answers.of(source);
    if (answer == nullptr) return {};
    const Time taken = std::min(answer->taken, copied_at(source, answers.policy, answers.readings).value_or(answer->taken));
    return {answers.nonsense(source) ? std::nullopt : answer->*member, taken, true};
}

template <class T>
Sample<T> sum_of(const Answers& answers, const std::vector<Index>& sources, Member<T> member) {
    Sample<T> sum;
    for (const Index source : sources) {
        const Sample<T> part = sample_of(answers, source, member);
        if (!part.received) return {};
        sum.taken = sum.received ? std::min(sum.taken, part.taken) : part.taken;
        if (!sum.received) sum.value = T{};
        sum.received = true;
        if (part.value && sum.value) *sum.value += *part.value;
        else sum.value.reset();
    }
    return sum;
}

/// Returns the sample of the whole battery: the sum of the inverters that share it.
template <class T>
Sample<T> battery_sample(const Answers& answers, Index source, Member<T> member) {
    const std::vector<Index>& shares = answers.policy.power.battery;
    const bool shared = std::find(shares.begin(), shares.end(), source) != shares.end();
    return shared ? sum_of(answers, shares, member) : sample_of(answers, source, member);
}

/// Checks the source itself, and each inverter whose share its sum needs.
bool shares_suspect(const Answers& answers, std::size_t source) {
    if (is_suspect(static_cast<Index>(source), answers.readings)) return true;
    const std::vector<Index>& shares = answers.policy.power.battery;
    const Index unit = answers.policy.voltage_sources[source].polled;
    if (std::find(shares.begin(), shares.end(), unit) == shares.end()) return false;
    return std::any_of(shares.begin(), shares.end(),
                       [&](Index share) { return unit_is_suspect(share, answers.policy, answers.readings); });
}

/// Returns the first source in the owner's order with a fresh, plausible value, or else the first that ever reported.
template <class T>
Sample<T> first_of(const Answers& answers, Member<T> member, Index& from) {
    Sample<T> fallback;
    const std::vector<VoltageSource>& sources = answers.policy.voltage_sources;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Sample<T> sample = battery_sample(answers, sources[i].polled, member);
        const Duration limit = age_limit(answers.policy.control.power_stale, sources[i].poll);
        const bool fresh = sample.value && answers.snapshot.now - sample.taken <= limit && !shares_suspect(answers, i);
        if (!fresh && (!sample.received || fallback.received)) continue;
        from = static_cast<Index>(i);
        if (fresh) return sample;
        fallback = sample;
    }
    return fallback;
}

/// Returns the discharge limit if there is a plausible charge voltage: 0 A from a BMS that publishes no limits is not an order.
Sample<Amps> discharge_limit_of(const Answers& answers) {
    const PolledAnswer* bms = answers.of(answers.policy.power.bms);
    if (bms == nullptr || !bms->discharge_limit || !bms->charge_voltage_limit) return {};
    if (!answers.range.holds(*bms->charge_voltage_limit)) return {};
    return sample_of(answers, answers.policy.power.bms, &PolledAnswer::discharge_limit);
}

}  // namespace

bool is_suspect(Index source, const Readings& readings) {
    if (source == no_index) return false;
    const auto i = static_cast<std::size_t>(source);
    return (i < readings.frozen.size() && readings.frozen[i]) || (i < readings.at_odds.size() && readings.at_odds[i]);
}

std::optional<Time> copied_at(Index unit, const Policy& policy, const Readings& readings) {
    const auto& sources = policy.voltage_sources;
    for (std::size_t i = 0; unit != no_index && i < readings.copied.size(); ++i)
        if (sources[i].polled == unit && readings.copied[i]) return readings.copied[i];
    return std::nullopt;
}

bool unit_is_suspect(Index unit, const Policy& policy, const Readings& readings) {
    const auto& sources = policy.voltage_sources;
    for (std::size_t i = 0; unit != no_index && i < sources.size(); ++i)
        if (sources[i].polled == unit && is_suspect(static_cast<Index>(i), readings)) return true;
    return false;
}

SitePower site_power(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings) {
    SitePower power{snapshot.battery_power,
                    snapshot.battery_current,
                    snapshot.battery_power_source,
                    snapshot.battery_current_source,
                    snapshot.pv,
                    snapshot.load,
                    snapshot.grid,
                    snapshot.bms_discharge_limit};
    if (snapshot.polled.empty()) return power;
    const Answers answers{snapshot, policy, readings};
    power.battery_power_source = power.battery_current_source = no_index;
    power.battery_power = first_of(answers, &PolledAnswer::battery_power, power.battery_power_source);
    power.battery_current = first_of(answers, &PolledAnswer::battery_current, power.battery_current_source);
    power.pv = sum_of(answers, policy.power.pv, &PolledAnswer::pv);
    power.load = sum_of(answers, policy.power.load, &PolledAnswer::load);
    power.grid = sum_of(answers, policy.power.grid, &PolledAnswer::grid);
    power.bms_discharge_limit = discharge_limit_of(answers);
    return power;
}

Sample<Celsius> polled_temperature(Sample<Celsius> sample, Index polled, const SiteSnapshot& snapshot, const Policy& policy) {
    const Readings none;
    const Answers answers{snapshot, policy, none};
    if (answers.of(polled) != nullptr && answers.nonsense(polled)) sample.value.reset();
    return sample;
}

}  // namespace volt
