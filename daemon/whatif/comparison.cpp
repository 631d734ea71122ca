#include "daemon/whatif/comparison.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "daemon/whatif/stored_energy.hpp"

namespace volt::whatif {

namespace {

constexpr std::int64_t near_percent = 10, near_s = 360;

bool before(const ReplayedDecision& a, const ReplayedDecision& b) {
    return std::tie(a.at_s, a.load, a.on) < std::tie(b.at_s, b.load, b.on);
}

/// Adds the orders of `mine` that `other` does not have at the same second.
void add_missing(const ReplayResult& mine, const ReplayResult& other, bool changed, std::vector<Difference>& into) {
    std::vector<ReplayedDecision> alone;
    std::set_difference(mine.decisions.begin(), mine.decisions.end(), other.decisions.begin(), other.decisions.end(),
                        std::back_inserter(alone), before);
    for (ReplayedDecision& one : alone) into.push_back({std::move(one), changed});
}

std::vector<Difference> differences_of(const ReplayResult& as_is, const ReplayResult& changed) {
    std::vector<Difference> all;
    add_missing(as_is, changed, false, all);
    add_missing(changed, as_is, true, all);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return before(a.decision, b.decision); });
    if (all.size() > most_differences) all.resize(most_differences);
    return all;
}

std::int64_t overlap(std::int64_t from_a, std::int64_t to_a, std::int64_t from_b, std::int64_t to_b) {
    return std::max<std::int64_t>(0, std::min(to_a, to_b) - std::max(from_a, from_b));
}

}  // namespace

bool close_run_times(std::int64_t one_s, std::int64_t other_s) {
    const std::int64_t apart = one_s < other_s ? other_s - one_s : one_s - other_s;
    return apart <= near_s || apart * 100 <= std::max(one_s, other_s) * near_percent;
}

Comparison::Comparison(const SiteRecord& record, const PolicyLine& as_is, const PolicyLine& changed) : record_(record) {
    // Without stored energy, a load that stopped at its stop voltage would keep running, because the recorded voltage rises once
    // it is off. A third replay with the sag alone shows where the answer depends on how well the energy is known.
    const auto energy = stored_energy(record);
    as_is_ = std::make_unique<SiteReplay>(record, as_is, energy);
    if (changed.empty()) return;
    changed_ = std::make_unique<SiteReplay>(record, changed, energy);
    if (energy && record.fit.curve.empty()) by_sag_ = std::make_unique<SiteReplay>(record, changed);
}

bool Comparison::step() {
    if (next_ == record_.rows.size()) return false;
    for (const auto& replay : {&as_is_, &changed_, &by_sag_})
        if (*replay) (*replay)->take(next_);
    ++next_;
    return true;
}

ComparedRange Comparison::answer() const {
    ComparedRange range;
    range.covered_s = covered_s(record_, next_);
    range.covered_to_s = record_.from_s;
    if (next_ > 0)
        range.covered_to_s =
            std::clamp(record_.rows[next_ - 1].at_s + length_of(record_, next_ - 1), record_.from_s, record_.to_s);
    const std::int64_t end_s = next_ == record_.rows.size() ? record_.to_s : range.covered_to_s;
    range.silent_s = end_s - record_.from_s - range.covered_s;
    range.loads.resize(record_.loads.size());
    for (std::size_t i = 0; i < range.loads.size(); ++i) tally_load(i, range.loads[i]);
    tally_recorded(range);
    compare_minutes(range);
    range.lowest_as_is = as_is_->result().lowest;
    if (!changed_) return range;
    range.lowest_changed = changed_->result().lowest;
    range.differences = differences_of(as_is_->result(), changed_->result());
    if (!range.differences.empty()) widen_by_silence(range);
    return range;
}

/// Raises the upper bound of each run time by the silences. Where the replays differ, the power may have stayed on in them.
void Comparison::widen_by_silence(ComparedRange& range) {
    if (range.silent_s <= longest_silence_s) return;
    for (ComparedLoad& load : range.loads) {
        load.most_on_s += range.silent_s;
        load.known = load.known && close_run_times(load.least_on_s, load.most_on_s);
    }
}

void Comparison::tally_load(std::size_t load, ComparedLoad& into) const {
    into.as_is = as_is_->result().loads[load];
    if (!changed_) return;
    into.changed = changed_->result().loads[load];
    const bool fitted = !record_.fit.curve.empty();
    const std::int64_t shown = into.changed.on_s;
    const std::int64_t other = by_sag_ ? by_sag_->result().loads[load].on_s : fitted ? shown : into.as_is.on_s;
    into.least_on_s = std::min(shown, other);
    into.most_on_s = std::max(shown, other);
    into.known = close_run_times(shown, other);
}

/// Tallies the recording over the replayed seconds.
void Comparison::tally_recorded(ComparedRange& range) const {
    for (std::size_t i = 0; i < next_; ++i) {
        const HeldRow& row = record_.rows[i];
        const std::int64_t begin = std::max(row.at_s, record_.from_s),
                           end = std::min(row.at_s + length_of(record_, i), record_.to_s);
        if (begin >= end) continue;
        for (const auto& least : row.least) {
            if (!least) continue;
            range.lowest_recorded = std::min(range.lowest_recorded.value_or(*least), *least);
            break;
        }
        for (std::size_t load = 0; load < range.loads.size(); ++load) {
            const ReplayedLoad& known = record_.loads[load];
            LoadTally& tally = range.loads[load].recorded;
            for (const RecordedRun& run : known.runs) {
                const std::int64_t seconds = overlap(run.from_s, run.to_s, begin, end);
                tally.on_s += seconds;
                tally.watt_seconds += seconds * run.draw.steps;
            }
        }
    }
    for (std::size_t load = 0; load < range.loads.size(); ++load)
        for (const RecordedRun& run : record_.loads[load].runs)
            if (overlap(run.from_s, run.to_s, record_.from_s, range.covered_to_s) > 0) ++range.loads[load].recorded.runs;
}

/// Compares minutes. One agrees if each load was on for most of its replayed seconds in both, or in neither.
void Comparison::compare_minutes(ComparedRange& range) const {
    const std::size_t loads = range.loads.size();
    const auto minutes = static_cast<std::size_t>((range.covered_to_s - record_.from_s + 59) / 60);
    std::vector<std::uint8_t> seconds(minutes), on(minutes * loads);
    std::vector<std::size_t> next_run(loads);
    for (std::size_t i = 0; i < next_; ++i) {
        const std::int64_t end = record_.rows[i].at_s + length_of(record_, i);
        for (std::int64_t at = std::max(record_.rows[i].at_s, record_.from_s); at < std::min(end, range.covered_to_s); ++at) {
            const auto minute = static_cast<std::size_t>((at - record_.from_s) / 60);
            ++seconds[minute];
            for (std::size_t load = 0; load < loads; ++load)
                if (run_at(record_.loads[load], at, next_run[load]) != nullptr) ++on[minute * loads + load];
        }
    }
    for (std::size_t minute = 0; minute < minutes; ++minute) {
        if (seconds[minute] == 0) continue;
        ++range.minutes;
        bool all = true;
        for (std::size_t load = 0; load < loads; ++load) {
            const std::size_t at = minute * loads + load;
            const bool same = (on[at] * 2 >= seconds[minute]) == (as_is_->result().on_s_of_minute[at] * 2 >= seconds[minute]);
            if (same) ++range.loads[load].agreeing_minutes;
            all = all && same;
        }
        if (all) ++range.agreeing_minutes;
    }
}

}  // namespace volt::whatif
