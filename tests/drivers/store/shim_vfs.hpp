// A file system under SQLite that can stall, and that knows what a power cut may take: every write that was not synced,
// alone or with others, in any order, whole or torn at a sector.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace volt::test {

/// What a device holds of one file: the bytes that are safe, and what came since.
struct ShimFile {
    struct Write {
        sqlite3_int64 offset = 0;
        std::string bytes;
        bool truncates = false;
    };
    std::string safe;
    std::vector<Write> since;
};

/// SQLite's default file system while it lives; one at a time.
class ShimVfs {
public:
    ShimVfs();
    ~ShimVfs();
    ShimVfs(const ShimVfs&) = delete;
    ShimVfs& operator=(const ShimVfs&) = delete;

    /// Syncs wait while this is set.
    std::atomic<bool> stalled = false;

    /// What may be left in `directory` of the files in `from` when the power goes now.
    void cut(const std::string& from, const std::string& directory, std::mt19937& dice) const;

    // For the calls of SQLite:
    void written(const std::string& path, sqlite3_int64 offset, const char* bytes, int count);
    void truncated(const std::string& path, sqlite3_int64 size);
    void synced(const std::string& path);
    void removed(const std::string& path);
    sqlite3_vfs* real() const { return real_; }

private:
    mutable std::mutex mutex_;
    std::map<std::string, ShimFile> files_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
};

}  // namespace volt::test
