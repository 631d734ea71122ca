// Markdown as passages: what stands under one heading, with its lines. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/store/knowledge/passage_index.hpp"

namespace volt::agent {

/// The longest passage; a longer one is split at a paragraph, else at a line.
inline constexpr std::size_t most_passage_bytes = 1200;

/// The passages of a page named `page`. Headings inside fences are none.
std::vector<Passage> passages_of(const std::string& page, std::string_view text);

}  // namespace volt::agent
