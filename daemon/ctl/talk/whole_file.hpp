// Files that are written completely or not at all.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace volt::ctl {

/// What a file keeps when its text is replaced.
struct FileRights {
    mode_t mode = 0644;
    std::optional<std::pair<uid_t, gid_t>> owner{};  ///< empty: whoever writes it
};
/// Of a regular file; empty: there is none.
std::optional<FileRights> rights_of_file(const std::string& path);

/// Writes a file by a temporary one beside it and a rename, both on disk before it returns. Empty: done, else why not; nothing is
/// there then that was not before.
std::string write_file_whole(const std::string& path, const std::string& text, const FileRights& rights);
inline std::string write_file_whole(const std::string& path, const std::string& text, mode_t mode) {
    return write_file_whole(path, text, FileRights{mode, {}});
}

/// The bytes of a regular file of at most `most`; empty: it cannot be read.
std::optional<std::string> read_whole_file(const std::string& path, std::size_t most);

}  // namespace volt::ctl
