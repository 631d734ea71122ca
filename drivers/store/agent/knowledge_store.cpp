#include "drivers/store/agent/knowledge_store.hpp"

#include <algorithm>
#include <cstdio>

#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

constexpr std::int64_t schema_version = 20260801;  ///< version of this program; a file with any other is rebuilt
constexpr int knowledge_busy_ms = 5000;

/// Temporary table for the passages of a file: a statement with a trigger makes FTS5 write its words to the file, so one
/// statement inserts all of them. In memory: a directory of temporary files may be full, and a file's passages are limited.
constexpr const char* waiting_passages =
    "PRAGMA temp_store = MEMORY; CREATE TEMP TABLE kb_new (position INTEGER PRIMARY KEY, heading TEXT, body TEXT, line_from "
    "INTEGER, line_to INTEGER, "
    "page INTEGER, fragment TEXT)";

/// A plain DELETE in a trigger would leave the old words in the index, so it uses FTS5's 'delete' with the old text.
constexpr const char* knowledge_schema = R"(
CREATE TABLE kb_sources (
  id TEXT PRIMARY KEY, path TEXT NOT NULL, private INTEGER NOT NULL, walked_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'missing'))) STRICT;
CREATE TABLE kb_documents (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL REFERENCES kb_sources (id) ON DELETE CASCADE, path TEXT NOT NULL, type TEXT NOT NULL,
  title TEXT NOT NULL, bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, pages INTEGER NOT NULL,
  passages INTEGER NOT NULL, extracted_at INTEGER NOT NULL, stale_since INTEGER, error TEXT NOT NULL, UNIQUE (source, path)) STRICT;
CREATE TABLE kb_chunks (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES kb_documents (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  heading TEXT NOT NULL, body TEXT NOT NULL, line_from INTEGER NOT NULL, line_to INTEGER NOT NULL, page INTEGER NOT NULL,
  fragment TEXT NOT NULL, UNIQUE (document, position)) STRICT;
CREATE VIRTUAL TABLE kb_fts USING fts5(heading, body, content='kb_chunks', content_rowid='id',
  tokenize='porter unicode61 remove_diacritics 2', columnsize=1);
CREATE TRIGGER kb_chunks_insert AFTER INSERT ON kb_chunks BEGIN
  INSERT INTO kb_fts (rowid, heading, body) VALUES (new.id, new.heading, new.body);
END;
CREATE TRIGGER kb_chunks_delete AFTER DELETE ON kb_chunks BEGIN
  INSERT INTO kb_fts (kb_fts, rowid, heading, body) VALUES ('delete', old.id, old.heading, old.body);
END;
CREATE TRIGGER kb_chunks_update AFTER UPDATE ON kb_chunks BEGIN
  INSERT INTO kb_fts (kb_fts, rowid, heading, body) VALUES ('delete', old.id, old.heading, old.body);
  INSERT INTO kb_fts (rowid, heading, body) VALUES (new.id, new.heading, new.body);
END;
CREATE TABLE kb_sync_history (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
  "trigger" TEXT NOT NULL CHECK ("trigger" IN ('hand', 'timer', 'ask')), added INTEGER NOT NULL, changed INTEGER NOT NULL,
  moved INTEGER NOT NULL, removed INTEGER NOT NULL, failed INTEGER NOT NULL, skipped INTEGER NOT NULL, empty INTEGER NOT NULL,
  unchanged INTEGER NOT NULL, bytes INTEGER NOT NULL, duration_ms INTEGER NOT NULL, error TEXT NOT NULL) STRICT;
CREATE TABLE kb_sync_items (
  sync INTEGER NOT NULL REFERENCES kb_sync_history (id) ON DELETE CASCADE, path TEXT NOT NULL, action TEXT NOT NULL,
  reason TEXT NOT NULL, remedy TEXT NOT NULL) STRICT;
CREATE INDEX kb_sync_items_sync ON kb_sync_items (sync);
)";

Failure unusable(const std::string& path, const std::string& why) { return {Fault::wrong_device, path + ": " + why}; }

