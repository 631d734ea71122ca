// The history of syncs in KnowledgeStore.
#include <algorithm>

#include "drivers/store/agent/knowledge_store.hpp"

namespace volt {

namespace {

constexpr std::int64_t ms_of_a_day = 86'400'000;

constexpr const char* sync_columns =
    "id, source, started_at, ended_at, \"trigger\", added, changed, moved, removed, failed, skipped, empty, unchanged, bytes, "
    "duration_ms, error";

SyncRow sync_in(const Statement& row) {
    SyncRow it;
    it.id = row.integer(0), it.source = row.text(1), it.started_at = row.integer(2), it.ended_at = row.integer(3);
    it.trigger = row.text(4), it.added = row.integer(5), it.changed = row.integer(6), it.moved = row.integer(7);
    it.removed = row.integer(8), it.failed = row.integer(9), it.skipped = row.integer(10), it.empty = row.integer(11);
    it.unchanged = row.integer(12), it.bytes = row.integer(13), it.duration_ms = row.integer(14), it.error = row.text(15);
    return it;
}

}  // namespace

SqlStatus KnowledgeStore::add_sync(SyncRow& row) {
    Transaction change(db_);
    if (!change.status().ok()) return change.status();
    Statement put = db_.prepare(std::string("INSERT INTO kb_sync_history (") + sync_columns +
                                ") VALUES (?16, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
    put.bind(1, std::string_view(row.source))
        .bind(2, row.started_at)
        .bind(3, row.ended_at)
        .bind(4, std::string_view(row.trigger));
    put.bind(5, row.added).bind(6, row.changed).bind(7, row.moved).bind(8, row.removed).bind(9, row.failed).bind(10, row.skipped);
    put.bind(11, row.empty).bind(12, row.unchanged).bind(13, row.bytes).bind(14, row.duration_ms);
    put.bind(15, std::string_view(row.error));
    if (row.id == 0) put.bind_null(16);
    else put.bind(16, row.id);
    SqlStatus done = put.run();
    const std::int64_t id = db_.number("SELECT last_insert_rowid()").value_or(0);
    Statement item = db_.prepare("INSERT INTO kb_sync_items (sync, path, action, reason, remedy) VALUES (?1, ?2, ?3, ?4, ?5)");
    for (const SyncItem& it : row.items)
        if (done.ok())
            done = item.bind(1, id)
                       .bind(2, std::string_view(it.path))
                       .bind(3, std::string_view(it.action))
                       .bind(4, std::string_view(it.reason))
                       .bind(5, std::string_view(it.remedy))
                       .run();
    if (done.ok())
        done = db_.prepare("DELETE FROM kb_sync_history WHERE ended_at < ?1 OR id <= ?2")
                   .bind(1, row.ended_at - most_sync_days * ms_of_a_day)
                   .bind(2, id - most_kept_syncs)
                   .run();
    if (done.ok()) done = change.commit();
    if (done.ok()) row.id = id;
    return done;
}

std::vector<SyncRow> KnowledgeStore::history(const std::string& source, std::int64_t limit) {
    std::vector<SyncRow> rows;
    Statement found = db_.prepare(std::string("SELECT ") + sync_columns +
                                  " FROM kb_sync_history WHERE ?1 = '' OR source = ?1 ORDER BY id DESC LIMIT ?2");
    found.bind(1, std::string_view(source)).bind(2, limit);
    while (found.row()) rows.push_back(sync_in(found));
    note_end(found);
    return rows;
}

std::optional<SyncRow> KnowledgeStore::sync(std::int64_t id) {
    Statement found = db_.prepare(std::string("SELECT ") + sync_columns + " FROM kb_sync_history WHERE id = ?1");
    found.bind(1, id);
    const bool there = found.row();
    note_end(found);
    if (!there) return std::nullopt;
    SyncRow row = sync_in(found);
    Statement items = db_.prepare("SELECT path, action, reason, remedy FROM kb_sync_items WHERE sync = ?1 ORDER BY rowid");
    items.bind(1, id);
    while (items.row()) row.items.push_back({items.text(0), items.text(1), items.text(2), items.text(3)});
    note_end(items);
    return row;
}

}  // namespace volt
