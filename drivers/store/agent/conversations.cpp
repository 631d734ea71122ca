#include "drivers/store/agent/conversations.hpp"

#include "drivers/crypto.hpp"
#include "drivers/store/settings/uuid.hpp"

namespace volt {

namespace {

constexpr std::size_t least_id = 8, most_search_words = 8;
constexpr const char* conversation_columns =
    "SELECT c.id, c.agent_role, c.client, c.title, c.summary, c.summarized_to, c.created_at, c.updated_at, c.message_count, "
    "c.metadata FROM conversations AS c ";

std::optional<std::string> text_or_nothing(const Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}
std::optional<std::int64_t> whole_or_nothing(const Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.integer(column));
}

AgentConversation conversation_in(const Statement& row) {
    return {.id = row.text(0),
            .agent_role = row.text(1),
            .client = row.text(2),
            .title = row.text(3),
            .summary = text_or_nothing(row, 4),
            .summarized_to = row.integer(5),
            .created_ms = row.integer(6),
            .updated_ms = row.integer(7),
            .message_count = row.integer(8),
            .metadata = text_or_nothing(row, 9)};
}

/// Cuts a text at a whole character.
std::string_view cut_text(std::string_view text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return text;
    while (most_bytes > 0 && (static_cast<unsigned char>(text[most_bytes]) & 0xC0U) == 0x80U) --most_bytes;
    return text.substr(0, most_bytes);
}

/// Returns JSON unchanged, or `{"cut":true,"bytes":…,"sha256":…,"begin":"…"}` if it is too long.
std::optional<std::string> cut_json(Connection& db, const std::optional<std::string>& json) {
    if (!json || json->size() <= most_kept_result_bytes) return json;
    Statement made = db.prepare("SELECT json_object('cut', json('true'), 'bytes', ?1, 'sha256', ?2, 'begin', ?3)");
    made.bind(1, static_cast<std::int64_t>(json->size()))
        .bind(2, sha256_hex(*json))
        .bind(3, cut_text(*json, most_kept_result_bytes));
    return made.row() ? std::optional(made.text(0)) : std::nullopt;
}

SqlStatus insert_conversation(Connection& db, const AgentConversation& it, const char* conflict) {
    return db
        .prepare(std::string("INSERT INTO conversations (id, created_at, updated_at, agent_role, client, title, metadata) "
                             "VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6) ") +
                 conflict)
        .bind(1, it.id)
        .bind(2, it.created_ms)
        .bind(3, it.agent_role)
        .bind(4, first_characters(it.client, most_client_name))
        .bind(5, first_characters(it.title, most_title))
        .bind(6, it.metadata)
        .run();
}

SqlStatus insert_message(Connection& db, const std::string& conversation, const AgentMessage& it) {
    return db
        .prepare(
            "INSERT INTO messages (conversation_id, created_at, role, content, tool_calls, tool_results, duration_ms, "
            "tokens_in, tokens_out, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
        .bind(1, conversation)
        .bind(2, it.created_ms)
        .bind(3, it.role)
        .bind(4, cut_text(it.content, most_kept_content_bytes))
        .bind(5, cut_json(db, it.tool_calls))
        .bind(6, cut_json(db, it.tool_results))
        .bind(7, it.duration_ms)
        .bind(8, it.tokens_in)
        .bind(9, it.tokens_out)
        .bind(10, it.metadata)
        .run();
}

SqlStatus insert_event(Connection& db, const AgentEvent& it) {
    Statement row = db.prepare(
        "INSERT INTO log (created_at, level, event_type, message, agent_role, conversation_id, data) "
        "VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7)");
    return row.bind(1, it.created_ms)
        .bind(2, it.level)
        .bind(3, it.event_type)
        .bind(4, cut_text(it.message, most_kept_content_bytes))
        .bind(5, it.agent_role)
        .bind(6, it.conversation_id)
        .bind(7, cut_json(db, it.data))
        .run();
}

/// Returns the id of the conversation of this client and day, and creates it if missing.
SqlStatus find_day(Connection& db, const std::string& client, std::int64_t now_ms, std::string& id) {
    const std::string name = first_characters(client, most_client_name);
    const SqlStatus begun = insert_conversation(
        db, {.id = make_uuid(), .agent_role = "mcp", .client = name, .title = "calls of " + name, .created_ms = now_ms},
        "ON CONFLICT DO NOTHING");
    if (!begun.ok()) return begun;
    Statement found = db.prepare(
        "SELECT id FROM conversations WHERE agent_role = 'mcp' AND client = ?1 AND created_at / 86400000 = ?2 / 86400000");
    if (found.bind(1, name).bind(2, now_ms).row()) id = found.text(0);
    return found.status();
}

Result<std::optional<AgentConversation>> one_conversation(AgentStore& store, const std::string& where, const std::string& value) {
    std::vector<AgentConversation> found;
    const std::string wrong = store.read([&](Connection& db) {
        found.clear();
        Statement rows = db.prepare(conversation_columns + where);
        rows.bind(1, value);
        while (rows.row()) found.push_back(conversation_in(rows));
        return rows.status();
    });
    return value_unless(wrong, found.size() == 1 ? std::optional(found.front()) : std::nullopt);
}

/// Returns each word as a pattern of LIKE.
std::vector<std::string> patterns_of(const std::string& words) {
    std::vector<std::string> patterns;
    std::string pattern;
    for (const char letter : words + " ") {
        if (letter == ' ' && !pattern.empty() && patterns.size() < most_search_words) patterns.push_back("%" + pattern + "%");
        if (letter == ' ') pattern.clear();
        else pattern += (letter == '%' || letter == '_' || letter == '\\') ? std::string{'\\', letter} : std::string(1, letter);
    }
    return patterns;
}

/// Returns a condition that `column` has all of the words, which are bound from ?2 on.
std::string has_all(const std::string& column, std::size_t words) {
    std::string text = "1";
    for (std::size_t i = 0; i < words; ++i) text += " AND " + column + " LIKE ?" + std::to_string(i + 2) + " ESCAPE '\\'";
    return text;
}

}  // namespace

std::string first_characters(const std::string& text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && ++count > most) break;
    return text.substr(0, end);
}

