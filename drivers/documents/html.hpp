// HTML as headings and blocks of text, by libxml2. Pure: nothing is opened and nothing is fetched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace volt::documents {

/// A paragraph, an item of a list, a row of a table, or a heading.
struct HtmlBlock {
    int level = 0;         ///< 1 to 6: a heading
    std::string text;      ///< on one line, but for preformatted text
    std::string fragment;  ///< the nearest id at or above it; may be empty
    bool row = false;      ///< of a table
};

/// `too_long`: of more than `most_html_blocks`. `no_memory`: libxml2 had none for it.
enum class HtmlOutcome : std::uint8_t { read, not_text, too_long, no_memory };

struct HtmlPage {
    HtmlOutcome outcome = HtmlOutcome::read;
    std::string title{};
    std::vector<HtmlBlock> blocks{};
    std::size_t replaced = 0;  ///< bytes that were no UTF-8
};

/// At most so many blocks are read of a page.
inline constexpr std::size_t most_html_blocks = 200'000;

/// The character set is that of the byte order mark, UTF-8 where it is that, what `meta` names where all bytes are of it, else UTF-8.
/// Scripts, styles, navigation, what is hidden and ids of more than 200 bytes are left out.
HtmlPage read_html(std::string_view bytes);

}  // namespace volt::documents
