// A file system under SQLite that can stall, and that knows what a power cut may take: every write that was not synced, alone or
// with others, in any order, whole or torn at a sector.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace volt::test {

/// A file's state on the device: the safe bytes, and later writes.
struct ShimFile {
    struct Write {
        sqlite3_int64 offset = 0;
        std::string bytes;
        bool truncates = false;
    };
    std::string safe;
    std::vector<Write> since;
};

/// Replaces SQLite's default file system while it exists; only one at a time.
class ShimVfs {
public:
    ShimVfs();
    ~ShimVfs();
    ShimVfs(const ShimVfs&) = delete;
    ShimVfs& operator=(const ShimVfs&) = delete;

    /// Blocks syncs while set.
    std::atomic<bool> stalled = false;

    /// Writes to `directory` a possible state of the files in `from` after a power cut now.
    void cut(const std::string& from, const std::string& directory, std::mt19937& dice) const;

    // Called by SQLite:
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
