#include "daemon/ctl/docs/markdown.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace volt::ctl {

namespace {

/// Escapes with their characters. Our pages use only these.
constexpr std::pair<std::string_view, char> escapes[] = {{"\\-", '-'},   {"\\e", '\\'},  {"\\(ga", '`'}, {"\\(aq", '\''},
                                                         {"\\(dq", '"'}, {"\\(ha", '^'}, {"\\(ti", '~'}};

bool take(std::string_view& rest, std::string_view begin) {
    if (!rest.starts_with(begin)) return false;
    rest.remove_prefix(begin.size());
    return true;
}

/// Converts text with fonts to Markdown. Keeps the text of an example unchanged.
std::string inline_of(std::string_view rest, bool example) {
    std::string text, mark;
    while (!rest.empty()) {
        const auto found =
            std::find_if(std::begin(escapes), std::end(escapes), [&](const auto& it) { return rest.starts_with(it.first); });
        char byte = rest.front();
        if (take(rest, "\\&")) continue;
        if (rest.starts_with("\\f") && rest.size() > 2) {
            const char font = rest[2];
            const std::string next = font == 'B' ? "**" : font == 'I' ? "*" : "";
            if (!example) text += mark + next;
            mark = next;
            rest.remove_prefix(3);
            continue;
        }
        if (found != std::end(escapes)) byte = found->second;
        rest.remove_prefix(found != std::end(escapes) ? found->first.size() : 1);
        if (!example && std::string_view("\\`*_<>[]|").find(byte) != std::string_view::npos) text += '\\';
        text += byte;
    }
    return example ? text : text + mark;
}

/// Returns the arguments of a request: words, or a quoted string.
std::vector<std::string> arguments_of(const std::string& line) {
    std::vector<std::string> list;
    std::size_t at = line.find(' ');
    while ((at = line.find_first_not_of(' ', at)) != std::string::npos) {
        const bool quoted = line[at] == '"';
        const std::size_t begin = at + (quoted ? 1 : 0), end = std::min(line.find(quoted ? '"' : ' ', begin), line.size());
        list.push_back(line.substr(begin, end - begin));
        at = end + (quoted ? 1 : 0);
        if (at >= line.size()) break;
    }
    return list;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& it : words) text += (text.empty() ? "" : " ") + it;
    return text;
}

/// Applies fonts. .B and .I set a line; .BR and similar alternate between adjacent words.
std::string fonts(const std::string& request, const std::vector<std::string>& words) {
    const auto in = [](char font, const std::string& word) {
        return font == 'R' ? word : "\\f" + std::string(1, font) + word + "\\fP";
    };
    if (request.size() == 2) return in(request[1], joined(words));
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) text += in(request[1 + i % 2], words[i]);
    return text;
}

/// Returns true for .B, .I, .BR and similar.
bool sets_fonts(const std::string& request) {
    return request != ".br" && request.size() <= 3 && request.find_first_not_of("BIR", 1) == std::string::npos;
}

/// Page being converted to Markdown.
class Writer {
public:
    void line(const std::string& line) {
        const std::string request = line.substr(0, line.find(' '));
        if (request == ".\\\"") return;
        if (!line.starts_with(".")) add(line);
        else if (sets_fonts(request)) add(fonts(request, arguments_of(line)));
        else layout(request, arguments_of(line));
    }
    std::string text() const { return text_ + "\n"; }

private:
    void heading(const std::string& marks, const std::string& title) {
        text_ += (text_.empty() ? "" : "\n\n") + marks + " " + inline_of(title, false);
    }

    void example(bool begins) {
        example_ = begins;
        text_ += begins ? "\n\n```" : "\n```";
    }

    void layout(const std::string& request, const std::vector<std::string>& words) {
        if (request == ".br") {
            text_ += "\\";
            return;
        }
        begins_ = true;
        in_item_ = false;
        term_ = request == ".TP";
        if (request == ".TH") {
            heading("#", words.at(0) + "(" + words.at(1) + ")");
            items_are_headings_ = words.at(1) == "5";
        } else if (request == ".SH") heading("##", joined(words));
        else if (request == ".SS") heading("###", joined(words));
        else if (request == ".nf" || request == ".fi") example(request == ".nf");
        else if (!term_ && request != ".PP" && request != ".RS" && request != ".RE")
            throw std::runtime_error("a manual page with the request " + request);
    }

    void add(const std::string& line) {
        const std::string text = inline_of(line, example_);
        if (example_) text_ += "\n" + text;
        else if (term_ && items_are_headings_) text_ += "\n\n### " + inline_of(line, true);
        else if (term_) text_ += "\n\n- " + text + "\\";
        else text_ += (begins_ && !in_item_ ? "\n\n" : in_item_ ? "\n  " : "\n") + text;
        begins_ = term_ && items_are_headings_;
        in_item_ = (term_ && !items_are_headings_) || in_item_;
        term_ = false;
    }

    std::string text_;
    bool example_ = false, term_ = false, in_item_ = false, begins_ = false;
    bool items_are_headings_ = false;  ///< on a page about a file's keys
};

}  // namespace

std::string markdown_of(const std::string& page) {
    Writer writer;
    std::istringstream text(page);
    for (std::string line; std::getline(text, line);) writer.line(line);
    return writer.text();
}

}  // namespace volt::ctl
