// Files that are written completely or not at all.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace volt::ctl {

/// Rights that a file keeps when its text is replaced.
struct FileRights {
    mode_t mode = 0644;
    std::optional<std::pair<uid_t, gid_t>> owner{};  ///< empty for the writer
};
/// Returns the rights of a regular file, or nothing if there is none.
std::optional<FileRights> rights_of_file(const std::string& path);

/// Writes a temporary file beside the target, syncs it and renames it. Returns an empty string, or the error; then the directory
/// is unchanged.
std::string write_file_whole(const std::string& path, const std::string& text, const FileRights& rights);
inline std::string write_file_whole(const std::string& path, const std::string& text, mode_t mode) {
    return write_file_whole(path, text, FileRights{mode, {}});
}

/// Returns the bytes of a regular file of at most `most`, or nothing if it cannot be read.
std::optional<std::string> read_whole_file(const std::string& path, std::size_t most);

}  // namespace volt::ctl
