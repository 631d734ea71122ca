#include "daemon/agent/documents/manual.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace volt::agent {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view manual_answers_mark = "Answers: ";

std::string text_of_page(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(most_page_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// Returns the folder beside /usr/bin, or in a build directory, also for its tests.
std::string folder_beside_program() {
    std::error_code wrong;
    const fs::path here = fs::read_symlink("/proc/self/exe", wrong).parent_path();
    for (const char* place : {"../share/voltd/manual", "generated/manual", "../generated/manual"})
        if (fs::is_directory(here / place, wrong)) return (here / place).lexically_normal();
    return {};
}

}  // namespace

std::map<std::string, std::string> manual_pages_in(const std::string& folder) {
    std::map<std::string, std::string> pages;
    std::error_code wrong;
    if (folder.empty()) return pages;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, wrong))
        if (entry.path().extension() == ".md" && entry.is_regular_file(wrong) && pages.size() < most_manual_pages)
            pages.emplace(entry.path().filename(), text_of_page(entry.path()));
    return pages;
}

const std::string& manual_folder() {
    static const std::string folder = folder_beside_program();
    return folder;
}

const std::map<std::string, std::string>& built_in_manual() {
    static const auto pages = manual_pages_in(manual_folder());
    return pages;
}

std::string without_questions(const std::string& text) {
    std::string kept;
    bool blank = true, questions = false;  // two consecutive blank lines become one
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size() - 1) + 1;
        const std::string_view line = std::string_view(text).substr(from, end - from);
        from = end;
        // Wrapped lines of questions are removed with the first one.
        questions = line.starts_with(manual_answers_mark) || (questions && line != "\n");
        if (questions || (blank && line == "\n")) continue;
        blank = line == "\n";
        kept += line;
    }
    return kept;
}

}  // namespace volt::agent
