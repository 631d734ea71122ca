#include "drivers/store/agent/knowledge_query.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace volt {

namespace {

/// Stop words of English, and of questions.
constexpr std::array<std::string_view, 126> stop_words = {
    "a",       "about", "after", "all",   "also", "am",   "an",    "and",    "any",  "are",   "as",    "at",      "be",
    "because", "been",  "but",   "by",    "can",  "come", "could", "did",    "do",   "does",  "each",  "else",    "even",
    "ever",    "every", "few",   "for",   "from", "gets", "give",  "go",     "goes", "going", "got",   "had",     "has",
    "have",    "he",    "her",   "here",  "him",  "his",  "how",   "i",      "if",   "in",    "into",  "is",      "it",
    "its",     "just",  "keep",  "know",  "less", "like", "look",  "make",   "many", "may",   "me",    "might",   "more",
    "most",    "much",  "must",  "my",    "need", "new",  "no",    "not",    "now",  "of",    "on",    "one",     "only",
    "or",      "other", "our",   "out",   "put",  "see",  "she",   "should", "so",   "some",  "still", "such",    "take",
    "than",    "that",  "the",   "their", "them", "then", "there", "these",  "they", "this",  "those", "through", "to",
    "too",     "try",   "up",    "us",    "use",  "very", "want",  "was",    "we",   "went",  "were",  "what",    "when",
    "where",   "which", "who",   "why",   "will", "with", "would", "you",    "your"};

constexpr std::string_view separators = " \t\r\n,;/|()[]{}<>?!\"";

bool is_letter_of_word(char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || static_cast<unsigned char>(byte) > 127;
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char it) { return static_cast<char>(std::tolower(static_cast<unsigned char>(it))); });
    return lower;
}

/// Removes characters other than letters and digits from both ends.
std::string_view trimmed_word(std::string_view word) {
    while (!word.empty() && !is_letter_of_word(word.front())) word.remove_prefix(1);
    while (!word.empty() && !is_letter_of_word(word.back())) word.remove_suffix(1);
    return word;
}

std::string quoted_phrase(std::string_view word) {
    std::string text = "\"";
    for (const char byte : word) text += byte == '"' ? std::string("\"\"") : std::string(byte == '\0' ? 0 : 1, byte);
    return text + "\"";
}

/// Turns `miner's` into `miner`. A negation (`doesn't`) is not a search word.
std::string_view without_apostrophe(std::string_view word) {
    if (word.ends_with("n't")) return {};
    const std::size_t at = word.find('\'');
    return at != std::string_view::npos && word.size() - at <= 3 ? word.substr(0, at) : word;
}

void add_plain_words(std::string_view text, std::vector<std::string>& words) {
    for (std::size_t from = text.find_first_not_of(separators); from < text.size();) {
        const std::size_t end = std::min(text.find_first_of(separators, from), text.size());
        const std::string_view word = without_apostrophe(trimmed_word(text.substr(from, end - from)));
        if (!word.empty()) words.emplace_back(word);
        from = std::min(text.find_first_not_of(separators, end), text.size());
    }
}

/// Splits a text into words. Text between double quotes is one word; without a closing quote it is not.
std::vector<std::string> words_in(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t open = text.find('"', from), close = open == std::string::npos ? open : text.find('"', open + 1);
        const bool phrase = close != std::string::npos;
        add_plain_words(std::string_view(text).substr(from, phrase ? open - from : std::string::npos), words);
        if (!phrase) break;
        if (const auto inside = trimmed_word(std::string_view(text).substr(open + 1, close - open - 1)); !inside.empty())
            words.emplace_back(inside);
        from = close + 1;
    }
    return words;
}

bool is_the_same(std::string_view word, std::string_view known) {
    return word == known || (word.size() == known.size() + 1 && word.ends_with('s') && word.starts_with(known));
}

std::string wider_words(const std::string& word, const Synonyms& groups) {
    std::string wider;
    for (const auto& group : groups) {
        const auto same = [&](const std::string& known) { return is_the_same(word, known); };
        if (std::none_of(group.begin(), group.end(), same)) continue;
        for (const std::string& other : group)
            if (!same(other)) wider += (wider.empty() ? "" : " OR ") + quoted_phrase(other);
    }
    return wider;
}

}  // namespace

const Synonyms& trade_synonyms() {
    static const Synonyms groups = {{"solar", "sun", "pv"},
                                    {"miner", "asic", "antminer", "machine", "load"},
                                    {"relay", "switch", "plug", "outlet"},
                                    {"bank", "battery", "pack"},
                                    {"inverter", "sol-ark"},
                                    {"gx", "cerbo", "victron"},
                                    {"thermometer", "probe", "sensor"},
                                    {"sd", "card"},
                                    {"phone", "mobile", "tablet", "browser"},
                                    {"dashboard", "page", "web"},
                                    {"pi", "raspberry", "computer"},
                                    {"volts", "voltage"},
                                    {"degrees", "temperature"},
                                    {"password", "key", "token"},
                                    {"typo", "mistake", "error"},
                                    {"blackout", "outage"},
                                    {"wipe", "reset", "remove"},
                                    {"daemon", "service", "voltd"}};
    return groups;
}

Synonyms synonyms_in(std::string_view text) {
    Synonyms groups;
    while (!text.empty() && groups.size() < most_synonym_lines) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        line = line.substr(0, line.find('#'));
        text.remove_prefix(std::min(end + 1, text.size()));
        std::vector<std::string> group;
        while (!line.empty() && group.size() < most_words_of_a_synonym_line) {
            const std::size_t comma = std::min(line.find(','), line.size());
            if (const auto word = trimmed_word(line.substr(0, comma)); !word.empty()) group.push_back(in_lower_case(word));
            line.remove_prefix(std::min(comma + 1, line.size()));
        }
        if (group.size() > 1) groups.push_back(std::move(group));
    }
    return groups;
}

std::string KnowledgeQuery::all() const {
    std::string text;
    for (const QueryWord& it : words) text += (text.empty() ? "" : " AND ") + it.phrase;
    return text;
}

std::string KnowledgeQuery::any() const {
    std::string text;
    for (const QueryWord& it : words)
        text += (text.empty() ? "" : " OR ") + it.phrase + (it.wider.empty() ? "" : " OR ") + it.wider;
    return text;
}

KnowledgeQuery query_of(std::string_view text, const Synonyms& owners) {
    const std::string asked = in_lower_case(text.substr(0, most_question_bytes));
    const std::vector<std::string> words = words_in(asked);
    KnowledgeQuery query;
    if (words.size() > 1 && asked.find('"') == std::string::npos) query.whole = quoted_phrase(trimmed_word(asked));
    for (const bool common_too : {false, true}) {
        for (const std::string& word : words) {
            const bool common = std::find(stop_words.begin(), stop_words.end(), word) != stop_words.end();
            if ((common && !common_too) || query.words.size() == most_query_words) continue;
            QueryWord added{quoted_phrase(word), wider_words(word, trade_synonyms())};
            const std::string more = wider_words(word, owners);
            if (!more.empty()) added.wider += (added.wider.empty() ? "" : " OR ") + more;
            query.words.push_back(std::move(added));
        }
        if (!query.words.empty()) break;
    }
    return query;
}

}  // namespace volt
