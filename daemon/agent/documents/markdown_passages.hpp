// Markdown as passages, with their lines. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/agent/documents/passage_builder.hpp"

namespace volt::agent {

/// Document as passages.
struct PassageList {
    std::string title{};  ///< title of the document; empty if none
    std::vector<Passage> passages{};
};

/// Maximum lines of front matter, which must come first.
inline constexpr std::int64_t most_front_matter_lines = 100;

/// Splits Markdown into passages. Headings are ATX (`#`) and Setext (underlined), outside fences. The title is that of the front
/// matter, else the first heading.
PassageList markdown_passages(std::string_view text);

}  // namespace volt::agent
