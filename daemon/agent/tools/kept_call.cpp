#include "daemon/agent/tools/kept_call.hpp"

#include <algorithm>
#include <string_view>

#include "drivers/store/agent/agent_limits.hpp"
#include "drivers/store/agent/conversations.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char* heavy_tools[] = {"query_history", "what_if"};
constexpr std::size_t most_logged_characters = 300, most_logged_name = 64;

/// Stores the call and its answer. The log has no text of either, because it outlives a deleted conversation.
std::string keep(const Tool& tool, const Json& arguments, const ToolOutcome& outcome, bool over, std::int64_t begun_ms,
                 const CallOrigin& origin) {
    const std::int64_t now = agent_now().wall_ms, took = std::max<std::int64_t>(0, now - begun_ms);
    const bool well = outcome.error.empty();
    const AgentMessage call{
        .created_ms = now,
        .role = "tool",
        .content = tool.name,
        .tool_calls = json_text(Json::array({Json{{"name", tool.name}, {"arguments", over ? Json() : arguments}}})),
        .tool_results = json_text(Json::array({well ? outcome.answer : Json{{"error", outcome.error}}})),
        .duration_ms = took};
    const AgentEvent event{
        .created_ms = now,
        .level = well ? "info" : "warning",
        .event_type = over ? "limit" : (well ? "tool_call" : "error"),
        .message = first_characters(tool.name + (well ? "" : ": " + outcome.error), most_logged_characters),
        .agent_role = origin.agent_role,
        .data = json_text(Json{{"client", origin.client}, {"transport", origin.transport}, {"duration_ms", took}})};
    const std::string wrong = keep_call(*origin.store, origin.client, call, event);
    origin.store->tend(now);
    return wrong;
}

}  // namespace

const std::vector<const char*>& outside_tools() {
    static const std::vector<const char*> tools = {"search_documents", "read_document", "list_events", "query_history"};
    return tools;
}

std::string over_limit(const CallKeeping& keeping, const std::string& client, bool heavy) {
    if (keeping.store == nullptr) return {};
    const std::int64_t now = agent_now().wall_ms;
    const std::string over = take_limit(*keeping.store, heavy ? all_heavy_limit : all_reads_limit, client, now).over;
    return over.empty() ? take_limit(*keeping.store, heavy ? heavy_limit : read_limit, client, now).over : over;
}

std::string limit_of_call(const std::string& tool, const CallKeeping& keeping, const std::string& client) {
    return over_limit(keeping, client, std::find(std::begin(heavy_tools), std::end(heavy_tools), tool) != std::end(heavy_tools));
}

void keep_unlisted(const std::string& name, const CallTime& time, const CallKeeping& keeping) {
    if (keeping.store == nullptr) return;
    const bool over = !over_limit(keeping, time.client, false).empty();
    const std::int64_t now = agent_now().wall_ms;
    Json begun = first_characters(name, most_logged_name);
    clean_texts(begun);
    std::string shown = begun.get<std::string>();
    std::replace(shown.begin(), shown.end(), '\n', ' ');
    log_event(*keeping.store, {.created_ms = now,
                               .level = "warning",
                               .event_type = over ? "limit" : "error",
                               .message = shown + ": unknown tool",
                               .agent_role = "mcp",
                               .data = json_text(Json{{"client", time.client}, {"transport", keeping.transport}})});
    keeping.store->tend(now);
}

ToolOutcome kept_call(const Tool& tool, SiteLink& site, const Json& arguments, const CallTime& time, const CallKeeping& keeping) {
    if (keeping.store == nullptr) return run_tool(tool, site, arguments, time);
    const std::int64_t begun_ms = agent_now().wall_ms;
    const CallOrigin origin{
        .store = keeping.store, .client = time.client, .transport = keeping.transport, .login = keeping.login};
    CallTime of_origin = time;
    of_origin.origin = &origin;
    ToolOutcome outcome{{}, limit_of_call(tool.name, keeping, time.client)};
    const bool over = !outcome.error.empty();
    if (!over) outcome = run_tool(tool, site, arguments, of_origin);
    const std::string wrong = keep(tool, arguments, outcome, over, begun_ms, origin);
    if (!wrong.empty() && outcome.error.empty()) outcome.answer["not_kept"] = wrong;
    return outcome;
}

}  // namespace volt::agent