Result<std::string> begin_conversation(AgentStore& store, AgentConversation conversation) {
    if (conversation.id.empty()) conversation.id = make_uuid();
    return value_unless(store.keep([&](Connection& db) { return insert_conversation(db, conversation, ""); }), conversation.id);
}

Result<std::string> conversation_of_day(AgentStore& store, const std::string& client, std::int64_t now_ms) {
    std::string id;
    const std::string wrong = store.keep([&](Connection& db) { return find_day(db, client, now_ms, id); });
    return value_unless(wrong, id);
}

Result<std::int64_t> add_message(AgentStore& store, const std::string& conversation, const AgentMessage& message) {
    std::int64_t id = 0;
    const std::string wrong = store.keep([&](Connection& db) {
        SqlStatus done = insert_message(db, conversation, message);
        id = db.number("SELECT last_insert_rowid()").value_or(0);
        return done;
    });
    return value_unless(wrong, id);
}

std::string keep_call(AgentStore& store, const std::string& client, const AgentMessage& call, const AgentEvent& event) {
    return store.keep([&](Connection& db) {
        AgentEvent of_day = event;
        SqlStatus done = find_day(db, client, call.created_ms, of_day.conversation_id);
        if (done.ok()) done = insert_message(db, of_day.conversation_id, call);
        return done.ok() ? insert_event(db, of_day) : done;
    });
}

std::string log_event(AgentStore& store, const AgentEvent& event) {
    return store.keep([&](Connection& db) { return insert_event(db, event); });
}

std::string set_summary(AgentStore& store, const std::string& conversation, const std::string& summary,
                        std::int64_t summarized_to) {
    return store.keep([&](Connection& db) {
        return db.prepare("UPDATE conversations SET summary = ?2, summarized_to = ?3 WHERE id = ?1")
            .bind(1, conversation)
            .bind(2, cut_text(summary, most_kept_content_bytes))
            .bind(3, summarized_to)
            .run();
    });
}

Result<std::optional<AgentConversation>> find_conversation(AgentStore& store, const std::string& id) {
    if (id.size() < least_id) return std::optional<AgentConversation>();
    return one_conversation(store, "WHERE substr(c.id, 1, length(?1)) = ?1 LIMIT 2", id);
}

Result<std::optional<AgentConversation>> last_conversation(AgentStore& store, const std::string& agent_role) {
    return one_conversation(store, "WHERE c.agent_role = ?1 ORDER BY c.updated_at DESC, c.rowid DESC LIMIT 1", agent_role);
}

