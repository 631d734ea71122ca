#include "daemon/agent/ask/question_words.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include "daemon/agent/ask/same_words.hpp"

namespace volt::agent {

namespace {

using Words = std::vector<std::string>;

/// Maximum words of a question.
constexpr std::size_t most_question_words = 60;

/// Words without meaning before a request.
constexpr const char* polite[] = {"please", "can", "could", "would", "will", "you",    "i",    "we",     "want", "need", "like",
                                  "to",     "let", "lets",  "us",    "just", "now",    "hey",  "hi",     "ok",   "okay", "voltd",
                                  "volt",   "me",  "go",    "ahead", "and",  "kindly", "then", "should", "it",   "is",   "time"};
constexpr const char* acts[] = {
    "turn",      "switch",   "set",      "start",       "stop",     "delete",   "remove",  "add",       "change",
    "enable",    "disable",  "make",     "put",         "reset",    "update",   "install", "run",       "power",
    "shut",      "kill",     "open",     "close",       "end",      "block",    "charge",  "discharge", "raise",
    "lower",     "increase", "decrease", "override",    "undo",     "restore",  "reboot",  "restart",   "prove",
    "test",      "force",    "cancel",   "approve",     "forget",   "remember", "fire",    "kick",      "crank",
    "bump",      "silence",  "clear",    "acknowledge", "mute",     "drop",     "pause",   "resume",    "unblock",
    "allow",     "heat",     "cool",     "mine",        "begin",    "halt",     "revert",  "configure", "write",
    "save",      "send",     "email",    "notify",      "upgrade",  "live",     "back",    "import",    "export",
    "calibrate", "rename",   "move",     "create",      "schedule", "dial",     "ramp",    "flip",      "leave"};
/// Phrases for a complete check, which voltctl doctor does by querying devices.
constexpr const char* whole_checks[] = {"go over", "go through", "take back", "audit", "inspect", "examine"};
/// Words after an act that turn it into a noun: `charge level`, `power draw`.
constexpr const char* words_behind_noun[] = {
    "level",   "voltage", "voltages",  "volts",      "draw",  "use",     "usage",  "consumption", "state", "status",
    "history", "time",    "times",     "over",       "since", "from",    "mode",   "limit",       "order", "now",
    "current", "in",      "threshold", "thresholds", "flow",  "balance", "points", "point",       "on"};
constexpr const char* noun_acts[] = {"power",    "charge",   "run",  "start",  "stop",   "block",   "test",
                                     "schedule", "override", "heat", "import", "export", "restart", "change"};
/// Beginnings of a question: `the heater needs to come on` is a wish, `what needs to be done` is not.
constexpr const char* question_beginnings[] = {"what", "why", "when", "how",      "which",     "who",  "does",
                                               "is",   "are", "do",   "anything", "something", "tell", "show"};
/// Words as in `get the miner going`.
constexpr const char* begun_words[] = {"going", "running", "started", "working", "mining", "back", "on", "off"};
/// Verbs of wishes. A wish that names a state and nothing to read is a request to act.
constexpr const char* wish_words[] = {"want", "need", "like"};
constexpr const char* reading_words[] = {"know",  "see",     "hear",   "understand", "find",     "check", "look", "list",  "show",
                                         "why",   "what",    "how",    "which",      "when",     "who",   "get",  "graph", "plot",
                                         "chart", "history", "status", "summary",    "overview", "learn", "view", "is",    "if"};
constexpr const char* past_words[] = {"did", "was",  "were",     "ran",  "went",   "last",
                                      "had", "came", "happened", "kept", "latest", "lately"};
/// Participles after `has` and `have`.
constexpr const char* participles[] = {"been",   "done",    "run",     "gone", "happened", "switched",
                                       "turned", "started", "stopped", "used", "produced", "made"};
/// Forms of "switch" before `on` and `off`.
constexpr const char* switched_forms[] = {"switched", "turned", "powered"};

/// Beginnings of questions, with their kind. Longer ones come first.
constexpr std::pair<const char*, const char*> kinds[] = {{"how come", "why"},
                                                         {"what is up with", "why"},
                                                         {"what is the deal with", "why"},
                                                         {"what is the story with", "why"},
                                                         {"what makes", "why"},
                                                         {"what reason", "why"},
                                                         {"the reason", "why"},
                                                         {"a reason", "why"},
                                                         {"any reason", "why"},
                                                         {"reasons for", "why"},
                                                         {"what gives", "why"},
                                                         {"what made", "why"},
                                                         {"grounds", "why"},
                                                         {"what cause", "why"},
                                                         {"reasons", "why"},
                                                         {"reasoning", "why"},
                                                         {"how much longer", "how long"},
                                                         {"the cause", "why"},
                                                         {"reason", "why"},
                                                         {"reason why", "why"},
                                                         {"reason the", "why"},
                                                         {"reason for", "why"},
                                                         {"reason that", "why"},
                                                         {"what for", "why"},
                                                         {"why", "why"},
                                                         {"explain", "why"},
                                                         {"what time", "when"},
                                                         {"what times", "when"},
                                                         {"what hour", "when"},
                                                         {"since when", "how long"},
                                                         {"who", "who"},
                                                         {"someone", "who"},
                                                         {"somebody", "who"},
                                                         {"anyone", "who"},
                                                         {"anybody", "who"},
                                                         {"when", "when"},
                                                         {"where", "where"},
                                                         {"how long", "how long"},
                                                         {"how often", "how often"},
                                                         {"how many times", "how often"},
                                                         {"how frequently", "how often"},
                                                         {"how many starts", "how often"},
                                                         {"how old", "how old"}};
/// Phrases that may occur anywhere in a question.
constexpr const char* manual_phrases[] = {"what is a",
                                          "what is an",
                                          "what are a",
                                          "mean",
                                          "means",
                                          "meaning",
                                          "how do i",
                                          "how do you",
                                          "how do we",
                                          "how can i",
                                          "how can you",
                                          "how can we",
                                          "how could i",
                                          "how should i",
                                          "how should we",
                                          "how would i",
                                          "how to",
                                          "how does",
                                          "what should",
                                          "what do i do",
                                          "what do i need",
                                          "what can i do",
                                          "what can you do",
                                          "what can we",
                                          "what happens",
                                          "should i buy",
                                          "do you like",
                                          "do you think",
                                          "difference between",
                                          "is the difference",
                                          "better than",
                                          "best way",
                                          "good idea",
                                          "is it safe",
                                          "how cold is too",
                                          "how hot is too",
                                          "how low is too",
                                          "how high is too",
                                          "is it normal",
                                          "is it bad",
                                          "is it fine",
                                          "is it legal",
                                          "is it worth",
                                          "worth it",
                                          "is it ok to",
                                          "is it possible",
                                          "can i use",
                                          "can you explain what",
                                          "in general",
                                          "what would happen",
                                          "what if"};
/// Beginnings of questions that are about voltd, not the site.
constexpr const char* manual_beginnings[] = {"does voltd",
                                             "can voltd",
                                             "will voltd",
                                             "what does voltd do when",
                                             "can i",
                                             "can we",
                                             "may i",
                                             "should i get",
                                             "should i buy",
                                             "should i add",
                                             "should i replace",
                                             "should we get",
                                             "should we add",
                                             "how is the night budget",
                                             "how are the"};
/// Terms whose meaning `what is …` asks for, if there is little else.
constexpr const char* manual_terms[] = {"shadow mode",  "safe mode",     "night budget", "lease",         "leases",
                                        "preemption",   "voltage curve", "budget floor", "predicted sag", "stagger",
                                        "excess power", "blind",         "float",        "absorption"};

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

/// Splits a negation or verb joined by an apostrophe into separate words.
std::string without_apostrophes(std::string text) {
    const std::pair<const char*, const char*> forms[] = {
        {"\u2019", "'"},      {"can't", "can not"}, {"won't", "will not"}, {"n't", " not"},       {"what's", "what is"},
        {"who's", "who is"},  {"how's", "how is"},  {"why's", "why is"},   {"when's", "when is"}, {"where's", "where is"},
        {"why'd", "why did"}, {"how'd", "how did"}, {"let's", "lets"},     {"%", " percent "},    {"time zone", "timezone"},
        {"'s ", " "},         {"'re ", " "},        {"'ve ", " "},         {"'ll ", " "},         {"'d ", " "},
        {"'m ", " "}};
    text += ' ';
    for (const auto& [from, to] : forms)
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + std::string_view(to).size()))
            text.replace(at, std::string_view(from).size(), to);
    return text;
}

