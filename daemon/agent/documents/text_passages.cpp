#include "daemon/agent/documents/text_passages.hpp"

#include <algorithm>
#include <cctype>

namespace volt::agent {

namespace {

constexpr std::size_t most_heading_line_bytes = 80, least_underline = 3;

std::string_view trimmed_line(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

/// Returns true for a title such as `2. BATTERY SETUP`: at least three letters, no lowercase ones.
bool is_in_capitals(std::string_view line) {
    const auto letters =
        std::count_if(line.begin(), line.end(), [](char it) { return std::isupper(static_cast<unsigned char>(it)) != 0; });
    const auto small = [](char it) { return std::islower(static_cast<unsigned char>(it)) != 0; };
    return letters >= 3 && line.size() <= most_heading_line_bytes && std::none_of(line.begin(), line.end(), small);
}

/// Returns the heading level that it gives the line above, or 0 if it is not an underline.
int underline_of_text(std::string_view line) {
    const std::string_view text = trimmed_line(line);
    if (text.size() < least_underline) return 0;
    if (text.find_first_not_of('=') == std::string_view::npos) return 1;
    return text.find_first_not_of("-~") == std::string_view::npos ? 2 : 0;
}

/// Collects lines of plain text into paragraphs. The last line waits for an underline.
class TextReader {
public:
    void line(std::string_view line, std::int64_t number) {
        const std::string_view last = trimmed_line(last_);
        const int level = underline_of_text(line);
        if (level > 0 && !last.empty() && last.size() <= most_heading_line_bytes) {
            close();
            heading(level, last);
            last_ = {};
        } else {
            end_last();
            last_ = line;
            last_number_ = number;
        }
    }
    PassageList end() {
        end_last();
        close();
        return {std::move(title_), builder_.end()};
    }

private:
    /// Ends the waiting line, which was not a title with an underline.
    void end_last() {
        const std::string_view last = trimmed_line(last_);
        if (last.empty()) {
            close();
        } else if (begin_ == 0 && is_in_capitals(last)) {
            heading(2, last);
        } else {
            if (begin_ == 0) begin_ = last_number_;
            paragraph_ += std::string(last_) + "\n";
        }
        last_ = {};
    }

    void heading(int level, std::string_view text) {
        if (title_.empty()) title_ = text;
        builder_.heading(level, text);
    }

    void close() {
        if (begin_ > 0) builder_.paragraph(paragraph_, begin_);
        paragraph_.clear();
        begin_ = 0;
    }

    PassageBuilder builder_;
    std::string title_, paragraph_;
    std::int64_t begin_ = 0, last_number_ = 0;
    std::string_view last_;
};

}  // namespace

PassageList text_passages(std::string_view text) {
    TextReader reader;
    each_line(text, [&](std::string_view line, std::int64_t number) { reader.line(line, number); });
    return reader.end();
}

PassageList html_passages(const documents::HtmlPage& page) {
    PassageBuilder builder(page.title);
    std::string title = page.title;
    std::int64_t number = 0;
    for (std::size_t i = 0; i < page.blocks.size(); ++i) {
        const documents::HtmlBlock& block = page.blocks[i];
        ++number;
        builder.fragment(block.fragment);
        if (block.level > 0) {
            if (title.empty()) title = block.text;
            builder.heading(block.level, block.text);
            continue;
        }
        std::string text = block.text;
        // A block is one line here, with its number.
        std::replace(text.begin(), text.end(), '\n', ' ');
        const std::int64_t first = number;
        while (block.row && i + 1 < page.blocks.size() && page.blocks[i + 1].row && page.blocks[i + 1].level == 0 &&
               text.size() + page.blocks[i + 1].text.size() < most_table_bytes) {
            std::string row = page.blocks[++i].text;
            std::replace(row.begin(), row.end(), '\n', ' ');
            text += "\n" + row;
            ++number;
        }
        builder.paragraph(text, first, block.row);
    }
    return {std::move(title), builder.end()};
}

PassageList page_passages(const std::vector<std::string>& pages, const std::string& title) {
    PassageBuilder builder(title);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        builder.page(static_cast<std::int64_t>(i) + 1);
        std::string_view rest = pages[i];
        for (std::int64_t line = 1; !rest.empty();) {
            const std::size_t end = std::min(rest.find("\n\n"), rest.size());
            const std::string_view paragraph = rest.substr(0, end);
            builder.paragraph(paragraph, line);
            line += std::count(paragraph.begin(), paragraph.end(), '\n') + 2;
            rest.remove_prefix(std::min(end + 2, rest.size()));
        }
    }
    return {"", builder.end()};
}

}  // namespace volt::agent
