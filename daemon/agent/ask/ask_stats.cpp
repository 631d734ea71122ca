#include "daemon/agent/ask/ask_stats.hpp"

namespace volt::agent {

namespace {

Json whole_or_null(const std::optional<std::int64_t>& value) { return value ? Json(*value) : Json(); }

Json counts_json(const std::vector<std::pair<std::string, std::int64_t>>& names) {
    Json counts = Json::object();
    for (const auto& [name, count] : names) counts[name] = count;
    return counts;
}

/// Returns `a 3, b 1` for an object of counts.
std::string counts_text(const Json& counts) {
    std::string text;
    for (const auto& [name, count] : counts.items()) text += (text.empty() ? "" : ", ") + name + " " + count.dump();
    return text.empty() ? "none" : text;
}

}  // namespace

Result<Json> ask_stats(AgentStore& store, std::int64_t now_ms) {
    const auto found = count_log(store, now_ms - stats_days * 86'400'000);
    if (!found) return found.failure();
    const LogCounts& counts = found.value();
    return Json{{"days", stats_days},
                {"questions", counts.questions},
                {"answered_by", counts_json(counts.answered_by)},
                {"nothing_found", counts.nothing_found},
                {"with_unchecked", counts.with_unchecked},
                {"median_ms", whole_or_null(counts.median_ms)},
                {"longest_ms", whole_or_null(counts.longest_ms)},
                {"tools", counts_json(counts.tools)},
                {"refused_calls", counts.refused_calls},
                {"over_limit", counts.over_limit},
                {"errors", counts.errors}};
}

std::string stats_text(const Json& stats) {
    std::string text = "Questions in the last " + stats.at("days").dump() + " days: " + stats.at("questions").dump() + "\n";
    if (stats.at("questions") != 0) {
        text += "  answered by   " + counts_text(stats.at("answered_by")) + "\n";
        text += "  no answer     " + stats.at("nothing_found").dump() + "\n";
        text += "  with numbers or sources not from the site's data   " + stats.at("with_unchecked").dump() + "\n";
        text +=
            "  time          " + stats.at("median_ms").dump() + " ms median, " + stats.at("longest_ms").dump() + " ms longest\n";
        text += "  tools         " + counts_text(stats.at("tools")) + "\n";
    }
    text += "  errors        " + stats.at("errors").dump() + "\n";
    text += "Calls of all clients: " + stats.at("refused_calls").dump() + " refused, " + stats.at("over_limit").dump() +
            " over a limit\n";
    return text;
}

}  // namespace volt::agent
