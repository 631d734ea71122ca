// The site's documents and the manual, for voltctl, MCP, HTTP and `ask`.
#pragma once

#include <memory>
#include <mutex>

#include "daemon/agent/documents/manual.hpp"
#include "daemon/agent/documents/sync.hpp"

namespace volt::agent {

/// Search result.
struct DocumentHits {
    std::vector<KnowledgeHit> hits{};
    std::string note{};  ///< reason only the manual was searched, or that knowledge.db was just rebuilt, or empty if neither
};

/// Part of a document, as text.
struct DocumentText {
    KnowledgeDocument document{};
    std::vector<Passage> parts{};
    bool more = false;  ///< more follows
};

/// Problem that an owner may want to fix.
struct DocumentTrouble {
    std::string place{};  ///< `site/x.pdf`, or a source
    std::string what{}, remedy{};
};

inline constexpr std::int64_t most_read_lines = 500, usual_read_lines = 200;
inline constexpr std::size_t most_read_bytes = 28 * 1024;  ///< an answer has 32 kB with its frame

/// Safe from any thread.
class Documents {
public:
    /// `store`: directory of knowledge.db. `program`: volt-agent, which reads untrusted files.
    explicit Documents(DocumentSettings settings, const std::string& store, std::string program = "/proc/self/exe",
                       std::string manual = manual_folder());

    /// Runs a sync, one at a time over all processes; otherwise returns `busy`.
    SyncReport sync(const SyncRequest& request) const;
    /// Searches. Works without a knowledge.db, since the manual is always available.
    Result<DocumentHits> search(const std::string& query, const KnowledgeScope& scope, std::size_t limit);
    /// Reads from a line on (for a PDF: a page). 0 means that of the URI, else the first. A URI comes from a search, or is a
    /// place such as `manual/outputs.md:57-63`. Fails with Fault::absent if there is no such document or place.
    Result<DocumentText> read(const std::string& uri, std::int64_t from, std::int64_t lines, bool with_private = true);

    Result<std::vector<KnowledgeDocument>> list(const std::string& source = {});
    Result<std::vector<SyncRow>> history(std::int64_t limit);
    /// Returns a sync with its items. Fails with Fault::absent if there is none.
    Result<SyncRow> history_of(std::int64_t id);
    std::vector<DocumentTrouble> check();

    bool is_shown(const std::string& source, bool with_private) const;
    std::vector<DocumentSource> sources() const { return places_.settings.all_sources(); }
    const std::string& database() const { return database_; }

private:
    /// Queries the store. Repeats the query once if the store is rebuilt because of damage.
    template <class Answer>
    Result<Answer> answer(const std::function<Result<Answer>(KnowledgeStore&)>& ask);
    Result<KnowledgeStore*> store();
    SyncReport sync_here(const SyncRequest& request) const;
    /// Syncs the manual, and all sources if knowledge.db is rebuilt. Returns false if nothing changed.
    bool sync_manual(bool other_version);
    std::string take_note();
    bool manual_is_current(KnowledgeStore& store) const;
    Result<KnowledgeStore> manual_alone() const;
    Synonyms synonyms() const;
    Result<DocumentText> read_from(KnowledgeStore& open, const std::string& uri, std::int64_t from, std::int64_t lines,
                                   bool with_private) const;

    const SyncPlaces places_;
    const std::string database_;
    std::mutex mutex_;
    std::unique_ptr<KnowledgeStore> store_;
    std::string identity_;  ///< identity of the open file, or empty if store_ has only the manual
    std::string note_;      ///< reason store_ has only the manual
    std::string rebuilt_;   ///< knowledge.db was rebuilt, and no answer has reported it yet
    bool manual_checked_ = false;
};

/// Returns the documents of the default configuration, for callers without one.
Documents& usual_documents();

/// Returns the reason there is no such source, with the valid ones, or an empty string if it exists or `id` is empty.
std::string unknown_source(const Documents& documents, const std::string& id, bool with_private);

/// Returns `volt://manual/alarms.md`, `volt://doc/site/a%20b.pdf#page=42`.
std::string document_uri(const std::string& source, const std::string& path);
/// Prefixes of the URI of a manual page, and of an owner's document.
inline constexpr std::string_view manual_uri = "volt://manual/", document_uris = "volt://doc/";
std::string hit_uri(const KnowledgeHit& hit);
/// Returns a place for people: `manual/outputs.md:57-63`, `site/sol-ark-15k.pdf#page=42`.
std::string hit_place(const KnowledgeHit& hit);

/// Document that a URI or place names.
struct DocumentPlace {
    std::string source{}, path{}, fragment{};
    std::int64_t from = 0, lines = 0;  ///< 0: none in it
};
/// Parses a URI or place. The first `marks_of_name` # belong to the name of the file, because a place does not encode them.
DocumentPlace place_of(const std::string& uri, std::size_t marks_of_name = 0);

}  // namespace volt::agent
