#include "daemon/ctl/shadow/shadow_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/phrase.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt::ctl::shadow {

namespace {

constexpr std::int64_t least_shown_s = 60, short_run_s = 600, whole_day_s = 86400;

std::int64_t shared_s(CountedRange a, CountedRange b) {
    return std::max<std::int64_t>(0, std::min(a.to_s, b.to_s) - std::max(a.from_s, b.from_s));
}

std::int64_t untrusted_s(const ShadowFacts& facts, CountedRange part) {
    std::int64_t sum = 0;
    for (const CountedRange& span : facts.untrusted) sum += shared_s(span, part);
    return sum;
}

Covered covered(const ShadowFacts& facts, CountedRange seen) {
    Covered sums;
    sums.of_s = seen.to_s - seen.from_s;
    for (std::size_t i = 0; i < facts.record.rows.size(); ++i) {
        const whatif::HeldRow& row = facts.record.rows[i];
        const CountedRange held{row.at_s, row.at_s + whatif::length_of(facts.record, i)};
        const std::int64_t seconds = shared_s(held, seen);
        const bool voltage = std::any_of(row.voltages.begin(), row.voltages.end(), [](const auto& it) { return it.has_value(); });
        const bool power = (row.load || !facts.has_load) && (row.pv || !facts.has_pv);
        const CountedRange part{std::max(held.from_s, seen.from_s), std::min(held.to_s, seen.to_s)};
        const std::int64_t trusted = seconds > 0 ? seconds - untrusted_s(facts, part) : 0;
        sums.clock_s += trusted;
        if (voltage) sums.voltage_s += seconds;
        if (power) sums.power_s += seconds;
        if (voltage && power) sums.all_s += trusted;
    }
    return sums;
}

ShadowLoad load_of(const ShadowFacts& facts, std::string slug, std::string name, const char* kind, Watts draw) {
    ShadowLoad load{std::move(slug), std::move(name), kind, draw, {}, {}, {}, {}};
    std::vector<DecisionRow> rows;
    for (const DecisionRow& row : facts.decisions)
        if (row.load == load.load) rows.push_back(row);
    load.would = shadow_runs(rows, facts.starts_s, facts.range);
    load.tally = tally_of(load.would, draw);
    if (const auto found = facts.really.find(load.load); found != facts.really.end())
        load.really = reported_runs(found->second, facts.range);
    return load;
}

void add_blocked(const ShadowFacts& facts, ShadowLoad& load) {
    for (std::size_t i = 0; i < facts.record.loads.size() && i < facts.replay.blocked_s.size(); ++i) {
        if (facts.record.loads[i].slug != load.load) continue;
        for (std::size_t gate = 0; gate < gate_count; ++gate)
            if (facts.replay.blocked_s[i][gate] >= least_shown_s)
                load.blocked.emplace_back(name_of(static_cast<GateName>(gate)), facts.replay.blocked_s[i][gate]);
    }
    std::stable_sort(load.blocked.begin(), load.blocked.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    if (load.blocked.size() > most_gates_shown) load.blocked.resize(most_gates_shown);
}

/// Returns the draw that these loads would have added at this second, without those that really ran.
Watts added_draw(const ShadowReport& report, std::int64_t at_s) {
    Watts sum{};
    for (const ShadowLoad& load : report.loads)
        if (is_on_at(load.would, at_s) && !(load.really && is_on_at(*load.really, at_s))) sum += load.draw;
    return sum;
}

/// Adds the lowest voltage. Computes the sag from the bank's resistance, as the what-if engine does.
void add_lowest(const ShadowFacts& facts, ShadowReport& report) {
    for (std::size_t i = 0; i < facts.record.rows.size(); ++i) {
        const whatif::HeldRow& row = facts.record.rows[i];
        const auto least = std::find_if(row.least.begin(), row.least.end(), [](const auto& it) { return it.has_value(); });
        if (least == row.least.end() || (*least)->steps <= 0 || row.at_s < report.seen.from_s || row.at_s >= report.seen.to_s)
            continue;
        const Watts more = added_draw(report, row.at_s + whatif::length_of(facts.record, i) / 2);
        const Volts with{(*least)->steps - more.steps * facts.record.resistance_mohm * 10 / (*least)->steps};
        report.lowest = std::min(report.lowest.value_or(**least), **least);
        report.lowest_with_loads = std::min(report.lowest_with_loads.value_or(with), with);
    }
}

void notice_runs(const ShadowLoad& load, std::vector<std::string>& noticed) {
    const auto brief = std::count_if(load.would.begin(), load.would.end(), [](const CountedRun& run) {
        return !run.began_before && !run.goes_on && run.to_s - run.from_s < short_run_s;
    });
    if (brief > 0 && load.kind != "fan")
        noticed.push_back(fmt::format("{}: {} of {} runs would have been shorter than {}", load.name, brief, load.would.size(),
                                      phrase(Duration{short_run_s * 1000})));
    const auto by_hand = std::count_if(load.would.begin(), load.would.end(), [&](const CountedRun& run) {
        return load.really && !run.began_before && is_on_at(*load.really, run.from_s);
    });
    if (by_hand > 0)
        noticed.push_back(fmt::format("{}: {} start{} would have been unnecessary: something else had already switched it on",
                                      load.name, by_hand, by_hand == 1 ? "" : "s"));
}

bool is_in_hours(const Miner& miner, std::int32_t second) {
    const bool after = second >= miner.preferred_start_s, before = second < miner.preferred_end_s;
    return miner.preferred_start_s < miner.preferred_end_s ? after && before : after || before;
}

/// Returns true if rows cover enough of this miner's hours to judge them. Before and between rows voltd did not run.
bool hours_are_covered(const ShadowFacts& facts, const Miner& miner, CountedRange seen) {
    std::int64_t held_s = 0;
    for (std::size_t i = 0; i < facts.record.rows.size(); ++i) {
        const whatif::HeldRow& row = facts.record.rows[i];
        if (is_in_hours(miner, row.local.second_of_day))
            held_s += shared_s({row.at_s, row.at_s + whatif::length_of(facts.record, i)}, seen);
    }
    const std::int64_t a_day_s = (miner.preferred_end_s - miner.preferred_start_s + whole_day_s) % whole_day_s;
    const double all_s = static_cast<double>(a_day_s) * static_cast<double>(seen.to_s - seen.from_s) / whole_day_s;
    return static_cast<double>(held_s) * 100 >= least_covered_percent * all_s;
}

void notice_miner(const ShadowFacts& facts, const Miner& miner, const ShadowLoad& load, CountedRange seen,
                  std::vector<std::string>& noticed) {
    const int most = most_starts_per_hour(load.would);
    if (most >= 2 && most + 1 >= miner.max_starts_per_hour)
        noticed.push_back(
            fmt::format("{}: {} starts per hour at most; max_starts_per_hour is {}", load.name, most, miner.max_starts_per_hour));
    const bool windowed = miner.preferred_start_s != miner.preferred_end_s && !miner.allow_outside_schedule;
    const bool whole_day = facts.range.to_s - facts.range.from_s >= whole_day_s;
    if (windowed && load.would.empty() && whole_day && hours_are_covered(facts, miner, seen))
        noticed.push_back(fmt::format("{}: it would not have run once in its hours, {}-{}", load.name,
                                      phrase_clock(miner.preferred_start_s), phrase_clock(miner.preferred_end_s)));
}

void add_notes(const ShadowFacts& facts, ShadowReport& report) {
    const auto in_range = [&](const DecisionRow& row) { return row.at.count() / 1000 >= facts.range.from_s; };
    const auto live = std::count_if(facts.decisions.begin(), facts.decisions.end(),
                                    [&](const DecisionRow& row) { return in_range(row) && !row.shadow; });
    if (live > 0) report.notes.emplace_back("For part of this time voltd commanded its outputs; that part is not counted here");
    if (facts.cut) report.notes.emplace_back("There are too many decisions to read: the report begins later than requested");
    if (report.seen.from_s > report.range.from_s)
        report.notes.push_back(fmt::format("Readings are kept for {} h: battery, gates and coverage are those of the last {} h",
                                           whatif::longest_range_s / 3600, whatif::longest_range_s / 3600));
    report.notes.insert(report.notes.end(), facts.record.notes.begin(), facts.record.notes.end());
}

}  // namespace

ShadowReport shadow_report(const ShadowFacts& facts) {
    ShadowReport report;
    report.range = facts.range;
    report.seen = {std::max(facts.range.from_s, facts.range.to_s - whatif::longest_range_s), facts.range.to_s};
    report.covered = covered(facts, report.seen);
    for (const Miner& miner : facts.miners) {
        ShadowLoad& load = report.loads.emplace_back(load_of(facts, miner.slug, miner.name, "miner", miner.power));
        add_blocked(facts, load);
        notice_miner(facts, miner, load, report.seen, report.noticed);
    }
    for (const Zone& zone : facts.zones) {
        if (!zone.heater_id.empty() && zone.heating_enabled)
            report.loads.push_back(load_of(facts, heat_of(zone.slug), zone.name + " heater", "heater", zone.heater_power));
        if (!zone.fan_id.empty() && zone.fan_enabled)
            report.loads.push_back(load_of(facts, fan_of(zone.slug), zone.name + " fan", "fan", {}));
    }
    for (const ShadowLoad& load : report.loads) notice_runs(load, report.noticed);
    add_lowest(facts, report);
    for (std::size_t stage = 0; stage < whatif::stage_count; ++stage)
        if (facts.replay.stage_s[stage] > 0)
            report.stages.emplace_back(name_of(static_cast<Stage>(stage)), facts.replay.stage_s[stage]);
    add_notes(facts, report);
    return report;
}

}  // namespace volt::ctl::shadow
