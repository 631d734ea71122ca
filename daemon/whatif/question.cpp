#include "daemon/whatif/question.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "daemon/explain/json_parts.hpp"
#include "daemon/whatif/answer_json.hpp"
#include "daemon/whatif/suggestion.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/store/settings/write.hpp"

namespace volt::whatif {

namespace {

using json::Object;

constexpr std::array known_keys{"changes", "from", "to", "hours"};
constexpr std::int64_t hours_by_default = 24;
constexpr const char* moment_need = "a time such as 2025-06-21T19:00:00Z";

EditFailure wrong(const std::string& field, const std::string& text, const std::string& need) {
    return refused({{field, "", need, "", field + ": " + text}});
}

std::string hours_need() {
    return "a whole number from " + std::to_string(least_range_s / 3600) + " to " + std::to_string(longest_range_s / 3600);
}

/// Reads a time into `into` if the key is present. Returns false if it is not a time.
bool take_time(const Object& body, const char* key, Utc& into) {
    if (!body.contains(key)) return true;
    const auto at = body[key].is_string() ? parse_iso_utc(body[key].get<std::string>()) : std::nullopt;
    if (at) into = Utc{*at * 1000};
    return at.has_value();
}

Object suggestion_json(const SiteRecord& record, const Suggestion& one) {
    const ReplayedLoad& load = record.loads[one.candidate.load];
    Object fields = Object::object();
    if (one.candidate.start != one.start_today) fields["start_voltage"] = json::number(one.candidate.start);
    if (one.candidate.stop != one.stop_today) fields["stop_voltage"] = json::number(one.candidate.stop);
    return {{"load", load.slug},
            {"name", load.name},
            {"changes", {{"miners", {{load.id, std::move(fields)}}}}},
            {"today", {{"start_voltage", json::number(one.start_today)}, {"stop_voltage", json::number(one.stop_today)}}},
            {"gained_kwh", static_cast<double>(one.gained_watt_seconds / 36'000) / 100},
            {"lowest_v", {{"as_is", json::number_or_null(one.lowest_as_is)}, {"changed", json::number_or_null(one.lowest)}}}};
}

}  // namespace

Edit<WhatifQuery> query_of_range(Utc from, Utc to) {
    const std::int64_t length_s = (to - from).count() / 1000;
    if (from >= to) return wrong("from", "is not before to", "a time before to");
    if (length_s < least_range_s || length_s > longest_range_s)
        return wrong("from", "the range has " + std::to_string(length_s / 3600) + " hours", hours_need() + " hours before `to`");
    return WhatifQuery{from, to, {}};
}

Edit<WhatifQuery> query_of(const Object& body, Utc now) {
    if (!body.is_object()) return wrong("changes", "no JSON object", "an object");
    for (const auto& [key, value] : body.items())
        if (std::find(known_keys.begin(), known_keys.end(), key) == known_keys.end())
            return wrong(key, "no such field", "changes, from, to or hours");
    std::int64_t hours = hours_by_default;
    if (body.contains("hours")) {
        const Object& given = body["hours"];
        if (body.contains("from")) return wrong("hours", "is given with from", "either hours or from");
        if (!given.is_number_integer()) return wrong("hours", "not a whole number", hours_need());
        hours = given.get<std::int64_t>();
        if (hours < least_range_s / 3600 || hours > longest_range_s / 3600) return wrong("hours", "out of range", hours_need());
    }
    Utc to = now;
    if (!take_time(body, "to", to)) return wrong("to", "not a time", moment_need);
    Utc from = to - Utc{hours * 3'600'000};
    if (!take_time(body, "from", from)) return wrong("from", "not a time", moment_need);
    Edit<WhatifQuery> query = query_of_range(from, to);
    if (!query || !body.contains("changes")) return query;
    Edit<Proposal> changes = proposal_of(body["changes"]);
    if (!changes) return changes.failure();
    query.value().changes = std::move(changes.value());
    return query;
}

Edit<Object> answer_to(Connection& db, const Config& config, const WhatifQuery& query, const std::function<bool()>& go_on) {
    const Edit<WhatifInputs> inputs = read_inputs(db, config, query);
    if (!inputs) return inputs.failure();
    const SiteRecord& record = inputs.value().record;
    if (covered_s(record, record.rows.size()) == 0) return empty_answer_json(record);
    Comparison comparison(record, inputs.value().as_is, inputs.value().changed);
    while (go_on() && comparison.step()) {}
    return answer_json(record, comparison);
}

Edit<Object> suggestions_for(Connection& db, const Config& config, const WhatifQuery& query, const std::function<bool()>& go_on) {
    const Edit<WhatifInputs> inputs = read_inputs(db, config, {query.from, query.to, {}});
    if (!inputs) return inputs.failure();
    const SiteRecord& record = inputs.value().record;
    Object list = Object::array();
    Object answer = empty_answer_json(record);
    if (covered_s(record, record.rows.size()) > 0) {
        Comparison comparison(record, inputs.value().as_is, {});
        while (go_on() && comparison.step()) {}
        answer = answer_json(record, comparison);
        for (const Suggestion& one : suggest(record, inputs.value().as_is, go_on)) list.push_back(suggestion_json(record, one));
    }
    answer["suggestions"] = std::move(list);
    return answer;
}

}  // namespace volt::whatif
