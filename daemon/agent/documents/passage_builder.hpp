// Passages from paragraphs: text under one heading, split if it is long, joined if it is short. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/store/agent/knowledge_rows.hpp"

namespace volt::agent {

/// Limits in bytes. A passage is split at a paragraph beyond `most_passage_bytes`, and inside one at a line or word beyond
/// `most_paragraph_bytes`. One shorter than `least_passage_bytes` is joined with its neighbor under the same heading. A table
/// remains whole up to `most_table_bytes`.
inline constexpr std::size_t most_passage_bytes = 1200, most_paragraph_bytes = 1600, least_passage_bytes = 200,
                             most_table_bytes = 3000;

/// Maximum title of a document.
inline constexpr std::size_t most_title_bytes = 200;
/// Returns a title cut at a word or between characters if it is too long.
std::string title_of(std::string_view text);

/// Builder of a document's passages.
class PassageBuilder {
public:
    /// Uses `title`, if any, for passages without a heading.
    explicit PassageBuilder(std::string_view title = {}) : title_(title_of(title)) {}

    /// Starts a heading. `level` is 1 to 6.
    void heading(int level, std::string_view text);
    /// Adds a paragraph of whole lines, the first of which is `line`. `table`: use the longer limit before splitting.
    void paragraph(std::string_view text, std::int64_t line, bool table = false);
    /// Starts a page (from 1). No passage spans two.
    void page(std::int64_t number);
    /// Sets the id of the following text.
    void fragment(const std::string& id) { fragment_ = id; }
    std::vector<Passage> end();

private:
    struct Piece {
        std::string text;
        std::int64_t line_from = 0, line_to = 0;
        std::string fragment;
    };
    void close();
    void add_piece(std::string_view text, std::int64_t line);

    const std::string title_;
    std::vector<std::string> path_;  ///< headings above, by level
    std::vector<Piece> pieces_;      ///< under the current heading
    std::int64_t page_ = 0;
    std::string fragment_;
    std::vector<Passage> passages_;
};

/// Calls `take` for each line of a text, without its newline, with its number (from 1).
template <class Take>
void each_line(std::string_view text, Take take) {
    for (std::int64_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        take(text.substr(0, end), number);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
}

inline bool is_blank_line(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace volt::agent