KnowledgeDocument document_in(const Statement& row) {
    KnowledgeDocument it{row.integer(0),  row.text(1),    row.text(2), row.text(3),    row.text(4),
                         row.integer(5),  row.integer(6), row.text(7), row.integer(8), row.integer(9),
                         row.integer(10), std::nullopt,   row.text(12)};
    if (!row.is_null(11)) it.stale_since = row.integer(11);
    return it;
}

}  // namespace

Result<KnowledgeStore> KnowledgeStore::open(const std::string& path, bool create) {
    const bool kept = path != ":memory:", there = kept && file_exists(path);
    if (kept && !there && !create) return Failure{Fault::absent, path + ": not there"};
    auto opened = Connection::open(path, there ? OpenMode::read_write : OpenMode::create);
    if (!opened) return opened.failure();
    Connection db = std::move(opened.value());
    db.busy_timeout(knowledge_busy_ms);
    const auto version = db.number("PRAGMA user_version");
    if (!version) return db.status().broken() ? unusable(path, "broken") : db.status().failure(path);
    const auto tables = db.number("SELECT count(*) FROM sqlite_schema").value_or(-1);
    if (*version != schema_version && (tables != 0 || !create)) return unusable(path, std::string(of_another_version));
    const SqlStatus set = db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    if (!set.ok()) return set.broken() ? unusable(path, "broken") : set.failure(path);
    if (*version != schema_version) {
        Transaction change(db);
        SqlStatus made = change.status();
        if (made.ok()) made = db.execute(knowledge_schema);
        if (made.ok()) made = db.execute("PRAGMA user_version = " + std::to_string(schema_version));
        if (made.ok()) made = change.commit();
        if (!made.ok()) return made.failure(path);
    }
    const SqlStatus waits = db.execute(waiting_passages);
    if (!waits.ok()) return waits.failure(path);
    return KnowledgeStore(std::move(db));
}

std::string KnowledgeStore::set_aside(const std::string& path) {
    for (const char* companion : {"-wal", "-shm"}) remove_file(path + companion);
    return rename_durably(path, path + ".broken");
}

void KnowledgeStore::limit_size(std::int64_t bytes) {
    const std::int64_t page = std::max<std::int64_t>(db_.number("PRAGMA page_size").value_or(4096), 1);
    db_.number("PRAGMA max_page_count = " + std::to_string(std::max<std::int64_t>(bytes / page, 1)));
}

SqlStatus KnowledgeStore::put_source(const KnowledgeSource& source) {
    return db_
        .prepare(
            "INSERT INTO kb_sources (id, path, private, walked_at, state) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE "
            "SET path = ?2, private = ?3, walked_at = ?4, state = ?5")
        .bind(1, std::string_view(source.id))
        .bind(2, std::string_view(source.path))
        .bind(3, std::int64_t{source.kept_private})
        .bind(4, source.walked_at)
        .bind(5, std::string_view(source.missing ? "missing" : "ok"))
        .run();
}

SqlStatus KnowledgeStore::remove_source(const std::string& id) {
    return db_.prepare("DELETE FROM kb_sources WHERE id = ?1").bind(1, std::string_view(id)).run();
}

std::vector<KnowledgeSource> KnowledgeStore::sources() {
    std::vector<KnowledgeSource> all;
    Statement rows = db_.prepare("SELECT id, path, private, walked_at, state FROM kb_sources ORDER BY id");
    while (rows.row())
        all.push_back({rows.text(0), rows.text(1), rows.integer(2) != 0, rows.integer(3), rows.text(4) == "missing"});
    note_end(rows);
    return all;
}

std::vector<KnowledgeDocument> KnowledgeStore::documents(const std::string& source) {
    std::vector<KnowledgeDocument> all;
    Statement rows = db_.prepare(
        "SELECT id, source, path, type, title, bytes, mtime_ns, sha256, pages, passages, extracted_at, stale_since, error FROM "
        "kb_documents WHERE ?1 = '' OR source = ?1 ORDER BY source, path");
    rows.bind(1, std::string_view(source));
    while (rows.row()) all.push_back(document_in(rows));
    note_end(rows);
    return all;
}

