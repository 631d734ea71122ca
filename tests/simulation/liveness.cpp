#include "tests/simulation/liveness.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace volt::simulation {

namespace {

constexpr std::int64_t margin_w = 1000, margin_cv = 50, spell_s = 600;

/// Returns the halves of the discharge limit that a start may take, from the table of the decision rules.
std::int64_t halves(SiteMode mode, OperatingMode profile) {
    static constexpr std::int64_t table[3][3] = {{2, 2, 1}, {2, 1, 0}, {1, 0, 0}};
    return mode == SiteMode::off ? 0 : table[static_cast<int>(mode)][static_cast<int>(profile)];
}

bool in_window(const Miner& miner, std::int32_t second) {
    const std::int32_t from = miner.preferred_start_s, to = miner.preferred_end_s;
    if (from == to) return true;
    return from < to ? second >= from && second < to : second >= from || second < to;
}

bool cool(const Truth& truth, const Policy& policy, const Decision& decision, const Miner& miner) {
    if (miner.zone == no_index) return true;
    const auto zone = static_cast<std::size_t>(miner.zone);
    return !policy.zones[zone].enabled ||
           (!decision.zones[zone].tripped && truth.shown.rooms_dk[zone] <= policy.zones[zone].hot_ok.steps);
}

/// Draws of all other running loads, and the highest voltage that another load needs to keep running.
struct Others {
    std::int64_t draws_w = 0;
    Volts highest_stop{};
};

Others others_of(const Truth& truth, const Policy& policy, const Decision& decision, std::size_t load) {
    Others others;
    for (std::size_t i = 0; i < decision.verdicts.size(); ++i) {
        if (i == load || !decision.verdicts[i].wanted) continue;
        const bool miner = i < policy.miners.size();
        const Index output = miner ? policy.miners[i].output : policy.zones[i - policy.miners.size()].heater;
        const std::int64_t nominal = miner ? policy.miners[i].power.steps : 1500;
        others.draws_w += std::max(nominal, static_cast<std::int64_t>(truth.draws_w[static_cast<std::size_t>(output)]));
        if (miner) others.highest_stop = std::max(others.highest_stop, policy.miners[i].stop);
    }
    return others;
}

bool voltage_suffices(const Truth& truth, const Policy& policy, const Miner& miner, const Others& others) {
    const Preferences& p = policy.preferences;
    const Volts v{truth.shown.volts_cv}, margin{margin_cv};
    if (v < miner.start + margin || v < p.restart + margin || v >= p.absolute_max) return false;
    if (p.mode == SiteMode::conservative && v < p.optimal_max + margin) return false;
    Volts floor = std::max({miner.stop, p.low, others.highest_stop});
    if (p.reserve) {
        if (v < *p.reserve + Volts{150} + margin) return false;
        floor = std::max(floor, *p.reserve);
    }
    const Volts sag{2 * sag_mv(miner.power, p.internal_resistance_mohm, v) / 10};
    return v > floor + sag + margin;
}

/// Returns true if the supply suffices. `free`: the PV left after the house and all other loads. Held-back PV counts as the power
/// that the panels could supply.
bool supply_suffices(const Truth& truth, const Policy& policy, const Miner& miner, const Others& others) {
    std::int64_t on_w = 0;
    for (const double draw : truth.draws_w) on_w += static_cast<std::int64_t>(draw);
    const std::int64_t house = truth.shown.load_w - on_w;
    const std::int64_t surplus = std::max<std::int64_t>(truth.shown.pv_w - house, 0);
    const std::int64_t share =
        policy.preferences.max_battery_discharge.steps * halves(policy.preferences.mode, miner.operating_mode) / 2;
    const std::int64_t own = surplus - others.draws_w;
    if (miner.minimum_solar && truth.shown.pv_w < miner.minimum_solar->steps + margin_w) return false;
    if (miner.require_excess_solar) return own >= std::max(miner.power, miner.minimum_excess).steps + margin_w;
    return own + share >= miner.power.steps + margin_w;
}

}  // namespace

