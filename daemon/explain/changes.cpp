#include "daemon/explain/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/change_facts.hpp"
#include "daemon/explain/topics.hpp"

namespace volt {

namespace {

constexpr Duration same_change_gap = 60s;

constexpr std::string_view alarm_prefix = "alarm/";

/// What comes back by itself with the broker: whether a load or an output can be relied on.
bool comes_back(const std::string& key) { return key.starts_with("condition/") || key.starts_with("output/"); }

bool is_there(const Fact& fact) { return fact.change.to == "ok" || fact.change.to == "available"; }

std::string counted(std::size_t count, const char* one) { return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s"); }

/// "Ready: 2 miners, 2 heaters, 6 outputs", of those that are there.
Change ready(const SiteView& view, const std::vector<Fact>& facts) {
    std::size_t miners = 0, heaters = 0, outputs = 0;
    for (const Fact& fact : facts)
        if (comes_back(fact.key) && is_there(fact))
            ++(fact.change.what == "output" ? outputs : fact.change.what == "miner" ? miners : heaters);
    Change change;
    change.at = view.snapshot().utc;
    change.what = "daemon";
    change.reason = "ready";
    change.text =
        fmt::format("Ready: {}, {}, {}", counted(miners, "miner"), counted(heaters, "heater"), counted(outputs, "output"));
    return change;
}

bool is_alarm(const std::string& key) { return key.starts_with(alarm_prefix); }

Change all_clear(const std::string& key, const std::string& text, Utc at) {
    static constexpr std::string_view said = "Alarm: ";
    Change change;
    change.at = at;
    change.what = "alarm";
    change.subject = key.substr(alarm_prefix.size());
    change.to = "cleared";
    change.text = "Cleared: " + (text.starts_with(said) ? text.substr(said.size()) : text);
    return change;
}

}  // namespace

/// Whether `change` is reported now; then fills its `from`.
bool Changes::tell(Change& change, Told& told, Time now) const {
    std::erase_if(told.at, [now](const auto& entry) { return now - entry.second >= same_change_gap; });
    if (change.to == told.value) return false;
    const std::string way = told.value + ">" + change.to;
    if (!change.shedding && told.at.contains(way)) return false;
    change.from = told.value;
    told.value = change.to;
    told.text = change.text;
    told.at[way] = now;
    return true;
}

/// Reports cleared alarms, and forgets what is no longer part of the site.
void Changes::clear_alarms(const SiteView& view, std::vector<Change>& changes) {
    for (auto it = told_.begin(); it != told_.end();) {
        auto& [key, told] = *it;
        const bool forget = !told.seen && (!is_alarm(key) || (told.value == "cleared" && told.at.empty()));
        if (!told.seen && !forget) {
            Change change = all_clear(key, told.text, view.snapshot().utc);
            if (tell(change, told, view.snapshot().now)) changes.push_back(std::move(change));
        }
        it = forget ? told_.erase(it) : std::next(it);
    }
}

/// A flapping device is reported once a minute, not at each flap.
void Changes::report_moves(const SiteView& view, std::vector<Change>& changes) {
    const Time now = view.snapshot().now;
    std::erase_if(moved_, [now](const auto& entry) { return now - entry.second >= same_change_gap; });
    for (Change& move : moves_of(view))
        if (moved_.try_emplace(move.subject + ">" + move.reason, now).second) changes.push_back(std::move(move));
}

/// True while outputs and loads have the time to come back. The first tick of which all are there ends it.
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
    for (auto& [key, told] : told_) told.seen = false;
    std::vector<Fact> facts = facts_of(view);
    const bool first = !begun_, waited = settling_.has_value(), settling = settles(view, facts);
    if (waited && !settling && !first) changes.push_back(ready(view, facts));
    for (Fact& fact : facts) {
        auto [it, fresh] = told_.try_emplace(fact.key);
        if (fresh) it->second.value = is_alarm(fact.key) ? "cleared" : fact.change.to;
        if (fresh && settling && comes_back(fact.key)) it->second.value = fact.change.what == "output" ? "available" : "ok";
        it->second.seen = true;
        if (settling && comes_back(fact.key) && fact.change.to != "fault") continue;
        if (tell(fact.change, it->second, view.snapshot().now)) changes.push_back(std::move(fact.change));
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
