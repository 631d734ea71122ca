#include "daemon/journal/source_health.hpp"

#include "daemon/config/build_policy.hpp"
#include "daemon/explain/explain.hpp"
#include "rules/battery/bank.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

/// Returns the reason the rules reject this reading, or an empty string if they use it.
std::string why_refused(const std::optional<Volts>& value, const Policy& policy) {
    if (!value) return "no data: the device answers without a voltage";
    return plausible_range(policy.preferences).holds(*value) ? "" : explain_refusal(policy, *value);
}

Duration poll_of(const Config& config, const std::string& source) {
    if (source == "sol_ark" && config.sol_ark) return config.sol_ark->poll;
    if (source == "sol_ark_2" && config.sol_ark_2) return config.sol_ark_2->poll;
    return config.victron ? config.victron->poll : 1s;
}

bool same(const SourceHealth& a, const SourceHealth& b) {
    return a.name == b.name && a.successes == b.successes && a.failures == b.failures && a.state == b.state &&
           a.last_error == b.last_error;
}

}  // namespace

void SourceHealthTracker::note_refusals(const Policy& policy, const LatestReadings& latest) {
    for (const auto& source : policy.voltage_sources) {
        const auto polled = latest.find(source.name);
        if (polled == latest.end() || !polled->second.has_reading) continue;
        if (recorded_[source.name] == polled->second.readings) continue;
        Refused& refused = refused_[source.name];
        refused.last = why_refused(polled->second.reading.voltage, policy);
        if (!refused.last.empty()) ++refused.count;
    }
}

void SourceHealthTracker::judge(const SourceHealth& health, Duration stale_after, Time now, SourceView& view) const {
    view.name = health.name;
    view.state = health.state;
    view.age = health.ever_succeeded ? std::optional(now - health.last_success) : std::nullopt;
    view.failures = health.failures;
    view.last_error = health.last_error;
    view.rtt = health.rtt;
    if (const auto refused = refused_.find(health.name); refused != refused_.end()) {
        const std::string& why = refused->second.last;
        view.failures += refused->second.count;
        // A device that answers may still carry an older error. The current rejection matters more.
        if (!why.empty() && (view.state == SourceState::ok || view.last_error.empty()))
            view.last_error = why + (view.last_error.empty() ? "" : "; " + view.last_error);
        if (!why.empty() && view.state == SourceState::ok) view.state = SourceState::failing;
    }
    const bool old = !view.age || *view.age > stale_after;
    if (view.state == SourceState::ok && old) view.state = SourceState::stale;
}

void SourceHealthTracker::view(const LatestReadings& latest, const std::vector<SourceHealth>& others, const Config& config,
                               Duration power_stale, Time now, std::vector<SourceView>& views) const {
    views.resize(latest.size() + others.size());
    auto next = views.begin();
    for (const auto& [name, source] : latest) judge(source.health, age_limit(power_stale, poll_of(config, name)), now, *next++);
    for (const SourceHealth& health : others) judge(health, Duration::max(), now, *next++);
}

void SourceHealthTracker::record(const LatestReadings& latest, const SiteView& view, Store& store, Log& log) {
    log_.update(latest, view.snapshot().now, log);
    for (const auto& [name, source] : latest) {
        if (!source.has_reading || recorded_[name] == source.readings) continue;
        recorded_[name] = source.readings;
        store.record(source.reading, view.utc_of(source.reading.taken));
    }
    record_health(latest, view, store);
}

/// Records the displayed health. Only new results, so that their time is the poll's.
void SourceHealthTracker::record_health(const LatestReadings& latest, const SiteView& view, Store& store) {
    for (const SourceView& source : view.sources) {
        const auto polled = latest.find(source.name);
        if (polled == latest.end()) continue;
        SourceHealth health = polled->second.health;
        health.state = source.state;
        health.last_error = source.last_error;
        health.failures = source.failures;  // only polls without an answer count as consecutive failures
        SourceHealth& known = recorded_health_[source.name];
        if (same(known, health)) continue;
        known = health;
        store.record(health, view.snapshot().utc);
    }
}

}  // namespace volt
