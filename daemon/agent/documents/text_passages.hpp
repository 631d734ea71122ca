// Plain text, HTML blocks and PDF pages as passages. Pure.
#pragma once

#include "daemon/agent/documents/markdown_passages.hpp"
#include "drivers/documents/html.hpp"

namespace volt::agent {

/// Splits text into paragraphs. A line in capitals, or an underlined one, is a heading.
PassageList text_passages(std::string_view text);

/// Splits a page. Blocks count as lines. Table rows use the longer limit.
PassageList html_passages(const documents::HtmlPage& page);

/// Splits pages. `title` replaces the heading in a document whose passages have none.
PassageList page_passages(const std::vector<std::string>& pages, const std::string& title);

}  // namespace volt::agent
