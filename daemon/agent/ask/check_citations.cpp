#include "daemon/agent/ask/check_citations.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

#include "daemon/agent/documents/documents.hpp"

namespace volt::agent {

namespace {

constexpr const char* removed_mark = "[source removed]";
constexpr std::string_view scheme_end = "://";
/// Placeholder for the source of a document that has only a name.
constexpr const char* any_source = "*";
/// Prefixes of a URI without a scheme.
constexpr std::string_view bare_uris[] = {"www.", "//", "mailto:", "volt:"};
/// Maximum gap between two passages of a document: blank lines, and a heading with its underline. Pages have no gap.
constexpr std::int64_t most_lines_between = 4, no_page_between = 0;
/// Maximum bytes before a document that may contain `page 42 of`.
constexpr std::size_t most_words_before = 40;
/// Maximum blanks, brackets, dashes and quotes between a URI and the word `page` or `lines` after it.
constexpr std::size_t most_marks_between = 6;
/// Maximum number of a line or page.
constexpr std::int64_t most_place = 1'000'000'000;
/// Maximum spans after one colon. If there are more, all are ignored.
constexpr std::size_t most_cited_spans = 16;

/// URI in a text, or a document without its scheme, `manual/alarms.md:12`.
struct Citation {
    std::size_t from = 0, to = 0;
    std::string uri{};   ///< including its scheme
    bool known = false;  ///< its source belongs to this site, so it is a citation even without a place
    bool placed = true;  ///< false: a document without a scheme or a place; a citation only if the words after it name a place
};

/// First and last line or page. 0 means none.
using PlaceSpan = std::pair<std::int64_t, std::int64_t>;

/// Given lines or pages. `wide` also includes permitted gaps between them.
struct GivenSpans {
    std::vector<PlaceSpan> exact{}, wide{};
};

/// Parts of a document that the tools gave.
struct GivenDocument {
    std::set<std::string> fragments{};
    GivenSpans lines{}, pages{};
};
using GivenDocuments = std::map<std::string, GivenDocument>;

/// Parsed URI: a document with a fragment or a page, and the lines after a colon.
struct CitedUri {
    DocumentPlace place{};
    std::vector<PlaceSpan> lines{};
    std::string document() const { return place.source + "/" + place.path; }
    std::int64_t page() const { return place.lines == 0 ? place.from : 0; }
};

/// Place in words after a URI: `, page 42` or ` (lines 12-31)`.
struct WordedPlace {
    PlaceSpan span{};
    bool of_pages = false;
    std::size_t end = 0;  ///< position after it, or 0 if there is none
};

bool is_alphanumeric(char byte) { return std::isalnum(static_cast<unsigned char>(byte)) != 0; }
bool is_digit(char byte) { return std::isdigit(static_cast<unsigned char>(byte)) != 0; }
bool is_scheme_byte(char byte) { return is_alphanumeric(byte) || byte == '+' || byte == '-' || byte == '.'; }
bool is_source_byte(char byte) { return is_alphanumeric(byte) || byte == '-' || byte == '_'; }
bool is_uri_byte(char byte) {
    return static_cast<unsigned char>(byte) > ' ' && std::string_view("<>\"'`()[]{}|\\^").find(byte) == std::string_view::npos;
}

/// Consumes a number at the beginning of a text. Returns 0 if there is none.
std::int64_t take_number(std::string_view& text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return error == std::errc() && number > 0 && number <= most_place ? number : 0;
}

/// Consumes the first of these that the text begins with, ignoring case. Returns false if there is none.
bool take_any(std::string_view& text, std::initializer_list<std::string_view> these) {
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == static_cast<unsigned char>(b); };
    const auto is = [&](std::string_view it) {
        return text.size() >= it.size() &&
               std::equal(it.begin(), it.end(), text.begin(), [&](char a, char b) { return same(b, a); });
    };
    const auto* const found = std::find_if(these.begin(), these.end(), is);
    if (found == these.end()) return false;
    text.remove_prefix(found->size());
    return true;
}

/// Returns where the first URI of a word begins, or the word's size if it has none.
std::size_t scheme_of(std::string_view word) {
    for (const std::string_view it : bare_uris)
        if (word.starts_with(it) && word.size() > it.size() && is_alphanumeric(word[it.size()])) return 0;
    for (std::size_t mark = word.find(scheme_end); mark < word.size(); mark = word.find(scheme_end, mark + 1)) {
        std::size_t from = mark;
        while (from > 0 && is_scheme_byte(word[from - 1])) --from;
        if (from < mark && mark + scheme_end.size() < word.size()) return from;
    }
    return word.size();
}

/// Returns where the id of a source followed by a slash begins, or the word's size if there is none.
std::size_t source_of(std::string_view word) {
    for (std::size_t slash = word.find('/'); slash < word.size(); slash = word.find('/', slash + 1)) {
        std::size_t from = slash;
        while (from > 0 && is_source_byte(word[from - 1])) --from;
        while (from < slash && !is_alphanumeric(word[from])) ++from;
        if (from < slash) return from;
    }
    return word.size();
}

/// Reads a document without its scheme, from the id of its source on, or a name alone. Returns false if the word is neither.
bool read_bare_document(std::string_view word, const std::vector<std::string>& sources, Citation& it) {
    const bool named = word.find('/') == std::string_view::npos;
    for (std::size_t dot = word.find('.', named ? 0 : word.find('/')); dot < word.size(); dot = word.find('.', dot + 1)) {
        std::string_view rest = word.substr(dot);
        if (!take_any(rest, {".markdown", ".md", ".txt", ".html", ".htm", ".pdf"})) continue;
        const std::size_t letter = rest.starts_with(":L") || rest.starts_with(":l") ? 2 : 1;
        it.placed = rest.starts_with('#') || (rest.size() > letter && rest[0] == ':' && is_digit(rest[letter]));
        if (!it.placed && !rest.empty()) continue;
        const std::string_view path = word.substr(0, word.size() - rest.size());
        const std::string source(word.substr(0, named ? 0 : word.find('/')));
        it.known = std::find(sources.begin(), sources.end(), source) != sources.end();
        if (letter == 2) rest.remove_prefix(2);
        std::string document(path);
        if (named) document = std::string(any_source) + "/" + document;
        it.uri =
            std::string(source == "manual" ? "volt://" : document_uris) + document + (letter == 2 ? ":" : "") + std::string(rest);
        return true;
    }
    return false;
}

/// Returns the first citation from `at` on, or an empty one.
Citation next_citation(const std::string& text, std::size_t at, const std::vector<std::string>& sources) {
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && is_uri_byte(text[end])) ++end;
        std::string_view word = std::string_view(text).substr(at, end - at);
        word = word.substr(0, word.find_last_not_of(".,;:!?*_") + 1);
        const std::size_t scheme = scheme_of(word), source = source_of(word.substr(0, scheme));
        const bool named = source >= scheme && word.find('/') == std::string_view::npos;
        const std::size_t begin = named ? word.find_first_not_of("*_") : source;
        Citation it{at + begin, at + scheme};
        if (begin < scheme && read_bare_document(word.substr(begin, scheme - begin), sources, it)) return it;
        if (scheme < word.size()) return {at + scheme, at + word.size(), std::string(word.substr(scheme))};
        at = end + 1;
    }
    return {};
}