/// Expands contractions typed without their apostrophe: `whats`, `isnt`.
Words with_whole_forms(const Words& words) {
    static const std::map<std::string, Words> forms = {
        {"whats", {"what", "is"}},   {"hows", {"how", "is"}},     {"whos", {"who", "is"}},
        {"whys", {"why", "is"}},     {"wheres", {"where", "is"}}, {"isnt", {"is", "not"}},
        {"arent", {"are", "not"}},   {"wasnt", {"was", "not"}},   {"werent", {"were", "not"}},
        {"dont", {"do", "not"}},     {"doesnt", {"does", "not"}}, {"didnt", {"did", "not"}},
        {"wont", {"will", "not"}},   {"cant", {"can", "not"}},    {"hasnt", {"has", "not"}},
        {"havent", {"have", "not"}}, {"aint", {"is", "not"}},     {"im", {"i"}},
        {"ive", {"i", "have"}},      {"id", {"i", "would"}},      {"theres", {"there", "is"}},
        {"thats", {"that", "is"}},   {"weve", {"we", "have"}},    {"howd", {"how", "did"}},
        {"whyd", {"why", "did"}}};
    Words read;
    for (const std::string& word : words) {
        const auto found = forms.find(word);
        if (found == forms.end()) read.push_back(word);
        else read.insert(read.end(), found->second.begin(), found->second.end());
    }
    return read;
}

