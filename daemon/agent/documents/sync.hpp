// Sync: applies new, changed, moved and deleted files of the folders to knowledge.db, one file at a time.
#pragma once

#include <functional>

#include "daemon/agent/documents/documents_config.hpp"
#include "drivers/store/agent/knowledge_store.hpp"

namespace volt::agent {

/// Progress of a sync.
struct SyncProgress {
    std::string source{}, path{};  ///< current file
    std::size_t files = 0, of = 0;
    std::int64_t passages = 0;
};

struct SyncRequest {
    std::string source{};          ///< empty for all
    std::string trigger = "hand";  ///< hand, timer, ask
    bool dry_run = false;          ///< lists the actions without writing
    std::function<void(const SyncProgress&)> progress{};
    /// Called once the lock is held and a row of history is certain, with its id: that of the first source that is not private.
    std::function<void(std::int64_t)> begun{};
};

/// Data for each sync.
struct SyncPlaces {
    DocumentSettings settings{};
    std::string manual{};   ///< folder of the built-in manual, or empty if there is none
    std::string program{};  ///< volt-agent, which reads untrusted files
};

struct SyncReport {
    std::vector<SyncRow> rows{};  ///< one for each source
    std::string note{};           ///< reason knowledge.db was rebuilt, or empty if it was not
    std::string error{};          ///< reason nothing or only part of it was done
    bool busy = false;            ///< another sync is running; `error` says which

    /// Returns true if at least one file failed.
    bool failed() const;
};

/// Syncs into the file at `path`, under its lock. Moves a broken one aside and rebuilds it, once.
SyncReport sync_documents(const std::string& path, const SyncPlaces& places, const SyncRequest& request);

/// Result of one source.
struct SourceResult {
    SyncRow row{};
    bool news = false;    ///< the documents or the source changed
    bool wrote = false;   ///< documents or passages changed
    bool broken = false;  ///< knowledge.db is broken; row.error has details
};

/// Syncs one source into an open store, whose file is `database` (empty: none). Does not change the history.
SourceResult sync_source(KnowledgeStore& store, const std::string& database, const DocumentSource& source,
                         const SyncPlaces& places, const SyncRequest& request);

/// Returns true if an item of history is a problem to fix.
bool is_trouble(const SyncItem& item);

/// Returns the reason knowledge.db, whose file is `database` (empty: none), rejected a write.
std::string why_not_kept(const SqlStatus& status, const std::string& database, const DocumentLimits& limits);
inline constexpr const char* disk_is_full = "the disk is full";

/// Returns milliseconds since 1970.
std::int64_t wall_ms();

}  // namespace volt::agent
