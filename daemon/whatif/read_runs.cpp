#include "daemon/whatif/read_runs.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "drivers/store/telemetry/history_reader.hpp"

namespace volt::whatif {

namespace {

constexpr std::int64_t lead_s = 600;  // the hold times of a start fit into it
constexpr std::int64_t most_runs = 10000;

/// Adds each miner of any policy with its newest names. Former slugs map to it, too.
std::map<std::string, std::size_t> add_loads(const PolicyLine& policies, SiteRecord& record) {
    std::map<std::string, std::size_t> by_id, by_slug;
    for (const PolicySince& since : policies)
        for (const Miner& miner : since.policy.miners) {
            if (!by_id.contains(miner.id) && record.loads.size() == most_loads) continue;
            const auto [place, fresh] = by_id.try_emplace(miner.id, record.loads.size());
            if (fresh) record.loads.push_back({miner.id, "", "", {}, false});
            record.loads[place->second].slug = miner.slug;
            record.loads[place->second].name = miner.name;
            record.loads[place->second].needs_sunny |= miner.require_sunny;
            by_slug[miner.slug] = place->second;
        }
    return by_slug;
}

Watts nominal_of(const PolicyLine& policies, const std::string& id) {
    for (auto since = policies.rbegin(); since != policies.rend(); ++since)
        for (const Miner& miner : since->policy.miners)
            if (miner.id == id) return miner.power;
    return {};
}

}  // namespace

std::optional<Failure> read_loads(Connection& db, const PolicyLine& policies, SiteRecord& record) {
    const auto by_slug = add_loads(policies, record);
    RunQuery query;
    query.from = utc_of_s(record.from_s - longest_lead_s);
    query.to = utc_of_s(record.to_s);
    query.limit = most_runs;
    auto runs = read_runs(db, query);
    if (!runs) return runs.failure();
    std::reverse(runs.value().begin(), runs.value().end());
    for (const KeptRun& run : runs.value()) {
        const auto place = by_slug.find(run.load);
        if (place == by_slug.end()) continue;
        ReplayedLoad& load = record.loads[place->second];
        RecordedRun known{run.from.count() / 1000, record.to_s, nominal_of(policies, load.id), !run.to};
        // Never before its start, because the clock may have been set back.
        if (run.to) known.to_s = std::max(known.from_s, run.to->count() / 1000);
        if (!load.runs.empty()) load.runs.back().to_s = std::min(load.runs.back().to_s, known.from_s);
        if (run.energy_wh.value_or(0) > 0 && known.to_s > known.from_s && run.to)
            known.draw = Watts{*run.energy_wh * 3600 / (known.to_s - known.from_s)};
        load.runs.push_back(known);
    }
    return std::nullopt;
}

void end_cut_runs(SiteRecord& record) {
    for (ReplayedLoad& load : record.loads)
        for (RecordedRun& run : load.runs) {
            if (!run.end_unknown) continue;
            for (std::size_t i = 0; i < record.rows.size(); ++i) {
                const std::int64_t end = record.rows[i].at_s + length_of(record, i);
                if (end <= run.from_s || silence_after(record, i) <= longest_silence_s) continue;
                run.to_s = std::min(run.to_s, end);
                break;
            }
        }
}

std::int64_t begin_of(const SiteRecord& record) {
    std::int64_t begin = record.from_s - lead_s;
    for (bool moved = true; moved;) {
        moved = false;
        for (const ReplayedLoad& load : record.loads)
            for (const RecordedRun& run : load.runs)
                if (run.from_s - lead_s < begin && begin < run.to_s) {
                    begin = run.from_s - lead_s;
                    moved = true;
                }
        const auto first = std::lower_bound(record.rows.begin(), record.rows.end(), begin,
                                            [](const HeldRow& row, std::int64_t at_s) { return row.at_s < at_s; });
        if (first == record.rows.begin() || first == record.rows.end() || first->at_s - begin <= longest_silence_s) continue;
        begin = std::prev(first)->at_s - lead_s;  // the time before a silence decides what follows it
        moved = true;
    }
    return begin >= record.from_s - longest_lead_s ? begin : record.from_s - lead_s;
}

}  // namespace volt::whatif
