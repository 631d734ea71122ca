#include "drivers/documents/html.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/encoding.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <memory>

#include "drivers/documents/text.hpp"

namespace volt::documents {

namespace {

constexpr int most_depth = 400;  ///< libxml2 itself stops at 256
constexpr std::size_t meta_within_bytes = 1024;

constexpr std::array<std::string_view, 13> left_out = {"script", "style",  "nav",    "template", "noscript", "svg",  "iframe",
                                                       "object", "select", "button", "input",    "canvas",   "video"};
/// Elements that stand in a line of text; all others begin a block.
constexpr std::array<std::string_view, 35> inline_elements = {
    "a",    "abbr",   "acronym", "b",   "bdi", "bdo",  "big",  "cite", "code", "data", "del",  "dfn",
    "em",   "font",   "i",       "img", "ins", "kbd",  "mark", "q",    "ruby", "s",    "samp", "small",
    "span", "strike", "strong",  "sub", "sup", "time", "tt",   "u",    "var",  "wbr",  "label"};

template <class List>
bool is_in(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view name_of_node(const xmlNode* node) {
    return node->name != nullptr ? reinterpret_cast<const char*>(node->name) : std::string_view();
}

std::string attribute(const xmlNode* node, const char* name) {
    const std::unique_ptr<xmlChar, void (*)(void*)> value(xmlGetProp(node, reinterpret_cast<const xmlChar*>(name)),
                                                          [](void* it) { xmlFree(it); });
    return value ? reinterpret_cast<const char*>(value.get()) : "";
}

bool has_attribute(const xmlNode* node, const char* name) {
    return xmlHasProp(node, reinterpret_cast<const xmlChar*>(name)) != nullptr;
}

bool is_hidden_element(const xmlNode* node) {
    if (node->properties == nullptr) return false;
    if (has_attribute(node, "hidden") || attribute(node, "aria-hidden") == "true") return true;
    std::string style = attribute(node, "style");
    std::erase(style, ' ');
    return style.find("display:none") != std::string::npos || style.find("visibility:hidden") != std::string::npos;
}

/// Walks the tree and collects blocks.
class BlockReader {
public:
    explicit BlockReader(HtmlPage& page) : page_(page) {}

    void read(const xmlNode* node, int depth) {
        for (; node != nullptr && depth < most_depth && page_.blocks.size() < most_html_blocks; node = node->next) {
            if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) take(node);
            else if (node->type == XML_ELEMENT_NODE) element(node, depth);
        }
    }
    void close() {
        std::string text = pre_ > 0 ? clean_text(text_) : without_runs(clean_text(text_, true));
        const std::size_t begin = text.find_first_not_of(" \n|");
        text_.clear();
        if (begin == std::string::npos) return;
        text.erase(text.find_last_not_of(" \n|") + 1);
        text.erase(0, pre_ > 0 ? std::min(begin, text.find_first_not_of('\n')) : begin);
        page_.blocks.push_back({level_, std::move(text), fragment_, row_ > 0});
    }

private:
    void take(const xmlNode* node) {
        if (node->content != nullptr) text_ += reinterpret_cast<const char*>(node->content);
    }

    void element(const xmlNode* node, int depth) {
        const std::string_view name = name_of_node(node);
        if (name == "title") {
            if (page_.title.empty()) title_of(node);
            return;
        }
        if (is_in(left_out, name) || is_hidden_element(node)) return;
        if (name == "br") {
            text_ += pre_ > 0 ? '\n' : ' ';
            return;
        }
        if (is_in(inline_elements, name)) {
            note_id(node);
            read(node->children, depth + 1);
        } else if ((name == "td" || name == "th") && row_ > 0) {
            note_id(node);
            if (!text_.empty()) text_ += " | ";
            read(node->children, depth + 1);
        } else {
            block(node, name, depth);
        }
    }

    void block(const xmlNode* node, std::string_view name, int depth) {
        // A block within a cell belongs to its row.
        const bool in_cell = row_ > 0 && name != "tr" && name != "table";
        if (in_cell) text_ += ' ';
        else close();
        note_id(node);
        const bool heading = name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
        const int outer = level_, outer_row = row_;
        if (heading) level_ = name[1] - '0';
        if (name == "pre") ++pre_;
        if (name == "tr") row_ = 1;
        if (name == "table") row_ = 0;
        read(node->children, depth + 1);
        if (in_cell) text_ += ' ';
        else close();
        if (name == "pre") --pre_;
        level_ = outer;
        row_ = outer_row;
    }

    void note_id(const xmlNode* node) {
        if (node->properties == nullptr) return;
        std::string id = attribute(node, "id");
        if (id.empty() && name_of_node(node) == "a") id = attribute(node, "name");
        if (!id.empty()) fragment_ = clean_text(id, true);
    }

    void title_of(const xmlNode* node) {
        for (const xmlNode* it = node->children; it != nullptr; it = it->next)
            if (it->content != nullptr) page_.title += reinterpret_cast<const char*>(it->content);
        page_.title = without_runs(clean_text(page_.title, true));
    }

    HtmlPage& page_;
    std::string text_, fragment_;
    int level_ = 0, pre_ = 0, row_ = 0;
};

/// The character set that `meta` names in the first bytes; empty: none that libxml2 knows.
std::string named_charset(std::string_view bytes) {
    std::string begin(bytes.substr(0, meta_within_bytes));
    std::transform(begin.begin(), begin.end(), begin.begin(),
                   [](char it) { return static_cast<char>(std::tolower(static_cast<unsigned char>(it))); });
    const std::size_t at = begin.find("charset=");
    if (at == std::string::npos) return {};
    std::string name;
    for (std::size_t i = at + 8; i < begin.size() && name.size() < 40; ++i) {
        const char it = begin[i];
        if (std::isalnum(static_cast<unsigned char>(it)) != 0 || it == '-' || it == '_') name += it;
        else if (!name.empty() || (it != '"' && it != '\'' && it != ' ')) break;
    }
    if (name.empty() || name == "utf-8" || name.starts_with("utf-16")) return {};
    xmlCharEncodingHandler* known = xmlFindCharEncodingHandler(name.c_str());
    if (known == nullptr) return {};
    xmlCharEncCloseFunc(known);
    return name;
}

}  // namespace

std::optional<HtmlPage> read_html(std::string_view bytes) {
    HtmlPage page;
    std::string decoded, charset = "UTF-8";
    const bool marked = bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff") || bytes.starts_with("\xef\xbb\xbf");
    if (marked || !is_valid_utf8(bytes)) {
        const std::string named = marked ? "" : named_charset(bytes);
        if (named.empty()) {
            const auto text = decode_text(bytes);
            decoded = text ? text->text : clean_text(bytes);
            page.replaced = text ? text->replaced : 0;
            bytes = decoded;
        } else {
            charset = named;
        }
    }
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
    if (bytes.empty()) return page;
    const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
    xmlResetLastError();
    const std::unique_ptr<xmlDoc, void (*)(xmlDocPtr)> tree(
        htmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, charset.c_str(), options), xmlFreeDoc);
    const xmlError* wrong = xmlGetLastError();
    if (wrong != nullptr && wrong->code == XML_ERR_NO_MEMORY) return std::nullopt;
    if (!tree) return page;
    BlockReader reader(page);
    reader.read(xmlDocGetRootElement(tree.get()), 0);
    reader.close();
    return page;
}

}  // namespace volt::documents