Result<std::vector<AgentConversation>> list_conversations(AgentStore& store, std::size_t limit, const std::string& words) {
    const std::vector<std::string> patterns = patterns_of(words);
    std::vector<AgentConversation> list;
    const std::string wrong = store.read([&](Connection& db) {
        list.clear();
        Statement rows =
            db.prepare(conversation_columns + ("WHERE " + has_all("c.title", patterns.size())) +
                       " OR EXISTS (SELECT 1 FROM messages AS m WHERE m.conversation_id = c.id AND " +
                       has_all("m.content", patterns.size()) + ") ORDER BY c.updated_at DESC, c.rowid DESC LIMIT ?1");
        rows.bind(1, static_cast<std::int64_t>(limit));
        for (std::size_t i = 0; i < patterns.size(); ++i) rows.bind(static_cast<int>(i) + 2, patterns[i]);
        while (rows.row()) list.push_back(conversation_in(rows));
        return rows.status();
    });
    return value_unless(wrong, std::move(list));
}

Result<std::vector<AgentMessage>> messages_of(AgentStore& store, const std::string& conversation, std::int64_t after,
                                              std::size_t limit) {
    std::vector<AgentMessage> list;
    const std::string wrong = store.read([&](Connection& db) {
        list.clear();
        Statement row = db.prepare(
            "SELECT id, created_at, role, content, tool_calls, tool_results, duration_ms, tokens_in, tokens_out, metadata "
            "FROM messages WHERE conversation_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
        row.bind(1, conversation).bind(2, after).bind(3, static_cast<std::int64_t>(limit));
        while (row.row())
            list.push_back({.id = row.integer(0),
                            .created_ms = row.integer(1),
                            .role = row.text(2),
                            .content = row.text(3),
                            .tool_calls = text_or_nothing(row, 4),
                            .tool_results = text_or_nothing(row, 5),
                            .duration_ms = whole_or_nothing(row, 6),
                            .tokens_in = whole_or_nothing(row, 7),
                            .tokens_out = whole_or_nothing(row, 8),
                            .metadata = text_or_nothing(row, 9)});
        return row.status();
    });
    return value_unless(wrong, std::move(list));
}

Result<bool> has_call(AgentStore& store, const std::string& client, std::int64_t from_ms, const std::string& tool,
                      const std::string& text) {
    bool has = false;
    const std::string wrong = store.read([&](Connection& db) {
        Statement found = db.prepare(
            "SELECT 1 FROM conversations AS c JOIN messages AS m ON m.conversation_id = c.id WHERE c.agent_role = 'mcp' AND "
            "c.client = ?1 AND c.updated_at >= ?2 AND m.created_at >= ?2 AND m.role = 'tool' AND m.content = ?3 AND "
            "instr(coalesce(m.tool_results, ''), ?4) LIMIT 1");
        has = found.bind(1, client).bind(2, from_ms).bind(3, tool).bind(4, text).row();
        return found.status();
    });
    return value_unless(wrong, has);
}

Result<std::vector<AgentEvent>> list_agent_log(AgentStore& store, std::size_t limit, const std::string& conversation) {
    std::vector<AgentEvent> list;
    const std::string wrong = store.read([&](Connection& db) {
        list.clear();
        Statement row = db.prepare(
            "SELECT l.created_at, l.level, l.event_type, l.message, l.agent_role, coalesce(l.conversation_id, ''), l.data, "
            "coalesce(json_extract(l.data, '$.client'), c.client, '') FROM log AS l LEFT JOIN conversations AS c "
            "ON c.id = l.conversation_id WHERE ?1 = '' OR l.conversation_id = ?1 ORDER BY l.id DESC LIMIT ?2");
        row.bind(1, conversation).bind(2, static_cast<std::int64_t>(limit));
        while (row.row())
            list.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5),
                            text_or_nothing(row, 6), row.text(7)});
        return row.status();
    });
    return value_unless(wrong, std::move(list));
}

Result<std::int64_t> remove_conversations(AgentStore& store, const std::string& id) {
    std::int64_t removed = 0;
    const std::string wrong = store.erase([&](Connection& db) {
        SqlStatus done = db.prepare("DELETE FROM conversations WHERE ?1 = '' OR id = ?1").bind(1, id).run();
        removed = db.changes();
        return done;
    });
    return value_unless(wrong, removed);
}

}  // namespace volt
