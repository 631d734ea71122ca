// knowledge.db: passages of the site's documents with an index of their words (FTS5). Derived: the files are the truth, and a file that is
// broken or of another version is refused here and made anew by the next sync.
#pragma once

#include <map>

#include "drivers/store/agent/knowledge_query.hpp"
#include "drivers/store/agent/knowledge_rows.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Rows of history that are kept: the newest, and none older than that.
inline constexpr std::int64_t most_kept_syncs = 500, most_sync_days = 400;

/// How the text of open()'s failure ends where the file is sound.
inline constexpr std::string_view of_another_version = "of another version";

/// Which documents a search sees.
struct KnowledgeScope {
    std::string source{};      ///< empty: all
    bool with_private = true;  ///< false for a model at a public address
};

/// One connection; for one thread at a time.
class KnowledgeStore {
public:
    /// Opens `path`, `create`: makes it where it is not there. `:memory:` keeps nothing. Fault::wrong_device: the file is broken or of another
    /// version, so it has to be made anew.
    static Result<KnowledgeStore> open(const std::string& path, bool create);
    /// Moves a file that open() or check() refused out of the way, as `<path>.broken` in place of an earlier one. Empty: well.
    static std::string set_aside(const std::string& path);

    /// The most that the file may take, in bytes.
    void limit_size(std::int64_t bytes);
    /// Everything until finish_change() is written at once or not at all.
    Transaction begin_change() { return Transaction(db_); }

    SqlStatus put_source(const KnowledgeSource& source);
    /// Removes a source with its documents.
    SqlStatus remove_source(const std::string& id);
    std::vector<KnowledgeSource> sources();

    /// By source and path.
    std::vector<KnowledgeDocument> documents(const std::string& source = {});
    /// Inserts (id 0) or updates; the id is set. Passages stay.
    SqlStatus put_document(KnowledgeDocument& document);
    SqlStatus remove_document(std::int64_t id);
    /// The next passage for put_passages(), within its transaction.
    SqlStatus add_passage(const Passage& passage);
    /// Those that were added are the passages of a document from now on, in place of its earlier ones.
    SqlStatus put_passages(std::int64_t document);
    std::int64_t passage_count();
    /// Passages of a document from a line (of one with pages: a page) on, or from the first one of a fragment where that is given, in
    /// order; at most `limit`.
    std::vector<Passage> passages(std::int64_t document, std::int64_t from, std::int64_t limit, const std::string& fragment = {});

    /// Passages with all words; where those are fewer than three, then those with at least half of them, then with one. At most `limit`.
    Result<std::vector<KnowledgeHit>> search(const KnowledgeQuery& query, const KnowledgeScope& scope, std::size_t limit);

    /// Keeps a row with its items, under its id; 0: the next one, which is set. Removes what is too old.
    SqlStatus add_sync(SyncRow& row);
    /// The newest first, without items.
    std::vector<SyncRow> history(const std::string& source, std::int64_t limit);
    /// One with its items.
    std::optional<SyncRow> sync(std::int64_t id);

    /// A question met damage in the file: what it answered is not all.
    bool damaged() const { return damaged_; }
    /// Compares index, table and file; `thorough` reads the whole file. Empty: sound.
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
    /// The rows of a question are at their end.
    void note_end(const Statement& rows) { damaged_ = damaged_ || rows.status().broken(); }

    Connection db_;
    std::optional<Statement> new_passage_;  ///< prepared once
    bool damaged_ = false;
};

}  // namespace volt
