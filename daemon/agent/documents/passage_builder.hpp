// From paragraphs to passages: what stands under one heading, split where it is long, joined where it is short. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/store/agent/knowledge_rows.hpp"

namespace volt::agent {

/// In bytes: a passage is split at a paragraph beyond `most_passage_bytes`, within one at a line or word beyond `most_paragraph_bytes`; a
/// shorter one than `least_passage_bytes` is joined with its neighbor under the same heading. A table stays whole up to `most_table_bytes`.
inline constexpr std::size_t most_passage_bytes = 1200, most_paragraph_bytes = 1600, least_passage_bytes = 200,
                             most_table_bytes = 3000;

/// Of the title of a document.
inline constexpr std::size_t most_title_bytes = 200;
/// A title of any length, cut at a word or between characters.
std::string title_of(std::string_view text);

/// A document on its way into passages.
class PassageBuilder {
public:
    /// Passages without a heading carry `title`, where there is one.
    explicit PassageBuilder(std::string_view title = {}) : title_(title_of(title)) {}

    /// `level` 1 to 6.
    void heading(int level, std::string_view text);
    /// A paragraph of whole lines, the first of which is `line`. `table`: it stays whole for longer.
    void paragraph(std::string_view text, std::int64_t line, bool table = false);
    /// What follows stands on this page (from 1): no passage spans two.
    void page(std::int64_t number);
    /// What follows stands below this id.
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
    std::vector<std::string> path_;  ///< the headings above, by level
    std::vector<Piece> pieces_;      ///< under the present heading
    std::int64_t page_ = 0;
    std::string fragment_;
    std::vector<Passage> passages_;
};

/// Calls `take` for each line of a text, without its end, with its number (from 1).
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
