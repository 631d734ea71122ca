// A sync: what is new, changed, moved or gone in the folders becomes so in knowledge.db, a file at a time.
#pragma once

#include <functional>

#include "daemon/agent/documents/documents_config.hpp"
#include "drivers/store/agent/knowledge_store.hpp"

namespace volt::agent {

/// How far a sync is.
struct SyncProgress {
    std::string source{}, path{};  ///< the file under way
    std::size_t files = 0, of = 0;
    std::int64_t passages = 0;
};

struct SyncRequest {
    std::string source{};          ///< empty: all
    std::string trigger = "hand";  ///< hand, timer, ask
    bool dry_run = false;          ///< lists what would be done, and writes nothing
    std::function<void(const SyncProgress&)> progress{};
    /// Called once the lock is held and a row of history is certain, with its id: that of the first source that is not private.
    std::function<void(std::int64_t)> begun{};
};

/// What each sync needs to know.
struct SyncPlaces {
    DocumentSettings settings{};
    std::string manual{};   ///< the folder of the built-in manual; empty: there is none
    std::string program{};  ///< volt-agent, which reads foreign files
};

struct SyncReport {
    std::vector<SyncRow> rows{};  ///< one for each source
    std::string note{};           ///< knowledge.db was made anew, and why
    std::string error{};          ///< why nothing was done, or not all of it
    bool busy = false;            ///< another sync is running; `error` says which

    /// Whether a file failed, or more.
    bool failed() const;
};

/// Syncs into the file at `path`, under its lock. A broken one is moved out of the way once and made anew.
SyncReport sync_documents(const std::string& path, const SyncPlaces& places, const SyncRequest& request);

/// What became of one source.
struct SourceResult {
    SyncRow row{};
    bool news = false;    ///< documents are others than before, or the source is
    bool wrote = false;   ///< documents or passages are others than before
    bool broken = false;  ///< knowledge.db is; row.error says how
};

/// One source into an open store, whose file is `database` (empty: none). Leaves the history alone.
SourceResult sync_source(KnowledgeStore& store, const std::string& database, const DocumentSource& source,
                         const SyncPlaces& places, const SyncRequest& request);

/// Whether an item of history is something to mend.
bool is_trouble(const SyncItem& item);

/// Why knowledge.db, whose file is `database` (empty: none), did not take something.
std::string why_not_kept(const SqlStatus& status, const std::string& database, const DocumentLimits& limits);
inline constexpr const char* disk_is_full = "the disk is full";

/// Milliseconds since 1970.
std::int64_t wall_ms();

}  // namespace volt::agent
