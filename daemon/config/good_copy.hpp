// Last good configuration: a copy of the last file in use, for a start with a bad one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace volt {

/// Returns the path of the copy in the state directory of the service, or an empty string without one.
std::string good_copy_path(const std::string& state_directory);

/// Writes `text` to `path` with mode 0640, completely or not at all (new file, sync, rename). Skips an unchanged text. Returns
/// the error, or an empty string on success. Blocks while the disk does.
std::string keep_good_copy(const std::string& path, std::string_view text);

/// Facts from single lines of a file, however bad the rest is. Comments do not count.
struct BareWords {
    bool shadow = false;  ///< a line has `commands: shadow`
    std::optional<std::string> site, database;
};
BareWords bare_words(std::string_view text);

/// Configuration of the copy for a start with a bad file, or the reason the copy is unusable.
struct LastGood {
    ParsedConfig parsed;  ///< `config` is empty if the start must be rejected
    std::string why_not;
};

/// Loads the good copy at the path `copy` after the file `bad` was rejected. Skips keys that this version no longer knows.
/// `commands: shadow` in a line of the bad file applies.
LastGood last_good(const ParsedConfig& bad, const std::string& copy);

/// Returns the text for alarm and journal: the rejected file, its first mistake, and the number of further ones.
std::string rejection(const ParsedConfig& bad);

}  // namespace volt
