// Changes of a reload, for the journal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace volt {

inline constexpr std::size_t most_changes_listed = 20;

/// Returns the keys of voltd.yaml whose values differ between two texts: `control.commands: shadow -> live`. Names list entries
/// by id. Lists at most `most_changes_listed`, then the number of the rest. Empty if a text is not YAML.
std::vector<std::string> changed_keys(std::string_view before, std::string_view after);

}  // namespace volt