/// Reads `is it switched on` as `is it on`, because it asks about the present; `what was switched on` asks about the past.
Words without_switched(const Words& words) {
    if (asks_about_past(words)) return words;
    Words left;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const bool sided = at + 1 < words.size() && (words[at + 1] == "on" || words[at + 1] == "off");
        if (!sided || !is_one_of(words[at], switched_forms)) left.push_back(words[at]);
    }
    return left;
}

/// Replaces an idiom of several words with one word.
Words with_phrases(const Words& question) {
    const Words words = without_switched(question);
    Words stems, read;
    for (const std::string& word : words) stems.push_back(stem_of(word));
    for (std::size_t at = 0; at < words.size();) {
        const auto begin = stems.begin() + static_cast<std::ptrdiff_t>(at);
        const auto& phrases = same_phrases();
        const auto found = std::find_if(phrases.begin(), phrases.end(), [&](const SamePhrase& it) {
            return it.first.size() <= stems.size() - at && std::equal(it.first.begin(), it.first.end(), begin);
        });
        if (found == phrases.end()) {
            read.push_back(words[at++]);
            continue;
        }
        std::istringstream other(found->second);
        for (std::string word; other >> word;) read.push_back(word);
        at += found->first.size();
    }
    return read;
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
    words = with_whole_forms(words);
    if (words.size() > most_question_words) words.resize(most_question_words);
    return words;
}

bool is_filler(const std::string& word) { return filler_words().contains(word); }

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

std::set<std::string> stems_in(const char* words) {
    std::istringstream in(words);
    std::set<std::string> stems;
    for (std::string word; in >> word;) stems.insert(stem_of(word));
    return stems;
}

