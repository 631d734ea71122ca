// Folder of documents, store and reader for the tests of syncs.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/agent/documents/documents.hpp"
#include "tests/fakes/pdf.hpp"
#include "tests/fakes/process.hpp"

namespace volt::agent::testing {

struct DocumentsSite {
    volt::testing::TempDir directory;
    std::string folder = directory / "site", store = directory / "store", manual = directory / "manual",
                database = store + "/knowledge.db";
    DocumentSettings settings;

    DocumentsSite() {
        for (const std::string& it : {folder, store, manual}) std::filesystem::create_directory(it);
        volt::testing::write_file(manual + "/alarms.md", "# Alarms\n\n## blind\n\nNo voltage is known.\n");
        settings.sources = {{"site", folder, false, false}};
    }
    Documents documents() const { return Documents(settings, store, VOLT_AGENT, manual); }

    /// Writes a file with a time stamp that is old enough to be trusted.
    void write(const std::string& path, const std::string& text) {
        const std::string file = folder + "/" + path;
        std::filesystem::create_directories(std::filesystem::path(file).parent_path());
        volt::testing::write_file(file, text);
        touch(path);
    }
    void touch(const std::string& path) {
        const struct timespec when[2] = {{1'700'000'000 + ++written_, 0}, {1'700'000'000 + written_, 0}};
        ::utimensat(AT_FDCWD, (folder + "/" + path).c_str(), when, AT_SYMLINK_NOFOLLOW);
    }
    void remove(const std::string& path) const { std::filesystem::remove_all(folder + "/" + path); }

    /// Returns the row of `site`.
    SyncRow sync(const std::string& trigger = "hand", bool dry_run = false) const {
        const SyncReport report = documents().sync({"site", trigger, dry_run, {}});
        if (report.rows.size() != 1) return {.error = "no row: " + report.error};
        return report.rows.front();
    }
    /// Returns `action path: reason` of each file that was acted on.
    static std::vector<std::string> items_of(const SyncRow& row) {
        std::vector<std::string> all;
        for (const SyncItem& it : row.items)
            all.push_back(it.action + " " + it.path + (it.reason.empty() ? "" : ": " + it.reason));
        return all;
    }
    /// Returns `place: problem; remedy` of each problem.
    std::vector<std::string> troubles() const {
        std::vector<std::string> all;
        for (const DocumentTrouble& it : documents().check())
            all.push_back(it.place + ": " + it.what + (it.remedy.empty() ? "" : "; " + it.remedy));
        return all;
    }
    std::size_t stored() const { return documents().list("site").value().size(); }
    /// Returns the places that a search finds.
    std::vector<std::string> found(const std::string& query) const {
        std::vector<std::string> all;
        Documents open = documents();
        const auto hits = open.search(query, {}, 10);
        if (!hits) return {hits.failure().text};
        for (const KnowledgeHit& it : hits.value().hits) all.push_back(hit_place(it) + (it.stale_since ? " stale" : ""));
        return all;
    }

private:
    int written_ = 0;
};

/// Drops the rights of root while it exists. Everyone can write to `store` then.
class WithoutRights {
public:
    explicit WithoutRights(const DocumentsSite& at) {
        if (!root_) return;
        ::chmod(at.directory.path().c_str(), 0755);
        ::chmod(at.store.c_str(), 0777);
        for (const auto& it : std::filesystem::directory_iterator(at.store)) ::chmod(it.path().c_str(), 0666);
        if (::seteuid(65534) != 0) std::abort();
    }
    ~WithoutRights() {
        if (root_ && ::seteuid(0) != 0) std::abort();
    }
    WithoutRights(const WithoutRights&) = delete;
    WithoutRights& operator=(const WithoutRights&) = delete;

private:
    const bool root_ = ::geteuid() == 0;
};

using Lines = std::vector<std::string>;

}  // namespace volt::agent::testing
