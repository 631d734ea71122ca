#include "daemon/agent/ask/question_words.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "drivers/iso_time.hpp"

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;

/// The longest question that is read, in words.
constexpr std::size_t most_question_words = 60;

const std::set<std::string>& fillers() {
    static const std::set<std::string> words = {
        "a",      "an",    "the",    "of",    "to",   "in",     "at",        "my",       "me",   "i",      "we",       "our",
        "us",     "it",    "its",    "this",  "that", "these",  "those",     "please",   "can",  "could",  "would",    "will",
        "should", "show",  "give",   "there", "here", "and",    "or",        "so",       "just", "really", "actually", "hey",
        "hi",     "hello", "thanks", "thank", "be",   "been",   "am",        "are",      "is",   "was",    "were",     "do",
        "does",   "did",   "done",   "got",   "get",  "have",   "has",       "had",      "any",  "some",   "all",      "every",
        "both",   "let",   "know",   "want",  "like", "see",    "for",       "from",     "with", "by",     "as",       "about",
        "if",     "then",  "than",   "them",  "they", "their",  "your",      "yours",    "he",   "she",    "his",      "her",
        "too",    "also",  "again",  "right", "now",  "moment", "currently", "presently"};
    return words;
}

/// Words before a request that say nothing.
constexpr const char* polite[] = {"please", "can",  "could", "would", "will", "you",  "i",     "we",  "want",
                                  "need",   "like", "to",    "let",   "us",   "just", "now",   "hey", "hi",
                                  "ok",     "okay", "voltd", "volt",  "me",   "go",   "ahead", "and"};
constexpr const char* acts[] = {"turn",     "switch",   "set",      "start",  "stop",    "delete", "remove",    "add",   "change",
                                "enable",   "disable",  "make",     "put",    "reset",   "update", "install",   "run",   "power",
                                "shut",     "kill",     "open",     "close",  "block",   "charge", "discharge", "raise", "lower",
                                "increase", "decrease", "override", "undo",   "restore", "reboot", "restart",   "prove", "test",
                                "force",    "cancel",   "approve",  "forget", "remember"};
constexpr const char* past_words[] = {"did", "was", "were", "ran", "went", "last"};

/// The beginning of a question, and its kind. The longer ones first.
constexpr std::pair<const char*, const char*> kinds[] = {{"how come", "why"},
                                                         {"what is the reason", "why"},
                                                         {"for what reason", "why"},
                                                         {"why", "why"},
                                                         {"what time", "when"},
                                                         {"when", "when"},
                                                         {"who", "who"},
                                                         {"someone", "who"},
                                                         {"anyone", "who"},
                                                         {"anybody", "who"},
                                                         {"where", "where"},
                                                         {"how long", "how long"},
                                                         {"how often", "how often"},
                                                         {"how many times", "how often"},
                                                         {"how many", "how many"},
                                                         {"how old", "how old"}};
constexpr const char* manual_phrases[] = {"what is a",   "what is an", "what are a",  "mean",         "means",
                                          "meaning",     "how do i",   "how do you",  "how do we",    "how can i",
                                          "how can you", "how can we", "how could i", "how should i", "how would i",
                                          "how to",      "how does",   "what should", "what do i",    "what can i"};

template <class List>
bool is_one_of(const std::string& word, const List& list) {
    return std::any_of(std::begin(list), std::end(list), [&](const char* it) { return word == it; });
}

std::string joined_words(const Words& words) {
    std::string text = " ";
    for (const std::string& word : words) text += word + " ";
    return text;
}

bool has_phrase(const std::string& padded, const std::string& phrase) {
    return padded.find(" " + phrase + " ") != std::string::npos;
}

/// A negation or a verb joined by an apostrophe becomes words of its own.
std::string without_apostrophes(std::string text) {
    const std::pair<const char*, const char*> forms[] = {
        {"\u2019", "'"}, {"can't", "can not"}, {"won't", "will not"}, {"n't", " not"}, {"what's", "what is"}, {"'s ", " "},
        {"'re ", " "},   {"'ve ", " "},        {"'ll ", " "},         {"'d ", " "},    {"'m ", " "}};
    text += ' ';
    for (const auto& [from, to] : forms)
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + std::string_view(to).size()))
            text.replace(at, std::string_view(from).size(), to);
    return text;
}

bool is_number(const std::string& word) {
    return !word.empty() && word.size() <= 4 &&
           std::all_of(word.begin(), word.end(), [](unsigned char byte) { return std::isdigit(byte) != 0; });
}