std::set<std::string> compared_words(const Words& words) {
    std::set<std::string> compared;
    for (const std::string& word : with_phrases(words)) {
        if (is_filler(word)) continue;
        const std::string stem = stem_of(word);
        const auto other = same_words().find(stem);
        const std::string& read = other == same_words().end() ? stem : other->second;
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

bool asks_about_future(const Words& words) { return std::find(words.begin(), words.end(), "will") != words.end(); }

bool asks_what_has_been(const Words& words) {
    const auto has = std::find_if(words.begin(), words.end(), [](const std::string& it) { return it == "has" || it == "have"; });
    return std::any_of(has, words.end(),
                       [](const std::string& it) { return is_one_of(it, participles) || (it.size() > 4 && it.ends_with("ed")); });
}

bool asks_for_threshold(const Words& words) {
    static const std::set<std::string> amounts{stem_of("voltage"), stem_of("temperature")};
    for (std::size_t at = 0; at + 2 < words.size(); ++at) {
        const bool what = words[at + 1] == "what" || words[at + 1] == "which",
                   many = words[at + 1] == "how" && words[at + 2] == "many";
        if ((words[at] != "at" && words[at] != "from" && words[at] != "above" && words[at] != "below") || !(what || many))
            continue;
        const std::size_t amount = at + (many ? 3 : 2);
        if (amount >= words.size()) continue;
        const std::string stem = stem_of(words[amount]);
        const auto named = same_words().find(stem);
        if (amounts.contains(named == same_words().end() ? stem : named->second)) return true;
    }
    return false;
}

bool asks_to_act(const Words& words) {
    const std::string text = joined_words(words);
    if (text.starts_with(" no ") && kind_of_question(words) != "why") return true;
    if (has_phrase(text, "needs to") && !words.empty() && !is_one_of(words.front(), question_beginnings)) return true;
    const auto named = [&](const char* it) { return has_phrase(text, it); };
    if (std::any_of(std::begin(whole_checks), std::end(whole_checks), named)) return true;
    std::size_t at = 0;
    while (at < words.size() && is_one_of(words[at], polite)) ++at;
    // `will we …` asks about the future.
    if (at == words.size() || (words.front() == "will" && words.at(1) != "you")) return false;
    const auto begin = words.begin(), first = begin + static_cast<std::ptrdiff_t>(at);
    const bool wish = std::any_of(begin, first, [](const std::string& it) { return is_one_of(it, wish_words); });
    const bool asks = std::any_of(begin, words.end(), [](const std::string& it) { return is_one_of(it, reading_words); });
    if (wish && !asks) return true;
    if (words[at] == "do" && at + 1 < words.size() && words[at + 1] == "not") return true;
    const bool begun = std::any_of(first, words.end(), [](const std::string& it) { return is_one_of(it, begun_words); });
    if (words[at] == "get" && begun) return true;
    // handles `start and stop voltages`
    if (at + 2 < words.size() && words[at + 1] == "and" && is_one_of(words[at + 2], noun_acts)) at += 2;
    const bool thing = is_one_of(words[at], noun_acts) && at + 1 < words.size() && is_one_of(words[at + 1], words_behind_noun);
    return is_one_of(words[at], acts) && !thing;
}

bool asks_the_manual(const Words& words) {
    const std::string text = joined_words(words);
    const auto begins = [&](const std::string& phrase) { return text.starts_with(" " + phrase + " "); };
    const bool reads = words.size() > 2 && words[0] != "should" && is_one_of(words[2], reading_words);  // handles `can I get …`
    if (!reads && std::any_of(std::begin(manual_beginnings), std::end(manual_beginnings), begins)) return true;
    const bool is_term = std::any_of(std::begin(manual_terms), std::end(manual_terms), [&](const char* it) {
        const std::string end = std::string(" ") + it + " ";
        return text == " what is" + end || text == " what are" + end || text == " what is the" + end || text == " explain" + end;
    });
    return is_term || std::any_of(std::begin(manual_phrases), std::end(manual_phrases),
                                  [&](const char* it) { return has_phrase(text, it); });
}

}  // namespace volt::agent
