#include "daemon/agent/documents/passage_builder.hpp"

#include <algorithm>
#include <utility>

namespace volt::agent {

namespace {

constexpr std::size_t most_heading_bytes = 300;

std::string_view trimmed_end(std::string_view text) { return text.substr(0, text.find_last_not_of(" \t\r\n") + 1); }

/// Returns where to cut a text so that at most `most` bytes come before: after the last line that fits, else before a word, else
/// between characters. At least 1.
std::size_t cut_at(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text.size();
    if (const std::size_t line = text.rfind('\n', most - 1); line != std::string_view::npos && line > 0) return line + 1;
    if (const std::size_t blank = text.rfind(' ', most - 1); blank != std::string_view::npos && blank > most / 2)
        return blank + 1;
    std::size_t at = most;
    while (at > 1 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
    return at;
}

}  // namespace

std::string title_of(std::string_view text) { return std::string(trimmed_end(text.substr(0, cut_at(text, most_title_bytes)))); }

void PassageBuilder::heading(int level, std::string_view text) {
    close();
    path_.resize(static_cast<std::size_t>(std::max(level, 1)) - 1);
    path_.emplace_back(text.substr(0, cut_at(text, most_heading_bytes)));
}

void PassageBuilder::paragraph(std::string_view text, std::int64_t line, bool table) {
    text = trimmed_end(text);
    const std::size_t most = table ? most_table_bytes : most_paragraph_bytes;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, cut_at(text, most));
        add_piece(trimmed_end(piece), line);
        line += std::count(piece.begin(), piece.end(), '\n');
        text.remove_prefix(piece.size());
    }
}

void PassageBuilder::add_piece(std::string_view text, std::int64_t line) {
    if (text.empty()) return;
    pieces_.push_back({std::string(text), line, line + std::count(text.begin(), text.end(), '\n'), fragment_});
}

void PassageBuilder::page(std::int64_t number) {
    close();
    page_ = number;
}

/// Turns the pieces under one heading into passages.
void PassageBuilder::close() {
    std::string path;
    for (const std::string& part : path_)
        if (!part.empty()) path += (path.empty() ? "" : " > ") + part;
    const std::size_t first = passages_.size();
    std::vector<Piece> pieces = std::exchange(pieces_, {});
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        Piece& piece = pieces[i];
        const bool has_last = passages_.size() > first;
        const std::int64_t gap = has_last ? std::max<std::int64_t>(piece.line_from - passages_.back().line_to, 1) : 1;
        const std::size_t last = has_last ? passages_.back().body.size() : 0,
                          both = last + static_cast<std::size_t>(gap) + piece.text.size();
        const bool short_end = i + 1 == pieces.size() && piece.text.size() < least_passage_bytes && both <= most_paragraph_bytes;
        const bool short_begin = last < least_passage_bytes && both <= most_table_bytes + least_passage_bytes;
        if (has_last && (both <= most_passage_bytes || short_begin || short_end)) {
            Passage& joined = passages_.back();
            joined.body.append(static_cast<std::size_t>(gap), '\n');
            joined.body += piece.text;
            joined.line_to = piece.line_to;
        } else {
            passages_.push_back({path.empty() ? title_ : path, std::move(piece.text), piece.line_from, piece.line_to, page_,
                                 std::move(piece.fragment)});
        }
    }
}

std::vector<Passage> PassageBuilder::end() {
    close();
    return std::move(passages_);
}

}  // namespace volt::agent
