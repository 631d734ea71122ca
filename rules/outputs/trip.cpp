#include "rules/outputs/trip.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration word_near = 60s;
constexpr Duration first_pause = 10min, longest_pause = 2h, trips_window = 24h;
constexpr std::size_t most_trips = 5;  // the fifth has the longest pause

bool near(Time a, Time b) { return a - b <= word_near && b - a <= word_near; }

/// Forgets the last change as a person's.
void forget_external(OutputMemory& m) {
    if (m.external_at && !m.disputes.empty() && m.disputes.back() == *m.external_at) m.disputes.pop_back();
    if (m.external_again_at == m.external_at) m.external_again_at.reset();
    m.external_at.reset();
}

}  // namespace

bool protection_near(const OutputReport& report, Time when) {
    return report.protection != OwnProtection::none && near(report.protection_at, when);
}

bool is_off_by_timer(const OutputReport& report) {
    return report.state == OutputState::off && report.timer_off_at && *report.timer_off_at >= report.changed_at;
}

bool follows_timer_off(const OutputReport& report) {
    return report.state == OutputState::on && report.timer_off_at && near(report.state_at, *report.timer_off_at);
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
    if (m.opened_at && m.reported == OutputState::off && is_off_by_timer(report)) {
        m.opened_at.reset();
        forget_external(m);
        return true;
    }
    const bool fresh = report.protection != OwnProtection::none && m.word_at != report.protection_at;
    if (!fresh) return false;
    m.word_at = report.protection_at;
    if (m.opened_at && protection_near(report, *m.opened_at)) {
        forget_external(m);
        trip(m, report, now);
        return true;
    }
    const bool closed = m.external_at && m.reported == OutputState::on && protection_near(report, *m.external_at);
    if (closed) forget_external(m);
    return closed;
}

}  // namespace volt
