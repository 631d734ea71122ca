// Plain text, the blocks of HTML and the pages of PDF as passages. Pure.
#pragma once

#include "daemon/agent/documents/markdown_passages.hpp"
#include "drivers/documents/html.hpp"

namespace volt::agent {

/// Paragraphs; a line in capitals, or one that is underlined, is a heading.
PassageList text_passages(std::string_view text);

/// Blocks are counted as lines; rows of a table stay together for longer.
PassageList html_passages(const documents::HtmlPage& page);

/// Of a document whose passages have no heading, `title` stands in its place.
PassageList page_passages(const std::vector<std::string>& pages, const std::string& title);

}  // namespace volt::agent