/// Consumes `12` or `12-31`.
PlaceSpan take_span_of_places(std::string_view& text) {
    const std::int64_t first = take_number(text);
    std::string_view rest = text;
    if (!take_any(rest, {"-", "\u2013", " - ", " \u2013 ", " to "})) return {first, first};
    const std::int64_t last = take_number(rest);
    if (last > 0) text = rest;
    return {first, last > 0 ? last : first};
}

CitedUri read_uri(const std::string& uri) {
    const std::size_t colon = uri.find_last_not_of("0123456789-,");
    const bool lined = colon != std::string::npos && uri[colon] == ':' && colon + 1 < uri.size();
    CitedUri cited{place_of(lined ? uri.substr(0, colon) : uri), {}};
    const bool far = cited.place.from > most_place || cited.place.lines > most_place;
    if (cited.place.lines > 0)
        cited.lines.push_back(far ? PlaceSpan{} : PlaceSpan{cited.place.from, cited.place.from + cited.place.lines - 1});
    std::string_view rest = lined ? std::string_view(uri).substr(colon + 1) : std::string_view();
    while (!rest.empty()) {
        const PlaceSpan span = take_span_of_places(rest);
        const bool ends = (rest.empty() || take_any(rest, {","})) && cited.lines.size() < most_cited_spans;
        cited.lines.push_back(ends ? span : PlaceSpan{});
        if (!ends) break;
    }
    return cited;
}

