#include "daemon/agent/ask/kept_conversation.hpp"

#include <algorithm>

#include "daemon/agent/ask/checked_parts.hpp"
#include "daemon/agent/tools/kept_call.hpp"
#include "drivers/text.hpp"

namespace volt::agent {

namespace {

constexpr const char* ask_role = "ask";
/// Key in the metadata of a call whose result is too long: see checked_parts.
constexpr const char* parts_fact = "checked";

Json json_of(const std::optional<std::string>& text) { return text ? Json::parse(*text, nullptr, false) : Json(); }

/// Returns a member of a message's or conversation's metadata.
std::string fact_of(const std::optional<std::string>& metadata, const char* name) {
    const Json facts = json_of(metadata);
    return facts.is_object() ? facts.value(name, "") : "";
}

}  // namespace

void KeptConversation::note(const std::string& wrong) {
    if (not_kept_.empty()) not_kept_ = wrong;
}

bool KeptConversation::begin(const std::string& shared, const std::string& question) {
    const auto begun = begin_conversation(store_, {.agent_role = ask_role,
                                                   .client = first_characters(client_, most_client_name),
                                                   .title = first_characters(question, most_title),
                                                   .created_ms = agent_now().wall_ms,
                                                   .metadata = json_text(Json{{"shared", shared}})});
    if (begun) id_ = begun.value();
    else note(begun.failure().text);
    return begun.ok();
}

std::string KeptConversation::open(const std::string& id, bool last, const std::string& shared, const std::string& question) {
    if (id.empty() && !last) {
        begin(shared, question);
        return {};
    }
    const auto found = last ? last_conversation(store_, ask_role) : find_conversation(store_, id);
    if (!found) return found.failure().text;
    if (!found.value())
        return last ? "no conversations yet"
                    : "no conversation, or more than one, matches " + id +
                          "; voltctl conversations "
                          "list";
    const AgentConversation& it = *found.value();
    moved_ = fact_of(it.metadata, "shared") != shared;
    if (moved_) {
        begin(shared, question);
        return {};
    }
    id_ = it.id;
    summary_ = it.summary.value_or("");
    read(it.summarized_to);
    return {};
}

/// Reads only the last of many messages, but checks all of them for taint.
void KeptConversation::read(std::int64_t summarized_to) {
    std::int64_t after = 0;
    for (int page = 0; page < most_read_pages; ++page) {
        auto found = messages_of(store_, id_, after, most_read_messages);
        if (!found) return note(found.failure().text);
        if (found.value().empty()) break;
        after = found.value().back().id;
        for (AgentMessage& it : found.value()) {
            take_kept(it);
            messages_.push_back(std::move(it));
        }
        const auto surplus = [](const auto& list) {
            return list.begin() + static_cast<std::ptrdiff_t>(list.size() - std::min(list.size(), most_read_messages));
        };
        messages_.erase(messages_.begin(), surplus(messages_));
        results_.erase(results_.begin(), surplus(results_));
    }
    std::erase_if(messages_, [&](const AgentMessage& it) { return it.id <= summarized_to; });
}

/// Ignore errors: they are not data of the site, and a number in one was the model's.
void KeptConversation::take_kept(const AgentMessage& it) {
    if (it.role == "tool") take_taint(it.content);
    if (it.role == "assistant") tainted_ = tainted_ || fact_of(it.metadata, "answered_by") != "model";
    const Json result = json_of(it.tool_results);
    if (result.is_object() && result.contains("cut")) {
        const Json facts = json_of(it.metadata);
        if (facts.is_object() && facts.contains(parts_fact) && facts.at(parts_fact).is_structured())
            results_.push_back(facts.at(parts_fact));
        else partly_known_ = true;
    }
    if (result.is_array() && !result.empty() && result[0].is_object() && !result[0].contains("error")) {
        const Json call = json_of(it.tool_calls);
        const Json arguments =
            call.is_array() && !call.empty() && call[0].is_object() ? call[0].value("arguments", Json()) : Json();
        results_.push_back(site_data(it.content, arguments, result[0]));
    }
}

std::vector<PastMessage> KeptConversation::past(bool models_only) const {
    std::vector<PastMessage> list;
    for (const AgentMessage& it : messages_) {
        const bool answer = it.role == "assistant";
        if (!answer && it.role != "user") continue;
        if (answer && models_only && fact_of(it.metadata, "answered_by") != "model") continue;
        list.push_back({it.id, it.role, it.content});
    }
    return list;
}

void KeptConversation::add_question(const std::string& text) {
    if (id_.empty()) return;
    const auto kept = add_message(store_, id_, {.created_ms = agent_now().wall_ms, .role = "user", .content = text});
    if (!kept) note(kept.failure().text);
}

CallOrigin KeptConversation::origin(const std::string& model) const {
    return {.store = &store_,
            .agent_role = ask_role,
            .client = std::string(ask_role) + " (" + model + ")",
            .transport = ask_role,
            .login = client_,
            .conversation = id_,
            .tainted = tainted_};
}

void KeptConversation::take_taint(const std::string& tool) {
    const auto& outside = outside_tools();
    tainted_ = tainted_ || tool == "search_memory" || std::find(outside.begin(), outside.end(), tool) != outside.end();
}

void KeptConversation::add_tool(const ToolUse& use) {
    take_taint(use.name);
    const Json answer = site_data(use.name, use.arguments, use.answer);
    results_.push_back(answer);
    if (id_.empty()) return;
    const Json call = Json::array({Json{{"name", use.name}, {"arguments", use.arguments}}});
    const std::string result = json_text(Json::array({use.error.empty() ? use.answer : Json{{"error", use.error}}}));
    const bool long_one = result.size() > most_kept_result_bytes && use.error.empty();
    const Json parts = long_one ? checked_parts(answer, most_kept_result_bytes) : Json();
    const auto kept = add_message(store_, id_,
                                  {.created_ms = agent_now().wall_ms,
                                   .role = "tool",
                                   .content = use.name,
                                   .tool_calls = json_text(call),
                                   .tool_results = result,
                                   .duration_ms = use.duration_ms,
                                   .metadata = long_one ? std::optional(json_text(Json{{parts_fact, parts}})) : std::nullopt});
    if (!kept) note(kept.failure().text);
    log(use.unknown ? "warning" : "info", use.over_limit ? "limit" : "tool_call",
        use.name + (use.error.empty() ? "" : ": " + use.error), {{"ms", use.duration_ms}, {"refused", !use.error.empty()}});
}

void KeptConversation::add_answer(const std::string& text, const Json& facts, std::int64_t duration_ms, std::int64_t tokens_in,
                                  std::int64_t tokens_out) {
    if (id_.empty()) return;
    const auto kept = add_message(store_, id_,
                                  {.created_ms = agent_now().wall_ms,
                                   .role = "assistant",
                                   .content = text,
                                   .duration_ms = duration_ms,
                                   .tokens_in = tokens_in,
                                   .tokens_out = tokens_out,
                                   .metadata = json_text(facts)});
    if (!kept) note(kept.failure().text);
    store_.tend(agent_now().wall_ms);
}

void KeptConversation::log(const char* level, const char* event, const std::string& text, const Json& data) {
    const std::string wrong = log_event(store_, {.created_ms = agent_now().wall_ms,
                                                 .level = level,
                                                 .event_type = event,
                                                 .message = text,
                                                 .agent_role = ask_role,
                                                 .conversation_id = id_,
                                                 .data = data.is_null() ? std::nullopt : std::optional(json_text(data))});
    note(wrong);
}

void KeptConversation::summarize(const std::string& summary, std::int64_t to) {
    summary_ = summary;
    std::erase_if(messages_, [&](const AgentMessage& it) { return it.id <= to; });
    if (!id_.empty()) note(set_summary(store_, id_, summary, to));
}

}  // namespace volt::agent
