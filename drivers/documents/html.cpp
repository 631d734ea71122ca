#include "drivers/documents/html.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/encoding.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <memory>

#include "drivers/documents/text.hpp"

namespace volt::documents {

namespace {

constexpr std::size_t meta_within_bytes = 1024, most_fragment_bytes = 200;

constexpr std::array<std::string_view, 13> left_out = {"script", "style",  "nav",    "template", "noscript", "svg",  "iframe",
                                                       "object", "select", "button", "input",    "canvas",   "video"};
/// Elements within a line of text. All others begin a block.
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

    /// Reads without recursion, since a page can nest to any depth. Returns false if it has too many blocks.
    bool read(const xmlNode* node) {
        while (node != nullptr && page_.blocks.size() < most_html_blocks) {
            const bool inside = enter(node);
            if (inside && node->children != nullptr) {
                node = node->children;
                continue;
            }
            if (inside) leave();
            while (node->next == nullptr && !open_.empty()) {
                node = open_.back().node;
                leave();
            }
            node = node->next;
        }
        close();
        return node == nullptr;
    }

private:
    /// An element in progress, and the state before it.
    struct Open {
        const xmlNode* node;
        int level, row;
        bool block, in_cell, pre;
    };

    void close() {
        std::string text = pre_ > 0 ? clean_text(text_) : without_runs(clean_text(text_, true));
        const std::size_t begin = text.find_first_not_of(" \n|");
        text_.clear();
        if (begin == std::string::npos) return;
        text.erase(text.find_last_not_of(" \n|") + 1);
        text.erase(0, pre_ > 0 ? std::min(begin, text.find_first_not_of('\n')) : begin);
        page_.blocks.push_back({level_, std::move(text), fragment_, row_ > 0});
    }

    /// Enters a node. Returns true if its content is read next, and leave() follows.
    bool enter(const xmlNode* node) {
        if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content != nullptr)
            text_ += reinterpret_cast<const char*>(node->content);
        if (node->type != XML_ELEMENT_NODE) return false;
        const std::string_view name = name_of_node(node);
        if (name == "title" && page_.title.empty()) title_of(node);
        if (name == "title" || is_in(left_out, name) || is_hidden_element(node)) return false;
        if (name == "br") text_ += pre_ > 0 ? '\n' : ' ';
        if (name == "br") return false;
        const bool cell = (name == "td" || name == "th") && row_ > 0, block = !cell && !is_in(inline_elements, name);
        open_.push_back({node, level_, row_, block, row_ > 0 && name != "tr" && name != "table", name == "pre"});
        if (block) enter_block(node, name);
        else note_id(node);
        if (cell && !text_.empty()) text_ += " | ";
        return true;
    }

    /// Ends a text. A block within a cell belongs to its row.
    void end_text(bool in_cell) {
        if (in_cell) text_ += ' ';
        else close();
    }

    void enter_block(const xmlNode* node, std::string_view name) {
        end_text(open_.back().in_cell);
        note_id(node);
        const bool heading = name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
        if (heading) level_ = name[1] - '0';
        if (name == "pre") ++pre_;
        if (name == "tr") row_ = 1;
        if (name == "table") row_ = 0;
    }

    void leave() {
        const Open it = open_.back();
        open_.pop_back();
        if (!it.block) return;
        end_text(it.in_cell);
        if (it.pre) --pre_;
        level_ = it.level;
        row_ = it.row;
    }

    void note_id(const xmlNode* node) {
        if (node->properties == nullptr) return;
        std::string id = attribute(node, "id");
        if (id.empty() && name_of_node(node) == "a") id = attribute(node, "name");
        if (!id.empty() && id.size() <= most_fragment_bytes) fragment_ = clean_text(id, true);
    }

    void title_of(const xmlNode* node) {
        for (const xmlNode* it = node->children; it != nullptr; it = it->next)
            if (it->content != nullptr) page_.title += reinterpret_cast<const char*>(it->content);
        page_.title = without_runs(clean_text(page_.title, true));
    }

    HtmlPage& page_;
    std::vector<Open> open_;
    std::string text_, fragment_;
    int level_ = 0, pre_ = 0, row_ = 0;
};

using Charset = std::unique_ptr<xmlCharEncodingHandler, int (*)(xmlCharEncodingHandler*)>;