/// Consumes `page ` or a similar word before a number.
bool take_page_word(std::string_view& text) {
    std::string_view rest = text;
    const bool found =
        take_any(rest, {"pages ", "page ", "pp. ", "pp.", "p. ", "p.", "p ", "p"}) && !rest.empty() && is_digit(rest.front());
    if (found) text = rest;
    return found;
}

/// Reads `page 42 of ` or `lines 12-31 in ` before a document. `end` is one more than where the words begin.
WordedPlace worded_before(const std::string& text, const Citation& cited, std::size_t from) {
    const std::size_t begin = std::max(from, cited.from - std::min(cited.from, most_words_before));
    for (std::size_t at = begin; at < cited.from; ++at) {
        if (at > 0 && is_alphanumeric(text[at - 1])) continue;
        std::string_view rest = std::string_view(text).substr(at, cited.from - at);
        WordedPlace place{.end = at + 1};
        place.of_pages = take_page_word(rest);
        if (!place.of_pages && !take_any(rest, {"lines ", "line "})) continue;
        if (rest.empty() || !is_digit(rest.front())) continue;
        place.span = take_span_of_places(rest);
        if (!take_any(rest, {" of ", " in ", " from "})) continue;
        while (take_any(rest, {"the ", "`", "\"", "'", "*", "[", "("})) {}
        if (rest.empty()) return place;
    }
    return {};
}

/// Reads a place only after a document. Text after another URI is about something else.
WordedPlace worded_place(const std::string& text, const Citation& cited) {
    if (!cited.uri.starts_with(manual_uri) && !cited.uri.starts_with(document_uris)) return {};
    std::string_view rest = std::string_view(text).substr(cited.to);
    bool opened = false, coloned = false;
    for (std::size_t i = 0; i < most_marks_between; ++i) {
        opened = opened || rest.starts_with('(');
        coloned = coloned || rest.starts_with(':');
        if (!take_any(rest, {" ", ",", ";", ":", "(", ")", "]", "`", "'", "\"", "*", "-", "\u2013", "\u2014"})) break;
    }
    take_any(rest, {"on ", "at "});
    WordedPlace place;
    place.of_pages = take_page_word(rest);
    const bool worded = place.of_pages || take_any(rest, {"lines ", "line "});
    if (rest.empty() || !is_digit(rest.front())) return {};
    place.span = take_span_of_places(rest);
    // accepts `manual/alarms.md: 12-31`, but not `: 3 alarms`
    if (!worded && (!coloned || place.span.first == place.span.second)) return {};
    if (opened && rest.starts_with(')')) rest.remove_prefix(1);
    place.end = text.size() - rest.size();
    return place;
}

/// Returns the name of its document.
std::string add_uri(const std::string& uri, GivenDocuments& given) {
    const CitedUri cited = read_uri(uri);
    GivenDocument& document = given[cited.document()];
    document.fragments.insert(cited.place.fragment);
    document.lines.exact.insert(document.lines.exact.end(), cited.lines.begin(), cited.lines.end());
    if (cited.page() > 0) document.pages.exact.emplace_back(cited.page(), cited.page());
    return cited.document();
}

/// Adds the place of a hit or of a part, which is a member of an object.
void add_place_of(const Json& object, GivenDocument& document) {
    const auto number = [&](const char* key) {
        const auto found = object.find(key);
        const bool is_whole = found != object.end() && found->is_number_integer();
        return is_whole ? std::min(found->get<std::int64_t>(), most_place) : 0;
    };
    const std::int64_t from = number("line_from"), to = number("line_to"), page = number("page");
    if (from > 0) document.lines.exact.emplace_back(from, std::max(from, to));
    if (page > 0) document.pages.exact.emplace_back(page, page);
}

/// Collects documents from members `uri` only, with the places in the same object and inside it. A text may repeat what the model
/// wrote.
void collect_places(const Json& value, std::string document, GivenDocuments& given) {
    if (!value.is_structured()) return;
    const auto uri = value.is_object() ? value.find("uri") : value.end();
    if (uri != value.end() && uri->is_string()) document = add_uri(uri->get<std::string>(), given);
    if (value.is_object() && !document.empty()) add_place_of(value, given[document]);
    for (const Json& item : value) collect_places(item, document, given);
}

