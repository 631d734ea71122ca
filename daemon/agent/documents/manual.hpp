// The project's own manual: Markdown files beside the program, searchable. The files are the truth; a citation is one that any editor opens.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "daemon/agent/documents/markdown_passages.hpp"

namespace volt::agent {

inline constexpr std::size_t most_manual_pages = 64, most_page_bytes = std::size_t{512} * 1024;

/// Safe from any thread.
class Manual {
public:
    /// Reads the pages in `folder`; without one there are none.
    explicit Manual(const std::string& folder);

    /// `alarms.md` …, with their texts.
    const std::map<std::string, std::string>& pages() const { return pages_; }
    /// `lines` lines of a page from line `from` (1) on; nothing: there is no such page.
    std::optional<std::string> lines_of(const std::string& page, std::int64_t from, std::int64_t lines) const;
    Result<std::vector<PassageHit>> search(const std::string& query, std::size_t limit);

private:
    std::map<std::string, std::string> pages_;
    std::mutex mutex_;
    std::unique_ptr<PassageIndex> index_;  ///< made at the first search
};

/// That of the installation, or of the build directory.
Manual& built_in_manual();

}  // namespace volt::agent
