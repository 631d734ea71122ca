// Parses HTML into headings and blocks of text, with libxml2. Pure: opens and fetches nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace volt::documents {

/// A paragraph, a list item, a table row, or a heading.
struct HtmlBlock {
    int level = 0;         ///< 1 to 6 for a heading
    std::string text;      ///< on one line, except for preformatted text
    std::string fragment;  ///< the nearest id at or above it; may be empty
    bool row = false;      ///< row of a table
};

/// Result of reading. `too_long`: more than `most_html_blocks`. `no_memory`: libxml2 ran out of memory.
enum class HtmlOutcome : std::uint8_t { read, not_text, too_long, no_memory };

struct HtmlPage {
    HtmlOutcome outcome = HtmlOutcome::read;
    std::string title{};
    std::vector<HtmlBlock> blocks{};
    std::size_t replaced = 0;  ///< bytes that were not UTF-8
};

/// Maximum number of blocks read from a page.
inline constexpr std::size_t most_html_blocks = 200'000;

/// Reads a page. The character set is that of the byte order mark; else UTF-8 if valid; else the one named in `meta` if all bytes
/// fit it; else UTF-8. Skips scripts, styles, navigation, hidden elements and ids of more than 200 bytes.
HtmlPage read_html(std::string_view bytes);

}  // namespace volt::documents
