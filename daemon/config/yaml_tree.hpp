// A YAML text as a plain tree with places. Made from parser events, not from the library's own nodes, which hide
// duplicate keys, quoting and aliases, and share copies.
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
    bool quoted = false;          ///< of a scalar: in quotes
    bool refused = false;         ///< already reported (alias, tag): no further finding
    std::string text;             ///< of a scalar
    std::vector<YamlNode> keys;   ///< of a map, aligned with `items`, in the order of the file, including duplicates
    std::vector<YamlNode> items;  ///< of a map or sequence
};

inline constexpr std::size_t most_yaml_depth = 16;
inline constexpr std::size_t most_yaml_nodes = 20'000;

/// Parses one document. Anchors, aliases, merge keys and tags are refused; so are texts that are not UTF-8, a second
/// document, and nesting or size beyond the bounds. Empty: no tree, `report` has the reason.
std::optional<YamlNode> parse_yaml(std::string_view text, Report& report);

}  // namespace volt
