#include "daemon/agent/documents/markdown_passages.hpp"

#include <algorithm>

namespace volt::agent {

namespace {

constexpr std::size_t most_levels = 6, most_indent = 3;

std::string_view without_indent(std::string_view line) {
    return line.substr(std::min({line.find_first_not_of(' '), most_indent, line.size()}));
}

std::string_view trimmed_text(std::string_view text, std::string_view what = " \t\r") {
    const std::size_t begin = std::min(text.find_first_not_of(what), text.size());
    return text.substr(begin, text.find_last_not_of(what) + 1 - begin);
}

/// Returns the level of an ATX heading, or 0 if the line is not one.
std::size_t level_of(std::string_view line) {
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    return level >= 1 && level <= most_levels && (line.size() == level || line[level] == ' ' || line[level] == '\t') ? level : 0;
}

/// Returns the heading level that an underline gives the paragraph above, or 0 if the line is not one.
int underline_level(std::string_view line) {
    const std::string_view text = trimmed_text(line);
    if (text.empty() || line.starts_with("    ")) return 0;
    if (text.find_first_not_of('=') == std::string_view::npos) return 1;
    return text.find_first_not_of('-') == std::string_view::npos ? 2 : 0;
}

/// Returns the fence that the line opens, or an empty text.
std::string_view fence_of(std::string_view line) {
    const std::string_view text = without_indent(line);
    for (const char mark : {'`', '~'}) {
        const std::size_t length = std::min(text.find_first_not_of(mark), text.size());
        if (length >= 3) return text.substr(0, length);
    }
    return {};
}

/// Collects lines into paragraphs.
class MarkdownReader {
public:
    /// The first `front_lines` are front matter.
    explicit MarkdownReader(std::int64_t front_lines) : front_lines_(front_lines) {}

    void line(std::string_view line, std::int64_t number) {
        if (number <= front_lines_) front_matter(line);
        else if (!fence_.empty()) fenced(line, number);
        else text_line(line, number);
    }
    PassageList end() {
        close();
        return {std::move(title_), builder_.end()};
    }

private:
    void front_matter(std::string_view line) {
        const std::string_view text = trimmed_text(line);
        if (text.starts_with("title:")) title_ = trimmed_text(text.substr(6), " \t\"'");
    }

    void fenced(std::string_view line, std::int64_t number) {
        add(line, number);
        const std::string_view text = trimmed_text(without_indent(line));
        if (text.size() >= fence_.size() && text.starts_with(fence_) &&
            text.find_first_not_of(fence_.front()) == std::string_view::npos) {
            fence_.clear();
            close();
        }
    }

    void text_line(std::string_view line, std::int64_t number) {
        const std::string_view text = without_indent(line);
        if (const std::size_t level = level_of(text); level > 0) {
            close();
            std::string_view words = trimmed_text(text.substr(level));
            if (const std::size_t marks = words.find_last_not_of('#');
                marks != std::string_view::npos && marks + 1 < words.size() && words[marks] == ' ')
                words = trimmed_text(words.substr(0, marks));
            heading(static_cast<int>(level), words);
        } else if (const int under = underline_level(line); under > 0 && begin_ > 0 && !table_ && !is_list(paragraph_)) {
            std::string words = std::string(trimmed_text(paragraph_, " \t\r\n"));
            std::replace(words.begin(), words.end(), '\n', ' ');
            paragraph_.clear();
            begin_ = 0;
            heading(under, words);
        } else if (is_blank_line(line)) {
            close();
        } else {
            if (begin_ == 0) table_ = text.starts_with('|');
            fence_ = fence_of(line);
            add(line, number);
        }
    }

    static bool is_list(std::string_view text) {
        return text.starts_with("- ") || text.starts_with("* ") || text.starts_with('|');
    }

    void heading(int level, std::string_view words) {
        if (title_.empty()) title_ = words;
        builder_.heading(level, words);
    }

    void add(std::string_view line, std::int64_t number) {
        if (begin_ == 0) begin_ = number;
        paragraph_ += std::string(line) + "\n";
    }

    void close() {
        if (begin_ > 0) builder_.paragraph(paragraph_, begin_, table_);
        paragraph_.clear();
        begin_ = 0;
        table_ = false;
    }

    const std::int64_t front_lines_;
    PassageBuilder builder_;
    std::string title_, paragraph_;
    std::string fence_;       ///< of the open fence
    std::int64_t begin_ = 0;  ///< first line of the paragraph, or 0 if there is none
    bool table_ = false;
};

/// Returns the number of front matter lines, or 0 if there is none or it is not closed.
std::int64_t front_matter_lines(std::string_view text) {
    for (std::int64_t number = 1; number <= most_front_matter_lines && !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed_text(text.substr(0, end));
        if (number == 1 && line != "---") return 0;
        if (number > 1 && (line == "---" || line == "...")) return number;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return 0;
}

}  // namespace

PassageList markdown_passages(std::string_view text) {
    MarkdownReader reader(front_matter_lines(text));
    each_line(text, [&](std::string_view line, std::int64_t number) { reader.line(line, number); });
    return reader.end();
}

}  // namespace volt::agent
