// Markdown as passages, with their lines. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/agent/documents/passage_builder.hpp"

namespace volt::agent {

/// A document as passages.
struct PassageList {
    std::string title{};  ///< its own; empty: it has none
    std::vector<Passage> passages{};
};

/// Front matter, if it is there, is in the first lines.
inline constexpr std::int64_t most_front_matter_lines = 100;

/// Headings are ATX (`#`) and Setext (underlined), outside of fences. The title is that of the front matter, else the first heading.
PassageList markdown_passages(std::string_view text);

}  // namespace volt::agent
