// What the bytes at the device are made of: which blocks of which file changed between two flushes, and of which table.
#pragma once

#include <array>
#include <map>
#include <string>

#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::bench {

/// Counts whole blocks of the file system (4 kB). A block of the WAL or the database is shared by the tables of its pages
/// that changed.
class Causes {
public:
    /// Begins with what the files of the database at `path` hold now.
    explicit Causes(std::string path);

    /// Call before each flush: adds what changed since the last call.
    void count();
    /// Bytes by cause: `WAL: <table or index>`, `file: <table or index>`, `WAL index (-shm)`, `copy of the settings`.
    const std::map<std::string, double>& bytes() const { return bytes_; }

private:
    static constexpr std::array<const char*, 4> parts = {"", "-wal", "-shm", ".settings"};
    using Names = std::map<std::int64_t, std::string>;

    Names tables_by_page();
    void add_pages(const std::string& before, const std::string& after, const Names& names, bool wal);

    std::string path_;
    Connection reader_;
    std::array<std::string, 4> known_;
    std::map<std::string, double> bytes_;
};

}  // namespace volt::bench
