#include "daemon/agent/documents/manual.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace volt::agent {

namespace {

namespace fs = std::filesystem;

std::string text_of_page(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(most_page_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// Beside /usr/bin, or in a build directory, also for its tests.
std::string folder_of_manual() {
    std::error_code wrong;
    const fs::path here = fs::read_symlink("/proc/self/exe", wrong).parent_path();
    for (const char* place : {"../share/voltd/manual", "generated/manual", "../generated/manual"})
        if (fs::is_directory(here / place, wrong)) return here / place;
    return {};
}

/// Where line `number` (1 is the first) begins.
std::size_t begin_of_line(const std::string& text, std::int64_t number) {
    std::size_t at = 0;
    for (std::int64_t line = 1; line < number && at < text.size(); ++line)
        at = std::min(text.find('\n', at), text.size() - 1) + 1;
    return at;
}

}  // namespace

Manual::Manual(const std::string& folder) {
    std::error_code wrong;
    if (folder.empty()) return;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, wrong))
        if (entry.path().extension() == ".md" && entry.is_regular_file(wrong) && pages_.size() < most_manual_pages)
            pages_.emplace(entry.path().filename(), text_of_page(entry.path()));
}

std::optional<std::string> Manual::lines_of(const std::string& page, std::int64_t from, std::int64_t lines) const {
    const auto found = pages_.find(page);
    if (found == pages_.end()) return std::nullopt;
    const std::size_t begin = begin_of_line(found->second, from), end = begin_of_line(found->second, from + lines);
    return found->second.substr(begin, end - begin);
}

Result<std::vector<PassageHit>> Manual::search(const std::string& query, std::size_t limit) {
    const std::lock_guard lock(mutex_);
    if (!index_) {
        std::vector<Passage> all;
        for (const auto& [page, text] : pages_)
            for (Passage& it : passages_of(page, text)) all.push_back(std::move(it));
        auto made = PassageIndex::make(all);
        if (!made) return made.failure();
        index_ = std::make_unique<PassageIndex>(std::move(made.value()));
    }
    return index_->search(query, limit);
}

Manual& built_in_manual() {
    static Manual manual(folder_of_manual());
    return manual;
}

}  // namespace volt::agent
