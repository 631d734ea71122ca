#include "daemon/ctl/docs/answers.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "drivers/text.hpp"

namespace volt::ctl {

namespace {

constexpr std::string_view page_mark = "## ", anchor_begin = "- `", anchor_end = "`: ", fence = "```";

using Lines = std::vector<std::string>;

/// Returns anchors and questions of one page.
std::vector<std::pair<std::string, std::string>> questions_of(std::string_view page, const std::string& questions) {
    std::vector<std::pair<std::string, std::string>> found;
    bool inside = false;
    for (const std::string& line : text_lines(questions)) {
        const std::size_t end = line.find(anchor_end);
        if (line.starts_with(page_mark)) inside = line.substr(page_mark.size()) == page;
        else if (inside && line.starts_with(anchor_begin) && end != std::string::npos)
            found.emplace_back(line.substr(anchor_begin.size(), end - anchor_begin.size()), line.substr(end + anchor_end.size()));
    }
    return found;
}

/// Returns true if a heading matches. It may have more in parentheses: `### site (required)`.
bool has_anchor(const std::string& line, const std::string& anchor) {
    return anchor.starts_with('#') ? line == anchor || line.starts_with(anchor + " (") : line.find(anchor) != std::string::npos;
}

/// Returns the line after the paragraph, list, table or example that contains the line at `at`.
std::size_t end_of_paragraph(const Lines& lines, std::size_t at) {
    bool fenced = std::count_if(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                [](const std::string& it) { return it.starts_with(fence); }) %
                      2 !=
                  0;
    for (++at; at < lines.size() && (fenced || !lines[at].empty()); ++at)
        if (lines[at].starts_with(fence)) fenced = !fenced;
    return at;
}

void add_answers(Lines& lines, const std::string& anchor, const std::string& questions) {
    const auto is_it = [&](const std::string& line) { return has_anchor(line, anchor); };
    const auto found = std::find_if(lines.begin(), lines.end(), is_it);
    if (found == lines.end()) throw std::runtime_error("no line has the anchor: " + anchor);
    if (std::find_if(found + 1, lines.end(), is_it) != lines.end())
        throw std::runtime_error("two lines have the anchor: " + anchor);
    const auto at = static_cast<std::size_t>(found - lines.begin());
    const bool heading = anchor.starts_with('#');
    const std::size_t end = heading ? at + 1 : end_of_paragraph(lines, at);
    const std::string& last = lines[end - 1];
    // A blank line ends an example. Text and a table continue in the same paragraph, which then is one passage.
    Lines added = {"Answers: " + questions};
    if (heading || last.starts_with(fence)) added.insert(added.begin(), "");
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(end), added.begin(), added.end());
}

}  // namespace

std::string with_answers(const std::string& markdown, std::string_view page, const std::string& questions) {
    Lines lines = text_lines(markdown);
    for (const auto& [anchor, text] : questions_of(page, questions)) add_answers(lines, anchor, text);
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
}

}  // namespace volt::ctl
