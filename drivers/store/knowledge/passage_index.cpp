#include "drivers/store/knowledge/passage_index.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace volt {

namespace {

constexpr std::array<std::string_view, 60> common_words = {
    "a",     "about", "after", "all",  "am",  "an",   "and", "any",  "are",  "as",    "at",     "be",  "been", "but",  "by",
    "can",   "did",   "do",    "does", "for", "from", "had", "has",  "have", "how",   "i",      "if",  "in",   "into", "is",
    "it",    "its",   "me",    "my",   "no",  "not",  "of",  "on",   "or",   "our",   "should", "so",  "that", "the",  "then",
    "there", "they",  "this",  "to",   "up",  "was",  "we",  "what", "when", "where", "which",  "who", "why",  "will", "with"};

bool is_letter(char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || static_cast<unsigned char>(byte) > 127;
}

std::string as_phrase(std::string_view word) {
    std::string text = "\"";
    for (const char byte : word) text += byte == '"' ? std::string("\"\"") : std::string(1, byte);
    return text + "\"";
}

/// Words outside quotes at even places, phrases at odd ones.
std::vector<std::string> cut_at_quotes(const std::string& query) {
    std::vector<std::string> parts(1);
    for (const char byte : query) {
        if (byte == '"') parts.emplace_back();
        else parts.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    }
    return parts;
}

void add_words(const std::string& text, std::vector<std::string>& words) {
    for (std::size_t from = 0; from < text.size();) {
        std::size_t end = from;
        while (end < text.size() && is_letter(text[end])) ++end;
        if (end > from) words.push_back(text.substr(from, end - from));
        from = std::max(end, from + 1);
    }
}

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

}  // namespace

std::vector<std::string> query_words(const std::string& query) {
    const std::vector<std::string> parts = cut_at_quotes(query.substr(0, most_question_bytes));
    std::vector<std::string> words, kept;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::vector<std::string> inside;
        add_words(parts[i], inside);
        if (i % 2 == 1 && !inside.empty()) words.push_back(joined(inside, " "));
        else words.insert(words.end(), inside.begin(), inside.end());
    }
    const auto is_common = [](const std::string& word) {
        return std::find(common_words.begin(), common_words.end(), word) != common_words.end();
    };
    for (const bool all : {false, true}) {
        for (const std::string& word : words)
            if ((all || !is_common(word)) && kept.size() < most_query_words) kept.push_back(as_phrase(word));
        if (!kept.empty()) break;
    }
    return kept;
}

Result<PassageIndex> PassageIndex::make(const std::vector<Passage>& passages) {
    Result<Connection> opened = Connection::open(":memory:", OpenMode::create);
    if (!opened) return opened.failure();
    Connection& db = opened.value();
    SqlStatus done = db.execute(
        "CREATE VIRTUAL TABLE passages USING fts5(heading, body, page UNINDEXED, line_from UNINDEXED, line_to UNINDEXED, "
        "tokenize = 'porter unicode61 remove_diacritics 2'); BEGIN");
    Statement insert = db.prepare("INSERT INTO passages (heading, body, page, line_from, line_to) VALUES (?1, ?2, ?3, ?4, ?5)");
    for (const Passage& it : passages)
        if (done.ok())
            done = insert.bind(1, std::string_view(it.heading))
                       .bind(2, std::string_view(it.body))
                       .bind(3, std::string_view(it.page))
                       .bind(4, it.line_from)
                       .bind(5, it.line_to)
                       .run();
    if (done.ok()) done = db.execute("COMMIT");
    if (!done.ok()) return done.failure("the manual");
    return PassageIndex(std::move(opened.value()));
}

Result<std::vector<PassageHit>> PassageIndex::search(const std::string& query, std::size_t limit) {
    const std::vector<std::string> words = query_words(query);
    std::vector<PassageHit> hits;
    std::set<std::pair<std::string, std::int64_t>> seen;
    for (const char* between : {" AND ", " OR "}) {
        if (words.empty() || hits.size() >= limit) break;
        Statement rows = db_.prepare(
            "SELECT page, heading, body, line_from, line_to, snippet(passages, 1, '', '', '…', 32) FROM passages WHERE passages "
            "MATCH ?1 "
            "ORDER BY bm25(passages, 4.0, 1.0), page, line_from LIMIT ?2");
        rows.bind(1, std::string_view(joined(words, between))).bind(2, static_cast<std::int64_t>(limit));
        while (hits.size() < limit && rows.row())
            if (seen.emplace(rows.text(0), rows.integer(3)).second)
                hits.push_back({{rows.text(0), rows.text(1), rows.text(2), rows.integer(3), rows.integer(4)}, rows.text(5)});
        if (!rows.status().ok()) return rows.status().failure("search");
    }
    return hits;
}

}  // namespace volt
