// What a reload changed, for the journal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace volt {

inline constexpr std::size_t most_changes_listed = 20;

/// The keys of voltd.yaml whose values differ between two texts: `control.commands: shadow -> live`. Entries of a list are named by
/// their id. At most `most_changes_listed`, then how many more; empty if a text is not YAML.
std::vector<std::string> changed_keys(std::string_view before, std::string_view after);

}  // namespace volt