/// The date `days` later; empty: not a date.
std::string date_after(const std::string& date, std::int64_t days) {
    const auto at = parse_iso_utc(date + "T00:00:00Z");
    return at ? iso_time(*at + days * 86'400).substr(0, date.size()) : "";
}

/// `m`, `h`, `d` or `w` of a word for a span; 0: it is none.
char span_letter(const std::string& word) {
    const std::pair<const char*, char> letters[] = {{"minute", 'm'}, {"minutes", 'm'}, {"min", 'm'}, {"hour", 'h'},
                                                    {"hours", 'h'},  {"h", 'h'},       {"day", 'd'}, {"days", 'd'},
                                                    {"week", 'w'},   {"weeks", 'w'}};
    for (const auto& [name, letter] : letters)
        if (word == name) return letter;
    return 0;
}

/// 06:30 of `6`, `30`, `pm` from `at` on; `taken` words. Nothing: no time of day.
std::optional<std::string> time_of_day(const Words& words, std::size_t at, std::size_t& taken) {
    if (at >= words.size() || !is_number(words[at]) || words[at].size() > 2) return std::nullopt;
    int hour = std::stoi(words[at]);
    taken = 1;
    std::string minutes = "00";
    if (at + 1 < words.size() && is_number(words[at + 1]) && words[at + 1].size() == 2) minutes = words[at + 1], taken = 2;
    if (at + taken < words.size() && (words[at + taken] == "pm" || words[at + taken] == "am")) {
        hour = hour % 12 + (words[at + taken] == "pm" ? 12 : 0);
        ++taken;
    }
    if (hour > 23 || minutes > "59") return std::nullopt;
    return (hour < 10 ? "0" : "") + std::to_string(hour) + ":" + minutes;
}

/// The span that begins with the word at `at`, and how many words it has; not named: none does.
AskedSpan span_at(const Words& words, std::size_t at, const std::string& today, std::size_t& taken) {
    const auto is = [&](std::size_t ahead, const char* word) { return at + ahead < words.size() && words[at + ahead] == word; };
    const std::string yesterday = date_after(today, -1);
    taken = 1;
    if (is(0, "today")) return {today + "T00:00", "", "", true};
    if (is(0, "yesterday")) return {yesterday + "T00:00", today + "T00:00", "", true};
    if (is(0, "overnight")) return {yesterday + "T18:00", today + "T08:00", "", true};
    taken = 2;
    if (is(0, "last") && is(1, "night")) return {yesterday + "T18:00", today + "T08:00", "", true};
    if (is(0, "this") && is(1, "morning")) return {today + "T05:00", today + "T12:00", "", true};
    if (is(0, "this") && is(1, "week")) return {"", "", "7d", true};
    if (is(0, "since")) {
        std::size_t of_time = 0;
        const auto time = time_of_day(words, at + 1, of_time);
        taken = 1 + of_time;
        return time ? AskedSpan{today + "T" + *time, "", "", true} : AskedSpan{};
    }
    if (!is(0, "last") && !is(0, "past")) return {};
    const bool counted = at + 1 < words.size() && is_number(words[at + 1]);
    const char letter = at + (counted ? 2 : 1) < words.size() ? span_letter(words[at + (counted ? 2 : 1)]) : '\0';
    taken = counted ? 3 : 2;
    if (letter == '\0') return {};
    return {"", "", (counted ? words[at + 1] : std::string("1")) + letter, true};
}

}  // namespace

Words plain_words(const std::string& text) {
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    Words words(1);
    for (const char byte : without_apostrophes(lower)) {
        const bool inside = std::isalnum(static_cast<unsigned char>(byte)) != 0 || static_cast<unsigned char>(byte) > 127 ||
                            byte == '{' || byte == '}';
        if (inside) words.back() += byte;
        else if (!words.back().empty()) words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    if (words.size() > most_question_words) words.resize(most_question_words);
    return words;
}

bool is_filler(const std::string& word) { return fillers().contains(word); }

std::string stem_of(std::string word) {
    if (word.starts_with('{')) return word;
    if (word.size() > 4 && word.ends_with("ies")) word.replace(word.size() - 3, 3, "y");
    else if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")) word.pop_back();
    for (const std::string_view end : {"ing", "ed"}) {
        if (!word.ends_with(end) || word.size() < end.size() + 3) continue;
        const std::string rest = word.substr(0, word.size() - end.size());
        if (rest.find_first_of("aeiouy") == std::string::npos) continue;
        word = rest;
        const char last = word.back();
        if (word.size() > 3 && word[word.size() - 2] == last && std::string_view("lsz").find(last) == std::string::npos)
            word.pop_back();
        break;
    }
    if (word.size() > 3 && word.ends_with('e')) word.pop_back();
    return word;
}

std::set<std::string> compared_words(const Words& words, const SameWords& same) {
    std::set<std::string> compared;
    for (const std::string& word : words) {
        if (is_filler(word)) continue;
        const std::string stem = stem_of(word);
        const auto other = same.find(stem);
        const std::string& read = other == same.end() ? stem : other->second;
        if (!is_filler(read)) compared.insert(read);
    }
    return compared;
}

std::string kind_of_question(const Words& words) {
    const std::string text = joined_words(words);
    for (const auto& [phrase, kind] : kinds)
        if (has_phrase(text, phrase)) return kind;
    return "what";
}

bool asks_about_past(const Words& words) {
    return std::any_of(words.begin(), words.end(), [](const std::string& it) { return is_one_of(it, past_words); });
}

bool asks_to_act(const Words& words) {
    for (const std::string& word : words)
        if (!is_one_of(word, polite)) return is_one_of(word, acts);
    return false;
}

bool asks_the_manual(const Words& words) {
    const std::string text = joined_words(words);
    return std::any_of(std::begin(manual_phrases), std::end(manual_phrases),
                       [&](const char* it) { return has_phrase(text, it); });
}

AskedSpan take_span(Words& words, const std::string& today) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        std::size_t taken = 0;
        const AskedSpan span = span_at(words, at, today, taken);
        if (!span.named) continue;
        const auto begin = words.begin() + static_cast<std::ptrdiff_t>(at);
        words.insert(words.erase(begin, begin + static_cast<std::ptrdiff_t>(taken)), span_mark);
        return span;
    }
    return {};
}

}  // namespace volt::agent
