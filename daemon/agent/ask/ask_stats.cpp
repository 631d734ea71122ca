#include "daemon/agent/ask/ask_stats.hpp"

#include <algorithm>

#include "drivers/text.hpp"

namespace volt::agent {

namespace {

std::int64_t whole_in(const Json& data, const char* key) {
    const auto found = data.is_object() ? data.find(key) : data.end();
    return found != data.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// `a: 3, b: 1` of an object of counts.
std::string counts_text(const Json& counts) {
    std::string text;
    for (const auto& [name, count] : counts.items()) text += (text.empty() ? "" : ", ") + name + " " + count.dump();
    return text.empty() ? "none" : text;
}

}  // namespace

Json ask_stats(const std::vector<AgentEvent>& rows, std::int64_t from_ms) {
    Json stats{{"days", stats_days}, {"questions", 0},      {"answered_by", Json::object()},
               {"nothing_found", 0}, {"with_unchecked", 0}, {"tools", Json::object()},
               {"refused_calls", 0}, {"errors", 0}};
    std::vector<std::int64_t> times;
    const auto count = [](Json& counts, const std::string& name) { counts[name] = counts.value(name, 0) + 1; };
    const auto more = [&](const char* key) { stats[key] = stats[key].get<std::int64_t>() + 1; };
    for (const AgentEvent& row : rows) {
        if (row.created_ms < from_ms || row.agent_role != "ask") continue;
        const Json data = row.data ? Json::parse(*row.data, nullptr, false) : Json();
        if (row.event_type == "error") more("errors");
        if (row.event_type == "tool_call") {
            count(stats["tools"], row.message.substr(0, row.message.find(':')));
            if (data.is_object() && data.value("refused", false)) more("refused_calls");
        }
        if (row.event_type != "task_complete") continue;
        more("questions");
        count(stats["answered_by"], row.message);
        times.push_back(whole_in(data, "ms"));
        if (whole_in(data, "code") != 0) more("nothing_found");
        if (whole_in(data, "unchecked") != 0) more("with_unchecked");
    }
    std::sort(times.begin(), times.end());
    stats["median_ms"] = times.empty() ? Json() : Json(times[times.size() / 2]);
    stats["longest_ms"] = times.empty() ? Json() : Json(times.back());
    return stats;
}

std::string stats_text(const Json& stats) {
    std::string text = "Questions in the last " + stats.at("days").dump() + " days: " + stats.at("questions").dump() + "\n";
    if (stats.at("questions") == 0) return text;
    text += "  answered by   " + counts_text(stats.at("answered_by")) + "\n";
    text += "  no answer     " + stats.at("nothing_found").dump() + "\n";
    text += "  with numbers or sources not from the site's data   " + stats.at("with_unchecked").dump() + "\n";
    text += "  time          " + stats.at("median_ms").dump() + " ms median, " + stats.at("longest_ms").dump() + " ms longest\n";
    text += "  tools         " + counts_text(stats.at("tools")) + "\n";
    text += "  refused calls " + stats.at("refused_calls").dump() + ", errors " + stats.at("errors").dump() + "\n";
    return text;
}

}  // namespace volt::agent
