// Files of a folder for a sync: plain files with printable names. Follows no links.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/agent/knowledge_rows.hpp"

namespace volt::agent {

struct WalkedFile {
    std::string path{};  ///< relative to the folder
    std::int64_t bytes = 0, mtime_ns = 0;
};

struct FileWalk {
    bool missing = false;             ///< the folder does not exist or cannot be opened
    bool complete = true;             ///< everything was seen
    std::string trouble{};            ///< reason for `missing` or an incomplete walk; a subfolder is in `refused`
    std::vector<WalkedFile> files{};  ///< by path
    std::vector<SyncItem> refused{};  ///< names, links, devices: `skipped` with the reason; `failed`: folders that cannot be read
    std::size_t entries = 0;          ///< of any kind: an empty folder may be a stick that is not mounted
};

/// Maximum entries of a folder to examine, and maximum rejected ones to list.
inline constexpr std::size_t most_walked_entries = 100'000, most_refused_names = 200;
inline constexpr std::size_t most_path_bytes = 1000;

/// Walks a folder. Skips names that begin with a dot. `depth`: maximum depth of subfolders. `closed`: folders to omit wherever
/// they are below, by whatever name; if the folder is one of them, it has no files.
FileWalk walk_folder(const std::string& folder, int depth, const std::vector<std::string>& closed = {});

/// Opens a file below the folder for reading, component by component without links. Returns -1 if it does not exist or is not a
/// plain file.
int open_below(const std::string& folder, const std::string& path);

/// Returns a printable name, with other bytes as \xNN.
std::string escaped_name(const std::string& name);

/// Name of the owner's file of synonyms, which is not a document.
inline constexpr const char* synonyms_file = "synonyms.txt";

}  // namespace volt::agent
