#include "daemon/ctl/shadow/shadow_facts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/explain/changes.hpp"
#include "daemon/explain/explain.hpp"
#include "daemon/whatif/comparison.hpp"
#include "daemon/whatif/read_record.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "rules/names.hpp"

namespace volt::ctl::shadow {

namespace {

constexpr std::int64_t most_rows_read = 10000;
constexpr std::int64_t before_s = 7 * 86400;  // a run in progress at the start of the range began within this time

Utc moment(std::int64_t at_s) { return Utc{at_s * 1000}; }

EditFailure unavailable(const Failure& failure) { return {EditFault::unavailable, failure.text, {}, {}}; }

/// Returns events of one kind by time, including the week before the range.
Result<std::vector<KeptEvent>> events_of(Connection& db, const char* kind, CountedRange range) {
    EventQuery query;
    query.kind = kind;
    query.from = moment(range.from_s - before_s);
    query.to = moment(range.to_s);
    query.limit = most_rows_read;
    auto events = read_events(db, query);
    if (events) std::reverse(events.value().begin(), events.value().end());
    return events;
}

std::string member(const nlohmann::json& data, const char* key) {
    const auto found = data.find(key);
    return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Reads the starts of voltd and the reports of outputs.
std::optional<Failure> read_events_of_loads(Connection& db, ShadowFacts& facts) {
    for (const char* kind : {"daemon", "miner", "zone"}) {
        const auto events = events_of(db, kind, facts.range);
        if (!events) return events.failure();
        for (const KeptEvent& event : events.value()) {
            const auto data = nlohmann::json::parse(event.data_json, nullptr, false);
            if (!data.is_object()) continue;
            const std::int64_t at_s = event.at.count() / 1000;
            if (event.kind == "daemon" && member(data, "to") == started_word) facts.starts_s.push_back(at_s);
            if (event.kind != "daemon" && member(data, "reason") == reported_word)
                facts.really[event.subject].push_back({at_s, member(data, "from"), member(data, "to")});
        }
    }
    return std::nullopt;
}

std::optional<Failure> read_clock(Connection& db, ShadowFacts& facts) {
    const auto events = events_of(db, "alarm", facts.range);
    if (!events) return events.failure();
    std::optional<std::int64_t> since;
    bool first = true;
    for (const KeptEvent& event : events.value()) {
        if (alarm_code(event.subject) != AlarmCode::clock_untrusted) continue;
        const bool cleared = event.message.starts_with("Cleared");
        const std::int64_t at_s = event.at.count() / 1000;
        if (cleared && (since || first)) facts.untrusted.push_back({since.value_or(facts.range.from_s - before_s), at_s});
        if (cleared) since.reset();
        else if (!since) since = at_s;
        first = false;
    }
    if (since) facts.untrusted.push_back({*since, facts.range.to_s});
    return std::nullopt;
}

/// Replays the end of the range as is with the what-if engine: gates, stages, and the rows that show the voltage.
std::optional<EditFailure> replay(Connection& db, const Config& config, ShadowFacts& facts) {
    const std::int64_t from_s = std::max(facts.range.from_s, facts.range.to_s - whatif::longest_range_s);
    auto inputs = whatif::read_inputs(db, config, {moment(from_s), moment(facts.range.to_s), {}});
    if (!inputs) return inputs.failure();
    facts.record = std::move(inputs.value().record);
    if (whatif::covered_s(facts.record, facts.record.rows.size()) == 0) return std::nullopt;
    whatif::Comparison comparison(facts.record, inputs.value().as_is, {});
    while (comparison.step()) {}
    facts.replay = comparison.as_is();
    return std::nullopt;
}

}  // namespace

Edit<ShadowFacts> read_shadow_facts(Connection& db, const Config& config, CountedRange range) {
    ShadowFacts facts;
    facts.range = range;
    facts.has_pv = !config.power_sources.pv.empty();
    facts.has_load = !config.power_sources.load.empty();
    const auto settings = read_settings(db, Settings{});
    if (!settings) return unavailable(settings.failure());
    for (const Miner& miner : settings.value().miners)
        if (miner.enabled) facts.miners.push_back(miner);
    for (const Zone& zone : settings.value().zones)
        if (zone.enabled) facts.zones.push_back(zone);
    auto decisions = read_decisions(db, {"", "", moment(range.from_s - before_s), moment(range.to_s), most_rows_read});
    if (!decisions) return unavailable(decisions.failure());
    facts.decisions = std::move(decisions.value());
    std::reverse(facts.decisions.begin(), facts.decisions.end());
    facts.cut =
        facts.decisions.size() == static_cast<std::size_t>(most_rows_read) && facts.decisions.front().at > moment(range.from_s);
    if (const auto wrong = read_events_of_loads(db, facts)) return unavailable(*wrong);
    if (const auto wrong = read_clock(db, facts)) return unavailable(*wrong);
    if (const auto wrong = replay(db, config, facts)) return *wrong;
    return facts;
}

}  // namespace volt::ctl::shadow
