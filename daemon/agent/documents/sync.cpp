#include "daemon/agent/documents/sync.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t ms_of_idle_row = 86'400'000;  ///< minimum time between history rows of syncs with nothing to do

/// Returns the process that holds the lock, from the kernel's list, or an empty string if none is found.
std::string lock_holder(const std::string& database) {
    struct stat lock {};
    if (::stat((database + ".lock").c_str(), &lock) != 0) return {};
    std::ostringstream place;
    place << std::hex;
    place.fill('0');
    place.width(2);
    place << major(lock.st_dev) << ':';
    place.width(2);
    place << minor(lock.st_dev) << ':' << std::dec << lock.st_ino;
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        if (line.find(" " + place.str() + " ") == std::string::npos) continue;
        std::istringstream words(line);
        std::string number, kind, advisory, access, pid, name;
        words >> number >> kind >> advisory >> access >> pid;
        std::getline(std::ifstream("/proc/" + pid + "/comm"), name);
        return "process " + pid + (name.empty() ? "" : " (" + name + ")");
    }
    return {};
}

bool is_configured(const std::vector<DocumentSource>& sources, const std::string& id) {
    return std::any_of(sources.begin(), sources.end(), [&](const DocumentSource& it) { return it.id == id; });
}

/// Returns the sources to sync now.
std::vector<DocumentSource> wanted_sources(const SyncPlaces& places, const std::string& id) {
    std::vector<DocumentSource> wanted = places.settings.all_sources();
    std::erase_if(
        wanted, [&](const DocumentSource& it) { return (!id.empty() && it.id != id) || (it.builtin && places.manual.empty()); });
    return wanted;
}

/// Returns the problems to fix, each as `path, action, reason`.
std::set<std::array<std::string, 3>> troubles_of(const SyncRow& row) {
    std::set<std::array<std::string, 3>> all;
    for (const SyncItem& it : row.items)
        if (is_trouble(it)) all.insert({it.path, it.action, it.reason});
    return all;
}

/// Returns true if a row would contain nothing new since the last one, and that one is recent.
bool is_as_last(KnowledgeStore& store, const SourceResult& result) {
    if (result.news || !result.row.error.empty()) return false;
    const auto rows = store.history(result.row.source, 1);
    const auto last = rows.empty() ? std::nullopt : store.sync(rows.front().id);
    return last && last->error.empty() && result.row.ended_at - last->ended_at < ms_of_idle_row &&
           last->ended_at <= result.row.ended_at && troubles_of(*last) == troubles_of(result.row);
}

/// Returns the position of the first source that is not private, else 0.
std::size_t first_shown(const std::vector<DocumentSource>& sources) {
    const auto found = std::find_if(sources.begin(), sources.end(), [](const DocumentSource& it) { return !it.kept_private; });
    return found == sources.end() ? 0 : static_cast<std::size_t>(found - sources.begin());
}

/// Syncs into an open store. The first sources always have rows of history from `first_row` on; 0 means that none has. Returns
/// the damage of the store, or an empty string.
std::string sync_into(KnowledgeStore& store, const std::string& path, const SyncPlaces& places, const SyncRequest& request,
                      SyncReport& report, std::int64_t first_row = 0) {
    report.rows.clear();
    store.limit_size(std::int64_t{places.settings.limits.megabytes} * 1'000'000);
    bool wrote = false;
    if (request.source.empty() && !request.dry_run)
        for (const KnowledgeSource& it : store.sources())
            if (!is_configured(places.settings.all_sources(), it.id)) wrote = store.remove_source(it.id).ok() || wrote;
    const std::vector<DocumentSource> sources = wanted_sources(places, request.source);
    const std::size_t promised = first_row > 0 ? first_shown(sources) + 1 : 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        SourceResult result = sync_source(store, path, sources[i], places, request);
        wrote = wrote || result.wrote;
        if (result.broken) return result.row.error;
        if (i < promised) result.row.id = first_row + static_cast<std::int64_t>(i);
        if (!request.dry_run && (i < promised || !is_as_last(store, result)))
            if (const SqlStatus kept = store.add_sync(result.row); !kept.ok()) {
                if (kept.broken()) return kept.text;
                result.row.id = 0;
                report.error = "sync history was not saved: " + why_not_kept(kept, path, places.settings.limits);
            }
        report.rows.push_back(std::move(result.row));
    }
    return wrote ? store.check(false) : "";
}

SyncReport dry_run(const std::string& path, const SyncPlaces& places, const SyncRequest& request) {
    SyncReport report;
    auto store = KnowledgeStore::open(path, false);
    if (!store) store = KnowledgeStore::open(":memory:", true);
    if (!store) report.error = store.failure().text;
    else sync_into(store.value(), "", places, request, report);
    return report;
}

}  // namespace

bool is_trouble(const SyncItem& item) { return item.action == "failed" || item.action == "skipped" || item.action == "empty"; }

std::string why_not_kept(const SqlStatus& status, const std::string& database, const DocumentLimits& limits) {
    if (!status.full()) return "knowledge.db: " + status.text;
    if (!database.empty() && device_is_full(database)) return disk_is_full;
    return "knowledge.db would take more than " + std::to_string(limits.megabytes) + " MB";
}

bool SyncReport::failed() const {
    return !error.empty() ||
           std::any_of(rows.begin(), rows.end(), [](const SyncRow& it) { return it.failed > 0 || !it.error.empty(); });
}

SyncReport sync_documents(const std::string& path, const SyncPlaces& places, const SyncRequest& request) {
    if (request.dry_run) return dry_run(path, places, request);
    SyncReport report;
    if (!is_directory(directory_of(path))) {
        report.error = "the directory " + directory_of(path) +
                       " does not exist; install the package voltd-agent, or set store in "
                       "agent.yaml";
        return report;
    }
    const auto lock = DatabaseLock::take(path);
    if (!lock) {
        const std::string holder = lock_holder(path);
        report.error = "another sync is running" + (holder.empty() ? "" : ": " + holder);
        report.busy = true;
        return report;
    }
    std::int64_t first_row = 0;
    // Rebuild a broken file once. If the new one breaks, too, the card is broken.
    for (const bool again : {false, true}) {
        auto store = KnowledgeStore::open(path, true);
        std::string broken;
        if (store) {
            const auto wanted = wanted_sources(places, request.source);
            if (request.begun && first_row == 0 && !wanted.empty()) {
                const auto last = store.value().history("", 1);
                first_row = (last.empty() ? 0 : last.front().id) + 1;
                request.begun(first_row + static_cast<std::int64_t>(first_shown(wanted)));
            }
            broken = store.value().check(true);
            if (broken.empty()) broken = sync_into(store.value(), path, places, request, report, first_row);
        } else if (store.failure().fault == Fault::wrong_device) {
            broken = store.failure().text;
        } else {
            report.error = store.failure().text;
        }
        if (broken.empty()) return report;
        if (again) {
            report.error = "knowledge.db is broken again: " + broken;
            return report;
        }
        store = Failure{};
        const std::string wrong = KnowledgeStore::set_aside(path);
        report.note = "knowledge.db was rebuilt, and its history starts over: " + broken;
        if (wrong.empty()) continue;
        report.error = wrong;
        return report;
    }
    return report;
}

}  // namespace volt::agent