bool Liveness::fair(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
                    std::size_t load) const {
    const Miner& miner = policy.miners[load];
    if (!miner.enabled || policy.preferences.mode == SiteMode::off || snapshot.safe_mode) return false;
    for (const Verdict& verdict : decision.verdicts)
        if (verdict.override_ != OverrideKind::automatic) return false;
    if (!miner.allow_outside_schedule && !in_window(miner, snapshot.local.second_of_day)) return false;
    if (miner.require_sunny && !truth.shown.sunny) return false;
    for (const GateName name : {GateName::runtime, GateName::budget}) {
        const Gate* gate = decision.verdicts[load].gates.find(name);
        if (gate != nullptr && !gate->passes) return false;
    }
    if (!cool(truth, policy, decision, miner)) return false;
    const Others others = others_of(truth, policy, decision, load);
    if (truth.shown.load_w + miner.power.steps + margin_w > policy.preferences.inverter_max.steps) return false;
    return voltage_suffices(truth, policy, miner, others) && supply_suffices(truth, policy, miner, others);
}

void Liveness::see_fairness(bool fair, bool runs, std::int64_t now, std::int64_t rest_s, std::size_t load,
                            Violations& violations) {
    Watched& w = watched_[load];
    if (runs) w.fair_sum = 0;
    if (!fair || runs) {
        w.fair_since.reset();
        return;
    }
    if (!w.fair_since) w.fair_since = now;
    const std::int64_t spell = now - *w.fair_since;
    longest_fair_ = std::max(longest_fair_, spell);
    if (spell >= spell_s) w.fair_sum += now - last_;
    if (spell > late_s + rest_s) violations.add("late", now, load, fmt::format("could run for {} s and does not", spell));
    if (w.fair_sum > locked_out_s + rest_s)
        violations.add("locked out", now, load, fmt::format("could have run for {} s since it ran", w.fair_sum));
}

void Liveness::see_starts(QuietStart start, std::size_t load, bool miner, Violations& violations) {
    std::deque<QuietStart>& starts = watched_[load].starts;
    const std::int64_t now = start.at;
    starts.push_back(start);
    while (!starts.empty() && (now - starts.front().at >= day_s || starts.front().at < upset_until_)) starts.pop_front();
    std::size_t recent = 0, of_full_bank = 0;
    for (const QuietStart& one : starts) {
        if (now - one.at >= 2 * hour_s) continue;
        ++recent;
        if (one.full) ++of_full_bank;
    }
    QuietStarts& most = miner ? most_miner_ : most_heater_;
    most.day = std::max(most.day, starts.size());
    most.two_hours = std::max(most.two_hours, recent);
    const QuietStarts allowed = miner ? most_of_miner : most_of_heater;
    if (starts.size() > allowed.day)
        violations.add("flaps", now, load, fmt::format("{} starts in 24 quiet hours", starts.size()));
    if (recent > allowed.with_full || recent - of_full_bank > allowed.two_hours)
        violations.add("flaps in two hours", now, load,
                       fmt::format("{} starts in two quiet hours, {} of them at a full bank", recent, of_full_bank));
}

void Liveness::see(const Truth& truth, const SiteSnapshot& snapshot, const Policy& policy, const Decision& decision,
                   Violations& violations) {
    const std::int64_t now = truth.now_s;
    const bool quiet = now >= truth.trouble_until_s && !truth.began;
    if (!quiet) upset_until_ = now + hour_s;
    for (std::size_t load = 0; load < decision.verdicts.size(); ++load) {
        const bool wanted = decision.verdicts[load].wanted;
        const bool full = policy.preferences.bridge_wh != 0 && decision.budget.full;
        if (wanted && !watched_[load].wanted) see_starts({now, full}, load, load < policy.miners.size(), violations);
        watched_[load].wanted = wanted;
        if (load >= policy.miners.size()) continue;
        const std::int64_t rest = policy.miners[load].min_off.count() / 1000;
        see_fairness(!wanted && quiet && fair(truth, snapshot, policy, decision, load), wanted, now, rest, load, violations);
    }
    last_ = now;
}

}  // namespace volt::simulation