/// Returns the character set that `meta` names in the first bytes, or none if libxml2 does not know it.
Charset named_charset(std::string_view bytes) {
    std::string begin(bytes.substr(0, meta_within_bytes));
    std::transform(begin.begin(), begin.end(), begin.begin(),
                   [](char it) { return static_cast<char>(std::tolower(static_cast<unsigned char>(it))); });
    Charset none(nullptr, xmlCharEncCloseFunc);
    const std::size_t at = begin.find("charset=");
    if (at == std::string::npos) return none;
    std::string name;
    for (std::size_t i = at + 8; i < begin.size() && name.size() < 40; ++i) {
        const char it = begin[i];
        if (std::isalnum(static_cast<unsigned char>(it)) != 0 || it == '-' || it == '_') name += it;
        else if (!name.empty() || (it != '"' && it != '\'' && it != ' ')) break;
    }
    if (name.empty() || name == "utf-8" || name.starts_with("utf-16")) return none;
    return {xmlFindCharEncodingHandler(name.c_str()), xmlCharEncCloseFunc};
}

using Buffer = std::unique_ptr<xmlBuffer, void (*)(xmlBufferPtr)>;

/// Converts the bytes. Empty if one of them is not in the character set: libxml2 would end the page there.
std::optional<std::string> converted(std::string_view bytes, xmlCharEncodingHandler* charset) {
    const Buffer from(xmlBufferCreateStatic(const_cast<char*>(bytes.data()), bytes.size()), xmlBufferFree);
    const Buffer to(xmlBufferCreate(), xmlBufferFree);
    if (!from || !to) return std::nullopt;
    xmlSetStructuredErrorFunc(nullptr, [](void*, xmlErrorPtr) {});  // the caller reports the error
    while (xmlCharEncInFunc(charset, to.get(), from.get()) > 0) {}
    xmlSetStructuredErrorFunc(nullptr, nullptr);
    if (xmlBufferLength(from.get()) > 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(xmlBufferContent(to.get())),
                       static_cast<std::size_t>(xmlBufferLength(to.get())));
}

/// Decodes by the byte order mark, else by the charset in `meta` if it fits, else as UTF-8. Empty if it is not text.
std::optional<DecodedText> text_of(std::string_view bytes, bool marked) {
    if (const Charset charset = marked ? Charset(nullptr, xmlCharEncCloseFunc) : named_charset(bytes); charset)
        if (const auto text = converted(bytes, charset.get())) return decode_text(*text);
    return decode_text(bytes);
}

/// Parses UTF-8. Depth and length are limited only by those of the process.
std::unique_ptr<xmlDoc, void (*)(xmlDocPtr)> tree_of(std::string_view bytes, HtmlOutcome& outcome) {
    const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)> parser(
        htmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size())), htmlFreeParserCtxt);
    if (!parser) outcome = HtmlOutcome::no_memory;
    if (!parser) return {nullptr, xmlFreeDoc};
    htmlCtxtUseOptions(parser.get(),
                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    parser->options |= XML_PARSE_HUGE;
    xmlSwitchEncoding(parser.get(), XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(parser.get());
    if (parser->errNo == XML_ERR_NO_MEMORY) outcome = HtmlOutcome::no_memory;
    return {parser->myDoc, xmlFreeDoc};
}

}  // namespace

HtmlPage read_html(std::string_view bytes) {
    HtmlPage page;
    std::string decoded;
    const bool marked = bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff") || bytes.starts_with("\xef\xbb\xbf");
    if (marked || !is_valid_utf8(bytes)) {
        auto text = text_of(bytes, marked);
        if (!text) return {HtmlOutcome::not_text};
        decoded = std::move(text->text);
        page.replaced = text->replaced;
        bytes = decoded;
    } else if (!has_characters_of_text(bytes)) {
        return {HtmlOutcome::not_text};
    }
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {HtmlOutcome::no_memory};
    if (bytes.empty()) return page;
    const auto tree = tree_of(bytes, page.outcome);
    if (!tree || page.outcome != HtmlOutcome::read) return page;
    BlockReader reader(page);
    if (!reader.read(xmlDocGetRootElement(tree.get()))) page.outcome = HtmlOutcome::too_long;
    return page;
}

}  // namespace volt::documents
