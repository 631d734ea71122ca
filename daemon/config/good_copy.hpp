// The last good configuration: a copy of the last file that was in force, for a start with a bad one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace volt {

/// Where the copy is kept: in the state directory of the service; empty without one.
std::string good_copy_path(const std::string& state_directory);

/// Writes `text` to `path` with mode 0640, completely or not at all (new file, sync, rename); skips an unchanged text. Returns
/// why it failed; empty: success. Blocks as long as the disk does.
std::string keep_good_copy(const std::string& path, std::string_view text);

/// Facts from single lines of a file, however bad the rest is. Comments do not count.
struct BareWords {
    bool shadow = false;  ///< a line has `commands: shadow`
    std::optional<std::string> site, database;
};
BareWords bare_words(std::string_view text);

/// What a start with a bad file uses: the configuration of the copy, or why it is unusable.
struct LastGood {
    ParsedConfig parsed;  ///< `config` is empty if the start must be refused
    std::string why_not;
};

/// `bad` is the file that was refused, `copy` the path of the good copy. Keys of the copy that this version no longer knows
/// are skipped; `commands: shadow` in a line of the bad file applies.
LastGood last_good(const ParsedConfig& bad, const std::string& copy);

/// For alarm and journal: which file was rejected, its first mistake, and how many more there are.
std::string rejection(const ParsedConfig& bad);

}  // namespace volt