/// Returns the fewest spans in order. Merges two with a gap of up to `between`.
std::vector<PlaceSpan> merged_spans(std::vector<PlaceSpan> spans, std::int64_t between) {
    std::sort(spans.begin(), spans.end());
    std::vector<PlaceSpan> merged;
    for (const PlaceSpan& it : spans) {
        if (it.first <= 0) continue;
        if (!merged.empty() && it.first <= merged.back().second + 1 + between)
            merged.back().second = std::max(merged.back().second, it.second);
        else merged.push_back(it);
    }
    return merged;
}

void merge(GivenSpans& spans, std::int64_t between) {
    spans.exact = merged_spans(std::move(spans.exact), 0);
    spans.wide = merged_spans(spans.exact, between);
}

bool has(const std::vector<PlaceSpan>& merged, std::int64_t first, std::int64_t last) {
    const auto next = std::upper_bound(merged.begin(), merged.end(), PlaceSpan{first, most_place});
    return next != merged.begin() && last <= std::prev(next)->second;
}

/// Returns true if the first and last were given, and only gaps between passages are missing.
bool covers(const GivenSpans& given, const PlaceSpan& wanted) {
    const auto [first, last] = wanted;
    return first > 0 && first <= last && has(given.exact, first, first) && has(given.exact, last, last) &&
           has(given.wide, first, last);
}

bool is_given(const CitedUri& cited, const WordedPlace& worded, const GivenDocument& document) {
    const auto has_pages = [&](const PlaceSpan& span) { return covers(document.pages, span); };
    const auto has_lines = [&](const PlaceSpan& span) { return covers(document.lines, span); };
    if (!cited.place.fragment.empty() && !document.fragments.contains(cited.place.fragment)) return false;
    if (cited.page() > 0 && !has_pages({cited.page(), cited.page()})) return false;
    if (worded.end > 0 && !(worded.of_pages ? has_pages(worded.span) : has_lines(worded.span))) return false;
    // For a document with pages, numbers after the colon are also pages.
    return std::all_of(cited.lines.begin(), cited.lines.end(),
                       [&](const PlaceSpan& span) { return has_lines(span) || has_pages(span); });
}

/// Returns true if one of the documents it may mean was given, with its place.
bool is_any_given(const CitedUri& cited, const WordedPlace& behind, const WordedPlace& before, const GivenDocuments& given) {
    const auto has_places = [&](const GivenDocument& it) { return is_given(cited, behind, it) && is_given(cited, before, it); };
    const auto found = given.find(cited.document());
    if (cited.place.source != any_source) return found != given.end() && has_places(found->second);
    const std::string name = "/" + cited.place.path;
    return std::any_of(given.begin(), given.end(),
                       [&](const auto& it) { return it.first.ends_with(name) && has_places(it.second); });
}

}  // namespace

CheckedCitations check_citations(const std::string& answer, const std::vector<Json>& results,
                                 const std::vector<std::string>& sources) {
    GivenDocuments given;
    for (const Json& result : results) collect_places(result, "", given);
    for (auto& [name, document] : given) {
        merge(document.lines, most_lines_between);
        merge(document.pages, no_page_between);
    }
    CheckedCitations checked;
    std::set<std::string> listed;
    std::size_t done = 0;
    for (Citation at = next_citation(answer, 0, sources); at.to > at.from;) {
        const WordedPlace worded = worded_place(answer, at), before = worded_before(answer, at, done);
        const std::size_t end = worded.end > 0 ? worded.end : at.to;
        const bool is_placed = at.placed || worded.end > 0 || before.end > 0;
        if (is_placed || at.known) {
            const bool found = is_any_given(read_uri(at.uri), worded, before, given);
            const std::size_t from = !found && before.end > 0 ? before.end - 1 : at.from;
            const std::string cited = answer.substr(from, end - from);
            checked.text += answer.substr(done, from - done) + (found ? cited : removed_mark);
            done = end;
            const std::string& shown = found ? at.uri : cited;
            if (listed.insert(shown).second) (found ? checked.sources : checked.removed).push_back(shown);
        }
        at = next_citation(answer, end, sources);
    }
    checked.text += answer.substr(done);
    return checked;
}

}  // namespace volt::agent
