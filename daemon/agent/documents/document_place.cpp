// URIs, places and sources of documents. Pure.
#include <charconv>

#include "daemon/agent/documents/documents.hpp"
#include "daemon/ctl/talk/suggest.hpp"

namespace volt::agent {

namespace {

constexpr std::string_view page_mark = "page=";

bool is_plain_in_uri(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           std::string_view("-._~/").find(byte) != std::string_view::npos;
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (is_plain_in_uri(byte)) encoded += byte;
        else encoded += std::string("%") + "0123456789ABCDEF"[code >> 4U] + "0123456789ABCDEF"[code & 15U];
    }
    return encoded;
}

std::string percent_decoded(const std::string& text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned code = 0;
        const char* begin = text.data() + at + 1;
        const bool escaped =
            text[at] == '%' && at + 2 < text.size() && std::from_chars(begin, begin + 2, code, 16).ptr == begin + 2;
        decoded += escaped ? static_cast<char>(code) : text[at];
        at += escaped ? 2 : 0;
    }
    return decoded;
}

/// Returns the number in a text, or 0.
std::int64_t whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    return wrong == std::errc() && end == text.data() + text.size() && value > 0 ? value : 0;
}

/// Removes `:57` or `:57-63` from the end of a path.
void take_lines(DocumentPlace& place) {
    const std::size_t colon = place.path.rfind(':');
    if (colon == std::string::npos) return;
    const std::string_view numbers = std::string_view(place.path).substr(colon + 1);
    const std::size_t dash = numbers.find('-');
    const std::int64_t from = whole_number(numbers.substr(0, dash));
    const std::int64_t to = dash == std::string_view::npos ? from : whole_number(numbers.substr(dash + 1));
    if (from == 0 || to < from) return;
    place.from = from;
    place.lines = to - from + 1;
    place.path.erase(colon);
}

}  // namespace

std::string document_uri(const std::string& source, const std::string& path) {
    if (source == manual_source) return std::string(manual_uri) + percent_encoded(path);
    return std::string(document_uris) + source + "/" + percent_encoded(path);
}

std::string hit_uri(const KnowledgeHit& hit) {
    const Passage& it = hit.passage;
    const std::string mark = it.page > 0           ? "#page=" + std::to_string(it.page)
                             : it.fragment.empty() ? ""
                                                   : "#" + percent_encoded(it.fragment);
    return document_uri(hit.source, hit.path) + mark;
}

std::string hit_place(const KnowledgeHit& hit) {
    const Passage& it = hit.passage;
    const std::string name = hit.source + "/" + hit.path;
    if (it.page > 0) return name + "#page=" + std::to_string(it.page);
    if (hit.type == "html") return it.fragment.empty() ? name : name + "#" + it.fragment;
    return name + ":" + std::to_string(it.line_from) + "-" + std::to_string(it.line_to);
}

DocumentPlace place_of(const std::string& uri, std::size_t marks_of_name) {
    DocumentPlace place;
    const bool manual = uri.starts_with(manual_uri), document = uri.starts_with(document_uris);
    std::string rest = uri.substr(manual ? manual_uri.size() : document ? document_uris.size() : 0);
    std::size_t mark = rest.find('#');
    for (; marks_of_name > 0 && mark != std::string::npos; --marks_of_name) mark = rest.find('#', mark + 1);
    if (mark != std::string::npos) {
        place.fragment = manual || document ? percent_decoded(rest.substr(mark + 1)) : rest.substr(mark + 1);
        rest.erase(mark);
        if (place.fragment.starts_with(page_mark))
            place.from = whole_number(std::string_view(place.fragment).substr(page_mark.size()));
        if (place.from > 0) place.fragment.clear();
    }
    if (!manual) {
        const std::size_t slash = rest.find('/');
        // A bare name is a page of the manual.
        place.source = slash == std::string::npos ? manual_source : rest.substr(0, slash);
        rest.erase(0, slash == std::string::npos ? 0 : slash + 1);
    } else {
        place.source = manual_source;
    }
    place.path = manual || document ? percent_decoded(rest) : rest;
    if (place.from == 0) take_lines(place);
    return place;
}

std::string unknown_source(const Documents& documents, const std::string& id, bool with_private) {
    if (id.empty() || documents.is_shown(id, with_private)) return {};
    std::vector<std::string> known;
    for (const DocumentSource& it : documents.sources())
        if (with_private || !it.kept_private) known.push_back(it.id);
    return "there is no source '" + id + "'" + ctl::choose_from(id, known);
}

}  // namespace volt::agent
