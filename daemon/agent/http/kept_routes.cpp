#include "daemon/agent/http/kept_routes.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "daemon/agent/documents/documents_json.hpp"
#include "daemon/agent/http/numbers.hpp"
#include "daemon/agent/proposals/approval.hpp"
#include "daemon/api/http/answers.hpp"

namespace volt::agent {

namespace {

using api::HttpAnswer;
using api::HttpRequest;

constexpr int made = 201, emptied = 204, wrong_field = 400, missing_row = 404, store_fails = 503;
constexpr std::size_t usual_listed = 50, most_listed_rows = 500, most_listed_messages = 1000,
                      most_listed_bytes = std::size_t{1} << 20;

std::int64_t kept_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

HttpAnswer store_trouble(const std::string& why) { return api::error_answer(store_fails, why); }

HttpAnswer list_of_conversations(AgentStore& store, const HttpRequest& request) {
    std::size_t limit = 0;
    if (auto wrong = limit_of(request, usual_listed, most_listed_rows, limit)) return *wrong;
    const auto found = list_conversations(store, limit, api::value_of(request, "q"));
    if (!found) return store_trouble(found.failure().text);
    Json list = Json::array();
    for (const AgentConversation& it : found.value()) list.push_back(conversation_json(it));
    return api::ok_answer({{"conversations", std::move(list)}});
}

/// Returns a conversation with a page of its messages. `cut`: more follow; request them with the last one as `after`.
HttpAnswer one_conversation(AgentStore& store, const HttpRequest& request) {
    std::int64_t after = 0;
    if (auto wrong = number_of(request, "after", 0, std::numeric_limits<std::int64_t>::max(), after)) return *wrong;
    const auto found = find_conversation(store, request.argument);
    if (!found) return store_trouble(found.failure().text);
    if (!found.value()) return api::error_answer(missing_row, "there is no conversation " + request.argument);
    const auto messages = messages_of(store, found.value()->id, after, most_listed_messages + 1);
    if (!messages) return store_trouble(messages.failure().text);
    Json list = Json::array();
    std::size_t bytes = 0;
    bool cut = false;
    for (const AgentMessage& it : messages.value()) {
        bytes += it.content.size() + it.tool_calls.value_or("").size() + it.tool_results.value_or("").size();
        cut = list.size() == most_listed_messages || (!list.empty() && bytes > most_listed_bytes);
        if (cut) break;
        list.push_back(message_json(it));
    }
    return api::ok_answer({{"conversation", conversation_json(*found.value())}, {"messages", std::move(list)}, {"cut", cut}});
}

/// Removes only by the full id, because removal is final.
HttpAnswer remove_conversation(AgentStore& store, const HttpRequest& request) {
    const auto found = find_conversation(store, request.argument);
    if (!found) return store_trouble(found.failure().text);
    if (!found.value() || found.value()->id != request.argument)
        return api::error_answer(missing_row, "there is no conversation " + request.argument);
    const auto removed = remove_conversations(store, request.argument);
    return removed ? HttpAnswer{emptied} : store_trouble(removed.failure().text);
}

HttpAnswer list_of_memory(AgentStore& store, const HttpRequest& request) {
    std::size_t limit = 0;
    if (auto wrong = limit_of(request, usual_listed, most_listed_rows, limit)) return *wrong;
    const std::string words = api::value_of(request, "q"), kind = api::value_of(request, "kind");
    const auto found =
        words.empty() ? list_memory(store, kind, limit) : search_memory(store, words, kind, limit, false, kept_now_ms());
    if (!found) return store_trouble(found.failure().text);
    Json list = Json::array();
    for (const MemoryEntry& it : found.value()) list.push_back(memory_json(it));
    return api::ok_answer({{"memory", std::move(list)}});
}

/// Adds the owner's entry, on behalf of anyone with the token.
HttpAnswer add_memory(AgentStore& store, const HttpRequest& request) {
    api::Object body;
    if (auto wrong = api::read_body(request.body, body)) return *wrong;
    if (auto wrong = api::refuse_unknown(body, {"kind", "text", "importance"})) return *wrong;
    const auto text_at = [&](const char* key) {
        return body.contains(key) && body[key].is_string() ? body[key].get<std::string>() : std::string();
    };
    MemoryEntry entry{.agent_role = "owner", .memory_type = text_at("kind"), .content = text_at("text")};
    constexpr const char* kinds[] = {"fact", "insight", "preference", "context"};
    if (std::find(std::begin(kinds), std::end(kinds), entry.memory_type) == std::end(kinds))
        return api::field_error(wrong_field, "kind is wrong", "kind", "fact, insight, preference, context");
    if (entry.content.empty() || first_characters(entry.content, most_memory_characters) != entry.content)
        return api::field_error(wrong_field, "text is wrong", "text",
                                "1 to " + std::to_string(most_memory_characters) + " characters");
    if (body.contains("importance")) {
        const bool sound =
            body["importance"].is_number() && body["importance"].get<double>() >= 0 && body["importance"].get<double>() <= 1;
        if (!sound) return api::field_error(wrong_field, "importance is wrong", "importance", "0 to 1");
        entry.importance = body["importance"].get<double>();
    }
    const auto id = remember(store, entry, kept_now_ms());
    return id ? api::ok_answer({{"id", id.value()}}, made) : store_trouble(id.failure().text);
}

HttpAnswer remove_memory(AgentStore& store, const HttpRequest& request) {
    const auto id = whole_number(request.argument);
    const auto removed = id ? forget(store, *id) : Result<bool>(false);
    if (!removed) return store_trouble(removed.failure().text);
    return removed.value() ? HttpAnswer{emptied} : api::error_answer(missing_row, "there is no memory " + request.argument);
}

/// Returns proposals without their codes, which are for the owner's terminal.
HttpAnswer proposals_of(AgentStore& store, const HttpRequest& request) {
    std::size_t limit = 0;
    if (auto wrong = limit_of(request, usual_listed, most_listed_rows, limit)) return *wrong;
    const auto found = list_proposals(store, limit, agent_now());
    if (!found) return store_trouble(found.failure().text);
    Json list = Json::array();
    for (const Proposal& it : found.value()) {
        Json one = proposal_json(it);
        one.update(Json{{"transport", it.transport}, {"login", it.login}});
        if (it.state == "waiting") one["expires_at"] = utc_text(it.created_ms + proposal_life_ms);
        list.push_back(std::move(one));
    }
    return api::ok_answer({{"proposals", std::move(list)}});
}

}  // namespace

std::vector<api::Route> kept_routes(AgentStore& store) {
    const auto by = [&store](HttpAnswer (*act)(AgentStore&, const HttpRequest&)) {
        return [&store, act](const HttpRequest& request) { return act(store, request); };
    };
    return {{"GET", "/conversations", by(list_of_conversations), api::Body::none, {"limit", "q"}},
            {"GET", "/conversations/{}", by(one_conversation), api::Body::none, {"after"}},
            {"DELETE", "/conversations/{}", by(remove_conversation)},
            {"GET", "/memory", by(list_of_memory), api::Body::none, {"limit", "q", "kind"}},
            {"POST", "/memory", by(add_memory), api::Body::json},
            {"DELETE", "/memory/{}", by(remove_memory)},
            {"GET", "/proposals", by(proposals_of), api::Body::none, {"limit"}}};
}

}  // namespace volt::agent
