// The site's documents and the manual: what voltctl, MCP, HTTP and `ask` do with them.
#pragma once

#include <memory>
#include <mutex>

#include "daemon/agent/documents/manual.hpp"
#include "daemon/agent/documents/sync.hpp"

namespace volt::agent {

/// What a search found.
struct DocumentHits {
    std::vector<KnowledgeHit> hits{};
    std::string note{};  ///< why only the manual was searched, or that knowledge.db has just been rebuilt; empty: neither
};

/// A part of a document, as text.
struct DocumentText {
    KnowledgeDocument document{};
    std::vector<Passage> parts{};
    bool more = false;  ///< there is more behind them
};

/// Something that an owner may want to mend.
struct DocumentTrouble {
    std::string place{};  ///< `site/x.pdf`, or a source
    std::string what{}, remedy{};
};

inline constexpr std::int64_t most_read_lines = 500, usual_read_lines = 200;
inline constexpr std::size_t most_read_bytes = 28 * 1024;  ///< an answer has 32 kB with its frame

/// Safe from any thread.
class Documents {
public:
    /// `store`: the directory of knowledge.db. `program`: volt-agent, which reads foreign files.
    explicit Documents(DocumentSettings settings, const std::string& store, std::string program = "/proc/self/exe",
                       std::string manual = manual_folder());

    /// One at a time, by any process: `busy` otherwise.
    SyncReport sync(const SyncRequest& request) const;
    /// Also without a knowledge.db: the manual is always there.
    Result<DocumentHits> search(const std::string& query, const KnowledgeScope& scope, std::size_t limit);
    /// From a line (of a PDF: a page) on, 0: that of the URI, else the first. A URI is one that a search gave, or a place such as
    /// `manual/outputs.md:57-63`. Fault::absent: there is no such document, or nothing there in it.
    Result<DocumentText> read(const std::string& uri, std::int64_t from, std::int64_t lines, bool with_private = true);

    Result<std::vector<KnowledgeDocument>> list(const std::string& source = {});
    Result<std::vector<SyncRow>> history(std::int64_t limit);
    /// With its items; Fault::absent: there is none.
    Result<SyncRow> history_of(std::int64_t id);
    std::vector<DocumentTrouble> check();

    bool is_shown(const std::string& source, bool with_private) const;
    std::vector<DocumentSource> sources() const { return places_.settings.all_sources(); }
    const std::string& database() const { return database_; }

private:
    /// What is asked of the store; once more where it is rebuilt because that met damage.
    template <class Answer>
    Result<Answer> answer(const std::function<Result<Answer>(KnowledgeStore&)>& ask);
    Result<KnowledgeStore*> store();
    SyncReport sync_here(const SyncRequest& request) const;
    /// The manual, and where knowledge.db is made anew all sources. False: it is as before.
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
    std::string identity_;  ///< of the file that store_ has open; empty: store_ has the manual alone
    std::string note_;      ///< why store_ has the manual alone
    std::string rebuilt_;   ///< knowledge.db was made anew, and no answer has said so yet
    bool manual_checked_ = false;
};

/// Those with the usual configuration; for what has none of its own.
Documents& usual_documents();

/// Why there is no such source, with those that there are; empty: there is, or `id` is.
std::string unknown_source(const Documents& documents, const std::string& id, bool with_private);

/// `volt://manual/alarms.md`, `volt://doc/site/a%20b.pdf#page=42`.
std::string document_uri(const std::string& source, const std::string& path);
/// What the URI of a page of the manual begins with, and that of a document of the owner.
inline constexpr std::string_view manual_uri = "volt://manual/", document_uris = "volt://doc/";
std::string hit_uri(const KnowledgeHit& hit);
/// For people: `manual/outputs.md:57-63`, `site/sol-ark-15k.pdf#page=42`.
std::string hit_place(const KnowledgeHit& hit);

/// A document that a URI or place names.
struct DocumentPlace {
    std::string source{}, path{}, fragment{};
    std::int64_t from = 0, lines = 0;  ///< 0: not in it
};
/// So many # at first are of the name of the file: in a place they are as they are.
DocumentPlace place_of(const std::string& uri, std::size_t marks_of_name = 0);

}  // namespace volt::agent
