// Archive of a backup, read and written by the system's `tar`, and a directory for its parts.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/backup/manifest.hpp"
#include "drivers/result.hpp"

namespace volt::ctl::backup {

/// Private directory for the parts of one backup, removed by the destructor. Removes leftovers of an interrupted backup first.
class Workshop {
public:
    /// Opens `directory/.voltd-NAME`. Fails while another program works there.
    static Result<Workshop> open(const std::string& directory, const std::string& name);
    Workshop(Workshop&& other) noexcept;
    Workshop& operator=(Workshop&&) = delete;
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;
    ~Workshop();
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    Workshop(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
    std::string path_;
    int lock_;
};

/// Packs these files of the directory, in this order, into `target`, syncs it and reads it back. Returns an empty string, or the
/// error.
std::string pack(const std::string& directory, const std::vector<std::string>& names, const std::string& target);

/// Checked backup: its members match its manifest. unpack() checks their sums.
struct Archive {
    std::string path;  ///< absolute
    Manifest manifest;
    std::string config;  ///< text of voltd.yaml with a verified sum
};
/// Reads the archive. Fails with the reason if it is not a backup, truncated, damaged, or made by a newer program
/// (`schema_here`).
Result<Archive> read_archive(const std::string& path, int schema_here);

/// Unpacks every file of the manifest into the directory and checks its sum. Returns an empty string, or the error.
std::string unpack(const Archive& archive, const std::string& directory);

}  // namespace volt::ctl::backup
