// Breaks down the bytes written to the device: the blocks of each file that changed between two flushes, and their tables.
#pragma once

#include <array>
#include <map>
#include <string>

#include "drivers/store/sqlite/sqlite.hpp"

namespace volt::bench {

/// Counts whole blocks of the file system (4 kB). Tables share a block of the WAL or the database by their changed pages.
class Causes {
public:
    /// Starts with the current content of the files of the database at `path`.
    explicit Causes(std::string path);

    /// Adds the changes since the last call. Call before each flush.
    void count();
    /// Returns bytes by cause: `WAL: <table or index>`, `file: <table or index>`, `WAL index (-shm)`, `copy of the settings`.
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
