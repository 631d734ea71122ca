// knowledge.db: passages of the site's documents with an index of their words (FTS5). Derived from the files: a broken file or
// one of another version is refused here and rebuilt by the next sync.
#pragma once

#include <map>

#include "drivers/store/agent/knowledge_query.hpp"
#include "drivers/store/agent/knowledge_rows.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Limits of the history: number of rows and age.
inline constexpr std::int64_t most_kept_syncs = 500, most_sync_days = 400;

/// End of open()'s failure text if the file is sound.
inline constexpr std::string_view of_another_version = "of another version";

/// Documents that a search may read.
struct KnowledgeScope {
    std::string source{};      ///< empty for all
    bool with_private = true;  ///< false for a model at a public address
};

/// A connection. For one thread at a time.
class KnowledgeStore {
public:
    /// Opens `path`; `create` creates it if missing. `:memory:` keeps nothing. Fails with Fault::wrong_device if the file is
    /// broken or of another version and must be rebuilt.
    static Result<KnowledgeStore> open(const std::string& path, bool create);
    /// Moves a file that open() or check() refused aside, as `<path>.broken`, and replaces an earlier one. Returns empty on
    /// success.
    static std::string set_aside(const std::string& path);

    /// Sets the limit of the file in bytes.
    void limit_size(std::int64_t bytes);
    /// Begins a change: everything until finish_change() is written together or not at all.
    Transaction begin_change() { return Transaction(db_); }

    SqlStatus put_source(const KnowledgeSource& source);
    /// Removes a source with its documents.
    SqlStatus remove_source(const std::string& id);
    std::vector<KnowledgeSource> sources();

    /// Returns documents sorted by source and path.
    std::vector<KnowledgeDocument> documents(const std::string& source = {});
    /// Inserts (id 0) or updates, and sets the id. Keeps the passages.
    SqlStatus put_document(KnowledgeDocument& document);
    SqlStatus remove_document(std::int64_t id);
    /// Adds the next passage for put_passages(), within its transaction.
    SqlStatus add_passage(const Passage& passage);
    /// Replaces the passages of a document with the added ones.
    SqlStatus put_passages(std::int64_t document);
    std::int64_t passage_count();
    /// Returns passages of a document in order, at most `limit`: from a line (or page, if it has pages), or from the first one of
    /// `fragment` if given.
    std::vector<Passage> passages(std::int64_t document, std::int64_t from, std::int64_t limit, const std::string& fragment = {});

    /// Returns passages with all words; if fewer than three, then those with at least half of them, then with one. At most
    /// `limit`.
    Result<std::vector<KnowledgeHit>> search(const KnowledgeQuery& query, const KnowledgeScope& scope, std::size_t limit);

    /// Keeps a row with its items under its id; 0 assigns the next one. Removes old rows.
    SqlStatus add_sync(SyncRow& row);
    /// Returns syncs, the newest first, without items.
    std::vector<SyncRow> history(const std::string& source, std::int64_t limit);
    /// Returns one sync with its items.
    std::optional<SyncRow> sync(std::int64_t id);

    /// Returns true if a query met damage in the file: its answer is incomplete.
    bool damaged() const { return damaged_; }
    /// Compares index, table and file; `thorough` reads the whole file. Returns empty if sound.
    std::string check(bool thorough);

private:
    explicit KnowledgeStore(Connection db) : db_(std::move(db)) {}
    struct Ranked {
        std::int64_t chunk = 0, document = 0;
        double rank = 0;
    };
    Result<std::vector<Ranked>> ranked(const std::string& expression, const KnowledgeQuery* counted, const KnowledgeScope& scope);
    std::optional<KnowledgeHit> hit(const Ranked& found, const std::string& expression);

    SqlStatus remove_passages(std::int64_t document);
    /// Notes damage after the last row of a query.
    void note_end(const Statement& rows) { damaged_ = damaged_ || rows.status().broken(); }

    Connection db_;
    std::optional<Statement> new_passage_;  ///< prepared once
    bool damaged_ = false;
};

}  // namespace volt
