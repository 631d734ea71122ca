#include "rules/outputs/trip.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration word_near = 60s;
constexpr Duration first_pause = 10min, longest_pause = 2h, trips_window = 24h;
constexpr std::size_t most_trips = 5;  // the fifth has the longest pause

bool near(Time a, Time b) { return a - b <= word_near && b - a <= word_near; }

}  // namespace

bool protection_near(const OutputReport& report, Time when) {
    return report.protection != OwnProtection::none && near(report.protection_at, when);
}

void trip(OutputMemory& m, const OutputReport& report, Time now) {
    std::erase_if(m.trips, [now](Time at) { return now - at >= trips_window; });
    if (m.trips.size() == most_trips) m.trips.erase(m.trips.begin());
    m.trips.push_back(now);
    const auto doubled = first_pause * (1 << (m.trips.size() - 1));
    m.trip_until = now + std::min(Duration{doubled}, longest_pause);
    m.tripped_by = report.protection;
    m.opened_at.reset();
    m.external_at.reset();
}

bool explains_last_change(OutputMemory& m, const OutputReport& report, Time now) {
    const bool fresh = report.protection != OwnProtection::none && m.word_at != report.protection_at;
    if (!fresh) return false;
    m.word_at = report.protection_at;
    if (m.opened_at && protection_near(report, *m.opened_at)) {
        trip(m, report, now);
        return true;
    }
    const bool closed = m.external_at && m.reported == OutputState::on && protection_near(report, *m.external_at);
    if (closed) m.external_at.reset();
    return closed;
}

}  // namespace volt
