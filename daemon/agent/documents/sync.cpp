#include "daemon/agent/documents/sync.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/sqlite/lock.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t ms_of_idle_row =
    86'400'000;  ///< a sync with nothing to do leaves a row of history at most once in this time

/// Which process has the lock, by the kernel's list; empty: none is found.
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

/// The sources that are to be synced now.
std::vector<DocumentSource> wanted_sources(const SyncPlaces& places, const std::string& id) {
    std::vector<DocumentSource> wanted = places.settings.all_sources();
    std::erase_if(
        wanted, [&](const DocumentSource& it) { return (!id.empty() && it.id != id) || (it.builtin && places.manual.empty()); });
    return wanted;
}

/// A row of history, unless nothing happened and there is a recent one.
SqlStatus keep_history(KnowledgeStore& store, SourceResult& result) {
    if (!result.news && result.row.error.empty()) {
        const auto last = store.history(result.row.source, 1);
        if (!last.empty() && last.front().error.empty() && result.row.ended_at - last.front().ended_at < ms_of_idle_row &&
            last.front().ended_at <= result.row.ended_at)
            return {};
    }
    return store.add_sync(result.row);
}

/// Syncs into an open store. Returns how it is broken; empty: it is not.
std::string sync_into(KnowledgeStore& store, const std::string& path, const SyncPlaces& places, const SyncRequest& request,
                      SyncReport& report) {
    report.rows.clear();
    store.limit_size(std::int64_t{places.settings.limits.megabytes} * 1'000'000);
    bool wrote = false;
    if (request.source.empty() && !request.dry_run)
        for (const KnowledgeSource& it : store.sources())
            if (!is_configured(places.settings.all_sources(), it.id)) wrote = store.remove_source(it.id).ok() || wrote;
    for (const DocumentSource& source : wanted_sources(places, request.source)) {
        SourceResult result = sync_source(store, path, source, places, request);
        wrote = wrote || result.wrote;
        if (result.broken) return result.row.error;
        if (!request.dry_run)
            if (const SqlStatus kept = keep_history(store, result); !kept.ok()) {
                if (kept.broken()) return kept.text;
                report.error = "the history is not kept: " + kept.text;
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

bool SyncReport::failed() const {
    return !error.empty() ||
           std::any_of(rows.begin(), rows.end(), [](const SyncRow& it) { return it.failed > 0 || !it.error.empty(); });
}

SyncReport sync_documents(const std::string& path, const SyncPlaces& places, const SyncRequest& request) {
    if (request.dry_run) return dry_run(path, places, request);
    SyncReport report;
    if (!is_directory(directory_of(path))) {
        report.error =
            "the directory " + directory_of(path) + " is not there; the package voltd-agent makes it, or set store in agent.yaml";
        return report;
    }
    const auto lock = DatabaseLock::take(path);
    if (!lock) {
        const std::string holder = lock_holder(path);
        report.error = "another sync runs" + (holder.empty() ? "" : ": " + holder);
        report.busy = true;
        return report;
    }
    // A broken file is made anew once; one that breaks again is a broken card.
    for (const bool again : {false, true}) {
        auto store = KnowledgeStore::open(path, true);
        std::string broken;
        if (store) {
            broken = store.value().check(true);
            if (broken.empty()) broken = sync_into(store.value(), path, places, request, report);
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
        report.note = "knowledge.db was made anew, and its history begins anew: " + broken;
        if (wrong.empty()) continue;
        report.error = wrong;
        return report;
    }
    return report;
}

}  // namespace volt::agent
