#include "daemon/whatif/suggestion.hpp"

#include <algorithm>

#include "daemon/whatif/stored_energy.hpp"

namespace volt::whatif {

namespace {

constexpr std::int64_t coarse_step = 50, coarser_step = 75, coarsest_step = 150;  // steps of 10 mV
constexpr std::int64_t least_gain_ws = 360'000;                                   // 0.1 kWh: less is noise

const Miner* miner_of(const Policy& policy, const std::string& id) {
    const auto found = std::find_if(policy.miners.begin(), policy.miners.end(), [&](const Miner& it) { return it.id == id; });
    return found == policy.miners.end() ? nullptr : &*found;
}

void add_around(const Miner& miner, std::size_t load, Volts floor, std::int64_t step, std::vector<Candidate>& into) {
    for (std::int64_t start = -suggestion_reach.steps; start <= suggestion_reach.steps; start += step)
        for (std::int64_t stop = -suggestion_reach.steps; stop <= suggestion_reach.steps; stop += step) {
            const Candidate one{load, miner.start + Volts{start}, miner.stop + Volts{stop}};
            if ((start != 0 || stop != 0) && one.stop < one.start && one.stop >= floor && one.stop > miner.emergency)
                into.push_back(one);
        }
}

ReplayResult replayed(const SiteRecord& record, const PolicyLine& line, const std::optional<StoredEnergy>& energy) {
    SiteReplay replay(record, line, energy);
    for (std::size_t i = 0; i < record.rows.size(); ++i) replay.take(i);
    return replay.result();
}

std::int64_t energy_of(const ReplayResult& result) {
    std::int64_t sum = 0;
    for (const LoadTally& load : result.loads) sum += load.watt_seconds;
    return sum;
}

std::int64_t critical_s(const ReplayResult& result) {
    return result.stage_s[static_cast<std::size_t>(Stage::critical)] + result.stage_s[static_cast<std::size_t>(Stage::shutdown)];
}

/// Keeps the better suggestion of each miner.
void keep_best(const Suggestion& one, std::vector<Suggestion>& all) {
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const Suggestion& it) { return it.candidate.load == one.candidate.load; });
    if (same == all.end()) all.push_back(one);
    else if (same->gained_watt_seconds < one.gained_watt_seconds) *same = one;
}

}  // namespace

std::vector<Candidate> candidates_of(const SiteRecord& record, const Policy& policy) {
    const Volts floor = policy.preferences.critical_low + suggestion_over_critical;
    std::vector<Candidate> all;
    for (const std::int64_t step : {coarse_step, coarser_step, coarsest_step}) {
        all.clear();
        for (std::size_t load = 0; load < record.loads.size(); ++load) {
            const Miner* miner = miner_of(policy, record.loads[load].id);
            if (miner != nullptr && miner->enabled && miner->output != no_index) add_around(*miner, load, floor, step, all);
        }
        if (all.size() < most_suggestion_runs) break;
    }
    if (all.size() >= most_suggestion_runs) all.resize(most_suggestion_runs - 1);  // one run is the replay as is
    return all;
}

std::optional<PolicyLine> with_candidate(PolicyLine line, const SiteRecord& record, const Candidate& candidate) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (i + 1 < line.size() && line[i + 1].from_s <= record.from_s) continue;  // before the range
        for (Miner& miner : line[i].policy.miners) {
            if (miner.id != record.loads[candidate.load].id) continue;
            if (candidate.stop <= miner.emergency) return std::nullopt;
            miner.start = candidate.start;
            miner.stop = candidate.stop;
        }
    }
    return line;
}

std::vector<Suggestion> suggest(const SiteRecord& record, const PolicyLine& as_is, const std::function<bool()>& go_on) {
    const Policy& today = as_is.back().policy;
    // Without it, a lower stop voltage would always gain.
    const std::optional<StoredEnergy> energy = stored_energy(record);
    const ReplayResult before = replayed(record, as_is, energy);
    std::vector<Suggestion> all;
    for (const Candidate& candidate : candidates_of(record, today)) {
        if (!go_on()) break;
        const auto line = with_candidate(as_is, record, candidate);
        if (!line) continue;
        const ReplayResult after = replayed(record, *line, energy);
        const std::int64_t gained = energy_of(after) - energy_of(before);
        if (gained < least_gain_ws || critical_s(after) > critical_s(before)) continue;
        const Miner* miner = miner_of(today, record.loads[candidate.load].id);
        keep_best({candidate, miner->start, miner->stop, gained, before.lowest, after.lowest}, all);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.gained_watt_seconds > b.gained_watt_seconds; });
    if (all.size() > most_suggestions) all.resize(most_suggestions);
    return all;
}

}  // namespace volt::whatif
