#include "daemon/agent/ask/check_citations.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace volt::agent {

namespace {

constexpr const char* removed_mark = "[source removed]";
constexpr std::string_view scheme_end = "://";

struct UriPlace {
    std::size_t from = 0, to = 0;
};

bool is_scheme_byte(char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '+' || byte == '-' || byte == '.';
}

/// The next URI from `at` on; without one it is empty.
UriPlace next_uri(const std::string& text, std::size_t at) {
    for (std::size_t mark = text.find(scheme_end, at); mark != std::string::npos; mark = text.find(scheme_end, mark + 1)) {
        std::size_t from = mark;
        while (from > at && is_scheme_byte(text[from - 1])) --from;
        std::size_t to = mark + scheme_end.size();
        while (to < text.size() && static_cast<unsigned char>(text[to]) > ' ' &&
               std::string_view("<>\"'`()[]{}|\\^").find(text[to]) == std::string::npos)
            ++to;
        while (to > from && std::string_view(".,;:!?*_").find(text[to - 1]) != std::string::npos) --to;
        if (from < mark && to > mark + scheme_end.size()) return {from, to};
    }
    return {};
}

/// Without `:12-31` behind it.
std::string without_lines(const std::string& uri) {
    const std::size_t colon = uri.find_last_not_of("0123456789-,");
    const bool lines = colon != std::string::npos && uri[colon] == ':' && colon + 1 < uri.size();
    return lines ? uri.substr(0, colon) : uri;
}

/// Every URI in the texts of a result, with and without its fragment.
void collect_uris(const Json& value, std::set<std::string>& known) {
    if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        for (UriPlace at = next_uri(text, 0); at.to > at.from; at = next_uri(text, at.to)) {
            const std::string uri = without_lines(text.substr(at.from, at.to - at.from));
            known.insert({uri, uri.substr(0, uri.find('#'))});
        }
    } else if (value.is_structured()) {
        for (const Json& item : value) collect_uris(item, known);
    }
}

void add_once(std::vector<std::string>& list, const std::string& text) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

}  // namespace

CheckedCitations check_citations(const std::string& answer, const std::vector<Json>& results) {
    std::set<std::string> known;
    for (const Json& result : results) collect_uris(result, known);
    CheckedCitations checked;
    std::size_t done = 0;
    for (UriPlace at = next_uri(answer, 0); at.to > at.from; at = next_uri(answer, at.to)) {
        const std::string uri = answer.substr(at.from, at.to - at.from);
        const bool found = known.contains(uri) || known.contains(without_lines(uri));
        checked.text += answer.substr(done, at.from - done) + (found ? uri : removed_mark);
        done = at.to;
        add_once(found ? checked.sources : checked.removed, uri);
    }
    checked.text += answer.substr(done);
    return checked;
}

}  // namespace volt::agent
