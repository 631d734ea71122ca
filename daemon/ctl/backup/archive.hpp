// The archive of a backup, read and written by the system's `tar`, and a directory for its parts.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/backup/manifest.hpp"
#include "drivers/result.hpp"

namespace volt::ctl::backup {

/// A private directory for the parts of one backup; gone at the end. What is left of an interrupted one is removed first.
class Workshop {
public:
    /// `directory/.voltd-NAME`; refused while another program works there.
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

/// Packs these files of the directory, in this order, into `target`, which is durable when this returns; then reads it back.
/// Empty: done; else why not.
std::string pack(const std::string& directory, const std::vector<std::string>& names, const std::string& target);

/// A backup that has been looked at: its members are those of its manifest. Their sums are checked by unpack().
struct Archive {
    std::string path;  ///< absolute
    Manifest manifest;
    std::string config;  ///< the text of voltd.yaml, its sum checked
};
/// Refused, with the reason: not a backup, cut, damaged, or made by a newer program (`schema_here`).
Result<Archive> read_archive(const std::string& path, int schema_here);

/// Brings every file of the manifest into the directory and checks its sum. Empty: done; else why not.
std::string unpack(const Archive& archive, const std::string& directory);

}  // namespace volt::ctl::backup
