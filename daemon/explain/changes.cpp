#include "daemon/explain/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/explain/change_facts.hpp"
#include "daemon/explain/topics.hpp"

namespace volt {

namespace {

constexpr Duration same_change_gap = 60s, brief_absence = 5s;

constexpr std::string_view alarm_prefix = "alarm/";

/// Returns true for conditions of loads and outputs, which recover by themselves when the broker returns.
bool comes_back(const std::string& key) { return key.starts_with("condition/") || key.starts_with("output/"); }

bool is_there(const Fact& fact) { return fact.change.to == "ok" || fact.change.to == "available"; }

std::string counted(std::size_t count, const char* one) { return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s"); }

/// Lists what is online: "Ready: 2 miners, 2 heaters, 6 outputs". `first`: first time since voltd started.
Change ready(const SiteView& view, const std::vector<Fact>& facts, bool first) {
    std::size_t miners = 0, heaters = 0, outputs = 0;
    for (const Fact& fact : facts)
        if (comes_back(fact.key) && is_there(fact))
            ++(fact.change.what == "output" ? outputs : fact.change.what == "miner" ? miners : heaters);
    Change change;
    change.at = view.snapshot().utc;
    change.what = "daemon";
    change.reason = "ready";
    if (first) change.to = started_word;
    change.text =
        fmt::format("Ready: {}, {}, {}", counted(miners, "miner"), counted(heaters, "heater"), counted(outputs, "output"));
    return change;
}

/// Returns true for a short interruption that is not an event: a reload reconnects, and a relay that never left answers within a
/// moment.
bool is_brief(const Fact& fact, std::optional<Time>& away, Time now) {
    if (!comes_back(fact.key) || is_there(fact) || fact.change.to == "fault") {
        away.reset();
        return false;
    }
    if (!away) away = now;
    return now - *away < brief_absence;
}

bool is_alarm(const std::string& key) { return key.starts_with(alarm_prefix); }

Change all_clear(const std::string& key, const std::string& text, Utc at) {
    static constexpr std::string_view prefix = "Alarm: ";
    Change change;
    change.at = at;
    change.what = "alarm";
    change.subject = key.substr(alarm_prefix.size());
    change.to = "cleared";
    change.text = "Cleared: " + (text.starts_with(prefix) ? text.substr(prefix.size()) : text);
    return change;
}

}  // namespace

/// Returns true if `change` should be reported now, and fills its `from`.
bool Changes::report(Change& change, Reported& reported, Time now) const {
    std::erase_if(reported.at, [now](const auto& entry) { return now - entry.second >= same_change_gap; });
    if (change.to == reported.value) return false;
    const std::string way = reported.value + ">" + change.to;
    if (!change.shedding && reported.at.contains(way)) return false;
    change.from = reported.value;
    reported.value = change.to;
    reported.text = change.text;
    reported.at[way] = now;
    return true;
}

/// Reports cleared alarms and forgets everything that is no longer part of the site.
void Changes::clear_alarms(const SiteView& view, std::vector<Change>& changes) {
    for (auto it = reported_.begin(); it != reported_.end();) {
        auto& [key, reported] = *it;
        const bool forget = !reported.seen && (!is_alarm(key) || (reported.value == "cleared" && reported.at.empty()));
        if (!reported.seen && !forget) {
            Change change = all_clear(key, reported.text, view.snapshot().utc);
            if (report(change, reported, view.snapshot().now)) changes.push_back(std::move(change));
            waits_ = waits_ || reported.value != "cleared";
        }
        it = forget ? reported_.erase(it) : std::next(it);
    }
}

/// Reports a flapping device once a minute, not each time.
void Changes::report_moves(const SiteView& view, std::vector<Change>& changes) {
    const Time now = view.snapshot().now;
    std::erase_if(moved_, [now](const auto& entry) { return now - entry.second >= same_change_gap; });
    for (Change& move : moves_of(view))
        if (moved_.try_emplace(move.subject + ">" + move.reason, now).second) changes.push_back(std::move(move));
}

/// Returns true while outputs and loads have time to come back. Ends with the first tick in which all are back.
bool Changes::settles(const SiteView& view, const std::vector<Fact>& facts) {
    const Time now = view.snapshot().now;
    if (!view.snapshot().broker_up || !begun_) settling_ = now;
    begun_ = true;
    if (!settling_) return false;
    const bool all =
        std::all_of(facts.begin(), facts.end(), [](const Fact& fact) { return !comes_back(fact.key) || is_there(fact); });
    const bool over = view.snapshot().broker_up && (all || now - *settling_ >= view.policy().control.adopt_timeout);
    if (over) settling_.reset();
    return !over;
}

std::vector<Change> Changes::compare(const SiteView& view) {
    std::vector<Change> changes;
    waits_ = false;
    for (auto& [key, reported] : reported_) reported.seen = false;
    std::vector<Fact> facts = facts_of(view);
    const bool first = !begun_, waited = settling_.has_value(), settling = settles(view, facts);
    if (waited && !settling && !first) changes.push_back(ready(view, facts, !std::exchange(ready_once_, true)));
    for (Fact& fact : facts) {
        auto [it, fresh] = reported_.try_emplace(fact.key);
        if (fresh) it->second.value = is_alarm(fact.key) ? "cleared" : fact.change.to;
        if (fresh && settling && comes_back(fact.key)) it->second.value = fact.change.what == "output" ? "available" : "ok";
        it->second.seen = true;
        if (settling && comes_back(fact.key) && fact.change.to != "fault") continue;
        const bool differs = fact.change.to != it->second.value;
        if (is_brief(fact, it->second.away, view.snapshot().now) && differs) {
            waits_ = true;
            continue;
        }
        if (report(fact.change, it->second, view.snapshot().now)) changes.push_back(std::move(fact.change));
        else waits_ = waits_ || differs;
    }
    clear_alarms(view, changes);
    report_moves(view, changes);
    return changes;
}

std::optional<DecisionRow> decision_row(const SiteView& view, const Change& change) {
    if (change.order.empty()) return std::nullopt;
    return DecisionRow{change.at,     change.order, change.from,       change.to,
                       change.reason, change.text,  inputs_json(view), change.load ? gates_json(view, *change.load) : "[]",
                       change.shadow};
}

EventRow event_row(const Change& change) {
    const std::string data = event_json(change);
    return {change.at, change.level, change.what, change.subject, change.text, data.empty() ? "{}" : data};
}

}  // namespace volt
