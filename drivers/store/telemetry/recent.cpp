#include "drivers/store/telemetry/recent.hpp"

#include <algorithm>
#include <limits>

#include "drivers/store/telemetry/series.hpp"

namespace volt {

namespace {

constexpr std::int32_t nothing = std::numeric_limits<std::int32_t>::min();

/// Limits the time between the values of a sum: a value too old for the rules is not part of it.
constexpr std::int64_t sum_within_ms = 30000;

using Steps = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// Adds to each step of `sum` the last value of `other` before it, and drops steps without one.
Steps added(const Steps& sum, const Steps& other) {
    Steps total;
    for (const auto& [at_ms, steps] : sum) {
        const auto after = std::upper_bound(other.begin(), other.end(), at_ms,
                                            [](std::int64_t at, const auto& each) { return at < each.first; });
        if (after == other.begin() || at_ms - std::prev(after)->first > sum_within_ms) continue;
        total.emplace_back(at_ms, steps + std::prev(after)->second);
    }
    return total;
}

}  // namespace

void Recent::add(const SourceReading& reading, Utc at) {
    Sample sample{.at_ms = at.count(), .steps = {}};
    const RawValues values = values_of(reading);
    for (std::size_t i = 0; i < field_count; ++i)
        sample.steps[i] = static_cast<std::int32_t>(
            std::clamp<std::int64_t>(values[i].value_or(nothing), nothing, std::numeric_limits<std::int32_t>::max()));
    const std::lock_guard lock(mutex_);
    if (sources_.size() >= most_sources && !sources_.contains(reading.name)) return;
    std::deque<Sample>& samples = sources_[reading.name];
    if (!samples.empty() && samples.back().at_ms > sample.at_ms) samples.clear();
    while (!samples.empty() && (samples.size() >= most_samples || sample.at_ms - samples.front().at_ms >= kept.count()))
        samples.pop_front();
    samples.push_back(sample);
}

Steps Recent::read(const std::string& source, RawField field) const {
    Steps found;
    const std::lock_guard lock(mutex_);
    const auto samples = sources_.find(source);
    if (samples == sources_.end()) return found;
    for (const Sample& sample : samples->second)
        if (const std::int32_t steps = sample.steps[static_cast<std::size_t>(field)]; steps != nothing)
            found.emplace_back(sample.at_ms, steps);
    return found;
}

std::size_t Recent::size() const {
    std::size_t all = 0;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, samples] : sources_) all += samples.size();
    return all;
}

Result<History> read_recent(const Recent& recent, const HistoryQuery& query) {
    const Result<SeriesPlan> plan = plan_of(query.series, query.sources);
    if (!plan) return plan.failure();
    const SeriesPlan& of = plan.value();
    if (of.kind != SeriesKind::first_of && of.kind != SeriesKind::sum_of)
        return Failure{Fault::refused, query.series + " is not in memory"};
    Steps steps;
    for (std::size_t i = 0; i < of.sources.size(); ++i) {
        if (of.kind == SeriesKind::first_of && !steps.empty()) break;
        Steps more = recent.read(of.sources[i], of.value->field);
        steps = of.kind == SeriesKind::sum_of && i > 0 ? added(steps, more) : std::move(more);
    }
    History history{.series = query.series, .unit = of.value->unit, .resolution = Resolution::raw, .step_s = 1, .points = {}};
    for (const auto& [at_ms, value] : steps)
        if (at_ms >= query.from.count() && at_ms < query.to.count())
            history.points.push_back({at_ms / 1000, static_cast<double>(value) / of.value->steps, ""});
    return history;
}

}  // namespace volt
