// YAML text as a plain tree with places. Built from parser events, because the library's own nodes hide duplicate keys, quoting
// and aliases, and share copies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/problem.hpp"

namespace volt {

struct YamlNode {
    enum class Kind : std::uint8_t { null, scalar, sequence, map };

    Kind kind = Kind::null;
    Place place;
    bool quoted = false;          ///< for a scalar: in quotes
    bool refused = false;         ///< already reported (alias, tag), so no further finding
    std::string text;             ///< for a scalar
    std::vector<YamlNode> keys;   ///< for a map, aligned with `items`, in the order of the file, including duplicates
    std::vector<YamlNode> items;  ///< for a map or sequence
};

inline constexpr std::size_t most_yaml_depth = 16;
inline constexpr std::size_t most_yaml_nodes = 20'000;

/// Parses one document. Rejects anchors, aliases, merge keys, tags, text that is not UTF-8, a second document, and nesting or
/// size beyond the bounds. Returns nothing on failure, with the reason in `report`.
std::optional<YamlNode> parse_yaml(std::string_view text, Report& report);

}  // namespace volt
