#include "drivers/store/agent/agent_memory.hpp"

#include "drivers/store/agent/knowledge_query.hpp"

namespace volt {

namespace {

constexpr const char* memory_columns =
    "SELECT m.id, m.created_at, m.updated_at, m.agent_role, m.memory_type, m.content, m.importance, m.access_count, "
    "m.conversation_id, m.tainted FROM ";

MemoryEntry memory_in(const Statement& row) {
    return {.id = row.integer(0),
            .created_ms = row.integer(1),
            .updated_ms = row.integer(2),
            .agent_role = row.text(3),
            .memory_type = row.text(4),
            .content = row.text(5),
            .importance = row.real(6),
            .access_count = row.integer(7),
            .conversation_id = row.is_null(8) ? std::nullopt : std::optional(row.text(8)),
            .tainted = row.integer(9) != 0};
}

SqlStatus make_room(Connection& db, const std::string& content) {
    return db
        .prepare(
            "DELETE FROM memory WHERE id IN (SELECT id FROM memory ORDER BY tainted DESC, importance, "
            "coalesce(last_accessed_at, updated_at), id LIMIT max(0, (SELECT count(*) FROM memory) - ?1 + 1)) "
            "AND NOT EXISTS (SELECT 1 FROM memory WHERE content = ?2)")
        .bind(1, most_memories)
        .bind(2, content)
        .run();
}

SqlStatus search_rows(Connection& db, const std::string& match, const std::string& kind, std::size_t limit, bool clean_only,
                      std::vector<MemoryEntry>& found) {
    Statement rows = db.prepare(std::string(memory_columns) +
                                "memory_fts AS f JOIN memory AS m ON m.id = f.rowid WHERE memory_fts MATCH ?1 "
                                "AND (?2 = '' OR m.memory_type = ?2) AND (m.tainted = 0 OR ?4 = 0) "
                                "ORDER BY bm25(memory_fts), m.importance DESC, m.id DESC LIMIT ?3");
    rows.bind(1, match).bind(2, kind).bind(3, static_cast<std::int64_t>(limit)).bind(4, std::int64_t{clean_only});
    while (rows.row()) found.push_back(memory_in(rows));
    return rows.status();
}

}  // namespace

Result<std::int64_t> remember(AgentStore& store, const MemoryEntry& entry, std::int64_t now_ms) {
    std::int64_t id = 0;
    const std::string wrong = store.keep([&](Connection& db) {
        if (SqlStatus room = make_room(db, entry.content); !room.ok()) return room;
        Statement row = db.prepare(
            "INSERT INTO memory (created_at, updated_at, agent_role, memory_type, content, importance, conversation_id, "
            "tainted) VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (content) DO UPDATE SET updated_at = "
            "excluded.updated_at, memory_type = iif(excluded.tainted > tainted, memory_type, excluded.memory_type), importance "
            "= iif(excluded.tainted > tainted, importance, excluded.importance), tainted = min(tainted, excluded.tainted) "
            "RETURNING id");
        row.bind(1, now_ms)
            .bind(2, entry.agent_role)
            .bind(3, entry.memory_type)
            .bind(4, entry.content)
            .bind(5, entry.importance)
            .bind(6, entry.conversation_id)
            .bind(7, std::int64_t{entry.tainted});
        if (row.row()) id = row.integer(0);
        SqlStatus done = row.status();
        return done.ok() ? row.run() : done;
    });
    return value_unless(wrong, id);
}

Result<std::vector<MemoryEntry>> search_memory(AgentStore& store, const std::string& query, const std::string& kind,
                                               std::size_t limit, bool clean_only, std::int64_t now_ms) {
    std::vector<MemoryEntry> found;
    const std::string match = query_of(query).any();
    if (match.empty()) return found;
    const std::string wrong = store.read([&](Connection& db) {
        found.clear();
        SqlStatus done = search_rows(db, match, kind, limit, clean_only, found);
        for (const MemoryEntry& it : found)
            if (done.ok())
                done = db.prepare("UPDATE memory SET access_count = access_count + 1, last_accessed_at = ?2 WHERE id = ?1")
                           .bind(1, it.id)
                           .bind(2, now_ms)
                           .run();
        return done;
    });
    return value_unless(wrong, std::move(found));
}

Result<std::vector<MemoryEntry>> list_memory(AgentStore& store, const std::string& kind, std::size_t limit, bool clean_only) {
    std::vector<MemoryEntry> list;
    const std::string wrong = store.read([&](Connection& db) {
        list.clear();
        Statement rows = db.prepare(std::string(memory_columns) +
                                    "memory AS m WHERE (?1 = '' OR m.memory_type = ?1) AND (m.tainted = 0 OR ?3 = 0) ORDER BY "
                                    "m.importance DESC, m.updated_at "
                                    "DESC, m.id DESC LIMIT ?2");
        rows.bind(1, kind).bind(2, static_cast<std::int64_t>(limit)).bind(3, std::int64_t{clean_only});
        while (rows.row()) list.push_back(memory_in(rows));
        return rows.status();
    });
    return value_unless(wrong, std::move(list));
}

Result<bool> forget(AgentStore& store, std::int64_t id, bool tainted_only) {
    bool removed = false;
    const std::string wrong = store.erase([&](Connection& db) {
        SqlStatus done = db.prepare("DELETE FROM memory WHERE id = ?1 AND (tainted OR NOT ?2)")
                             .bind(1, id)
                             .bind(2, std::int64_t{tainted_only})
                             .run();
        removed = db.changes() > 0;
        // Rebuild the index, which is small: it keeps the words of a removed text until it is merged.
        return done.ok() && removed ? db.execute("INSERT INTO memory_fts (memory_fts) VALUES ('rebuild')") : done;
    });
    return value_unless(wrong, removed);
}

}  // namespace volt
