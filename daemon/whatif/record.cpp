#include "daemon/whatif/record.hpp"

#include <algorithm>
#include <utility>

namespace volt::whatif {

std::int64_t length_of(const SiteRecord& record, std::size_t index) {
    const std::int64_t at = record.rows[index].at_s;
    if (index + 1 == record.rows.size()) return longest_row_s;
    return std::min(longest_row_s, record.rows[index + 1].at_s - at);
}

std::int64_t silence_after(const SiteRecord& record, std::size_t index) {
    const std::int64_t next = index + 1 < record.rows.size() ? record.rows[index + 1].at_s : record.to_s;
    return std::max<std::int64_t>(0, next - record.rows[index].at_s - length_of(record, index));
}

std::int64_t covered_s(const SiteRecord& record, std::size_t end) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < end; ++i) {
        const std::int64_t begin = std::max(record.rows[i].at_s, record.from_s);
        sum += std::max<std::int64_t>(0, std::min(record.rows[i].at_s + length_of(record, i), record.to_s) - begin);
    }
    return sum;
}

const RecordedRun* run_at(const ReplayedLoad& load, std::int64_t at_s, std::size_t& next_run) {
    while (next_run < load.runs.size() && load.runs[next_run].to_s <= at_s) ++next_run;
    return next_run == load.runs.size() || load.runs[next_run].from_s > at_s ? nullptr : &load.runs[next_run];
}

std::optional<Watts> typical_draw(const ReplayedLoad& load) {
    std::int64_t seconds = 0, watt_seconds = 0;
    for (const RecordedRun& run : load.runs) {
        seconds += run.to_s - run.from_s;
        watt_seconds += run.draw.steps * (run.to_s - run.from_s);
    }
    return seconds > 0 ? std::optional(Watts{watt_seconds / seconds}) : std::nullopt;
}

Policy replayable(Policy policy) {
    policy.control.live = true;
    policy.control.leaving = false;
    policy.weather_configured = false;
    for (Zone& zone : policy.zones) zone.heating_enabled = false;
    return policy;
}

}  // namespace volt::whatif
