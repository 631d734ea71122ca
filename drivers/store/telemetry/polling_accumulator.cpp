#include "drivers/store/telemetry/polling_accumulator.hpp"

#include <algorithm>

namespace volt {

namespace {

/// Returns the state of a source in health_summary.
const char* part_state(SourceState state) {
    switch (state) {
        case SourceState::ok: return "ok";
        case SourceState::stale: return "degraded";
        case SourceState::absent:
        case SourceState::failing: return "down";
    }
    return "down";
}

std::optional<std::int64_t> ms(const std::optional<Utc>& time) {
    if (!time) return std::nullopt;
    return time->count();
}

}  // namespace

void PollingAccumulator::note(const SourceHealth& health, Utc at) {
    if (entries_.size() >= most_sources && !entries_.contains(health.name)) return;
    const auto [it, fresh] = entries_.try_emplace(health.name);
    Entry& entry = it->second;
    if (fresh || entry.health.state != health.state) entry.state_since = at;
    if (health.ever_succeeded && health.consecutive_failures == 0) entry.last_success = at;
    if (health.failures > entry.health.failures) entry.last_error = at;
    if (health.rtt && health.consecutive_failures == 0) {
        entry.rtt_sum_ms += health.rtt->count();
        ++entry.rtt_count;
        entry.rtt_max_ms = std::max<std::int64_t>(entry.rtt_max_ms, health.rtt->count());
    }
    entry.health = health;
    entry.at = at;
    news_ = true;
}

bool PollingAccumulator::state_changed() const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [](const auto& it) { return it.second.written != it.second.health.state; });
}

SqlStatus PollingAccumulator::write_status(Connection& db, const std::string& source, const Entry& entry) const {
    const SourceHealth& h = entry.health;
    std::optional<std::int64_t> rtt, rtt_mean, rtt_max;
    if (h.rtt) rtt = h.rtt->count();
    if (entry.rtt_count > 0) rtt_mean = entry.rtt_sum_ms / entry.rtt_count, rtt_max = entry.rtt_max_ms;
    return db
        .prepare(
            "INSERT INTO polling_status (source, state, state_since, last_success_at, last_error_at, last_error, "
            "successes, failures, consecutive_failures, rtt_ms, rtt_mean_ms, rtt_max_ms, updated_at) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (source) DO UPDATE SET "
            "state = excluded.state, state_since = excluded.state_since, "
            "last_success_at = coalesce(excluded.last_success_at, last_success_at), "
            "last_error_at = coalesce(excluded.last_error_at, last_error_at), "
            "last_error = coalesce(excluded.last_error, last_error), successes = excluded.successes, "
            "failures = excluded.failures, consecutive_failures = excluded.consecutive_failures, "
            "rtt_ms = excluded.rtt_ms, rtt_mean_ms = excluded.rtt_mean_ms, rtt_max_ms = excluded.rtt_max_ms, "
            "updated_at = excluded.updated_at")
        .bind(1, source)
        .bind(2, std::string_view(name_of(h.state)))
        .bind(3, entry.state_since.count())
        .bind(4, ms(entry.last_success))
        .bind(5, ms(entry.last_error))
        .bind(6, h.last_error.empty() ? std::nullopt : std::optional<std::string_view>(h.last_error))
        .bind(7, static_cast<std::int64_t>(h.successes))
        .bind(8, static_cast<std::int64_t>(h.failures))
        .bind(9, static_cast<std::int64_t>(h.consecutive_failures))
        .bind(10, rtt)
        .bind(11, rtt_mean)
        .bind(12, rtt_max)
        .bind(13, entry.at.count())
        .run();
}

SqlStatus PollingAccumulator::write_check(Connection& db, const std::string& source, const Entry& entry) const {
    return db.prepare("INSERT INTO health_checks (at, part, state, text) VALUES (?1, ?2, ?3, ?4)")
        .bind(1, entry.state_since.count())
        .bind(2, source)
        .bind(3, std::string_view(part_state(entry.health.state)))
        .bind(4, entry.health.last_error)
        .run();
}

SqlStatus PollingAccumulator::write(Connection& db) {
    for (const auto& [source, entry] : entries_) {
        SqlStatus done = write_status(db, source, entry);
        if (done.ok() && entry.written != entry.health.state) done = write_check(db, source, entry);
        if (!done.ok() && !done.bad_row()) return done;
    }
    return {};
}

void PollingAccumulator::written() {
    for (auto& [source, entry] : entries_) {
        entry.written = entry.health.state;
        entry.rtt_sum_ms = entry.rtt_count = entry.rtt_max_ms = 0;
    }
    news_ = false;
}

}  // namespace volt