SqlStatus KnowledgeStore::put_document(KnowledgeDocument& document) {
    Statement put = db_.prepare(
        "INSERT INTO kb_documents (id, source, path, type, title, bytes, mtime_ns, sha256, pages, passages, extracted_at, "
        "stale_since, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (id) DO UPDATE SET "
        "path = ?3, type = ?4, title = ?5, bytes = ?6, mtime_ns = ?7, sha256 = ?8, pages = ?9, passages = ?10, extracted_at = "
        "?11, stale_since = ?12, error = ?13");
    if (document.id == 0) put.bind_null(1);
    else put.bind(1, document.id);
    put.bind(2, std::string_view(document.source))
        .bind(3, std::string_view(document.path))
        .bind(4, std::string_view(document.type));
    put.bind(5, std::string_view(document.title)).bind(6, document.bytes).bind(7, document.mtime_ns);
    put.bind(8, std::string_view(document.sha256)).bind(9, document.pages).bind(10, document.passages);
    put.bind(11, document.extracted_at).bind(12, document.stale_since).bind(13, std::string_view(document.error));
    const SqlStatus done = put.run();
    if (done.ok() && document.id == 0) document.id = db_.number("SELECT last_insert_rowid()").value_or(0);
    return done;
}

SqlStatus KnowledgeStore::remove_document(std::int64_t id) {
    return db_.prepare("DELETE FROM kb_documents WHERE id = ?1").bind(1, id).run();
}

SqlStatus KnowledgeStore::remove_passages(std::int64_t document) {
    return db_.prepare("DELETE FROM kb_chunks WHERE document = ?1").bind(1, document).run();
}

SqlStatus KnowledgeStore::add_passage(const Passage& passage) {
    if (!new_passage_)
        new_passage_ = db_.prepare(
            "INSERT INTO temp.kb_new (heading, body, line_from, line_to, page, fragment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    return new_passage_->bind(1, std::string_view(passage.heading))
        .bind(2, std::string_view(passage.body))
        .bind(3, passage.line_from)
        .bind(4, passage.line_to)
        .bind(5, passage.page)
        .bind(6, std::string_view(passage.fragment))
        .run();
}

SqlStatus KnowledgeStore::put_passages(std::int64_t document) {
    SqlStatus done = remove_passages(document);
    if (done.ok())
        done = db_.prepare(
                      "INSERT INTO kb_chunks (document, position, heading, body, line_from, line_to, page, fragment) "
                      "SELECT ?1, position, heading, body, line_from, line_to, page, fragment FROM temp.kb_new")
                   .bind(1, document)
                   .run();
    if (done.ok()) done = db_.execute("DELETE FROM temp.kb_new");
    return done;
}

std::int64_t KnowledgeStore::passage_count() { return db_.number("SELECT total(passages) FROM kb_documents").value_or(0); }

std::vector<Passage> KnowledgeStore::passages(std::int64_t document, std::int64_t from, std::int64_t limit,
                                              const std::string& fragment) {
    std::vector<Passage> all;
    Statement rows = db_.prepare(
        "SELECT heading, body, line_from, line_to, page, fragment FROM kb_chunks WHERE document = ?1 AND (CASE WHEN page > 0 "
        "THEN page ELSE line_to END) >= ?2 AND (?4 = '' OR position >= (SELECT min(position) FROM kb_chunks WHERE document = "
        "?1 AND fragment = ?4)) ORDER BY position LIMIT ?3");
    rows.bind(1, document).bind(2, from).bind(3, limit).bind(4, std::string_view(fragment));
    while (rows.row())
        all.push_back({rows.text(0), rows.text(1), rows.integer(2), rows.integer(3), rows.integer(4), rows.text(5)});
    note_end(rows);
    return all;
}

std::string KnowledgeStore::check(bool thorough) {
    if (thorough) {
        const auto said = db_.text("PRAGMA quick_check(1)");
        if (said != "ok") return said ? *said : db_.status().text;
    }
    const SqlStatus compared = db_.execute("INSERT INTO kb_fts (kb_fts, rank) VALUES ('integrity-check', 1)");
    return compared.ok() ? "" : compared.text;
}

}  // namespace volt
