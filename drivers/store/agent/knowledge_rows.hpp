// Rows of knowledge.db: sources, documents, their passages, and the result of each sync. Times are milliseconds since 1970, UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace volt {

/// A piece of a document, and its position.
struct Passage {
    std::string heading{};  ///< path of headings: `Alarms > blind`
    std::string body{};
    std::int64_t line_from = 0, line_to = 0;  ///< counted from 1; for HTML: blocks of text
    std::int64_t page = 0;                    ///< counted from 1; 0 if the document has no pages
    std::string fragment{};                   ///< for HTML: the nearest id at or above it
};

/// A folder of documents.
struct KnowledgeSource {
    std::string id{}, path{};
    bool kept_private = false;
    std::int64_t walked_at = 0;
    bool missing = false;  ///< as of its last scan
};

struct KnowledgeDocument {
    std::int64_t id = 0;
    std::string source{}, path{};  ///< relative to the folder
    std::string type{};            ///< markdown, text, html, pdf
    std::string title{};
    std::int64_t bytes = 0, mtime_ns = 0;
    std::string sha256{};
    std::int64_t pages = 0, passages = 0;
    std::int64_t extracted_at = 0;              ///< time of the text that is kept; 0 if there never was any
    std::optional<std::int64_t> stale_since{};  ///< the file has changed since, and could not be read
    std::string error{};                        ///< `failed: …`, `empty: …`, `skipped: …`, or empty if none
};

/// A file that a sync changed or reported.
struct SyncItem {
    std::string path{};
    std::string action{};  ///< added, changed, moved, removed, failed, skipped, empty
    std::string reason{}, remedy{};
};

/// One sync of one source.
struct SyncRow {
    std::int64_t id = 0;  ///< 0 if not kept, since nothing changed
    std::string source{};
    std::int64_t started_at = 0, ended_at = 0;
    std::string trigger{};  ///< hand, timer, ask
    std::int64_t added = 0, changed = 0, moved = 0, removed = 0, failed = 0, skipped = 0, empty = 0, unchanged = 0;
    std::int64_t bytes = 0;  ///< bytes of the files that were read
    std::int64_t duration_ms = 0;
    std::string error{};  ///< reason why it was aborted
    std::vector<SyncItem> items{};
};

/// A passage that a search found.
struct KnowledgeHit {
    std::int64_t chunk = 0, document = 0;
    std::string source{}, path{}, type{}, title{};
    Passage passage{};
    std::string snippet{};  ///< at most 32 words; matches are between U+E000 and U+E001
    double rank = 0;        ///< bm25; lower is better
    std::int64_t extracted_at = 0;
    std::optional<std::int64_t> stale_since{};
};

}  // namespace volt
