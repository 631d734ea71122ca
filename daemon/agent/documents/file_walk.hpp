// The files of a folder, as a sync sees them: plain files with names that can be shown, and no link is followed.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/agent/knowledge_rows.hpp"

namespace volt::agent {

struct WalkedFile {
    std::string path{};  ///< below the folder
    std::int64_t bytes = 0, mtime_ns = 0;
};

struct FileWalk {
    bool missing = false;             ///< the folder is not there, or cannot be opened
    bool complete = true;             ///< all of it was seen
    std::string trouble{};            ///< of `missing`, and why not all was seen; a folder within is among `refused`
    std::vector<WalkedFile> files{};  ///< by path
    std::vector<SyncItem> refused{};  ///< names, links, devices: `skipped` with the reason; `failed`: folders that cannot be read
    std::size_t entries = 0;          ///< whatever they are: an empty folder is perhaps a stick that is not mounted
};

/// The most entries of a folder that are looked at, and refused ones that are listed.
inline constexpr std::size_t most_walked_entries = 100'000, most_refused_names = 200;
inline constexpr std::size_t most_path_bytes = 1000;

/// Names that begin with a dot are passed over. `depth`: folders within folders. `closed`: folders that are left out wherever they stand below,
/// by whatever name; if the folder is one of them, it has no files.
FileWalk walk_folder(const std::string& folder, int depth, const std::vector<std::string>& closed = {});

/// Opens a file below the folder to read, component by component without links; -1: it is not there, or no plain file.
int open_below(const std::string& folder, const std::string& path);

/// A name for people: bytes that cannot be shown as \xNN.
std::string escaped_name(const std::string& name);

/// Words that the owner's synonyms.txt is read for are not a document.
inline constexpr const char* synonyms_file = "synonyms.txt";

}  // namespace volt::agent
