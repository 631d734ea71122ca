// Passages of documents, searchable: SQLite's FTS5, in memory, since the manual is small and its files are the truth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// A piece of a document, and where it stands.
struct Passage {
    std::string page;     ///< `manual/alarms.md`
    std::string heading;  ///< the path of headings: `Alarms > blind`
    std::string body;
    std::int64_t line_from = 0, line_to = 0;  ///< counted from 1
};

/// A passage that a search found, the best first.
struct PassageHit {
    Passage passage;
    std::string snippet;  ///< at most 32 words around what was found
};

inline constexpr std::size_t most_query_words = 12, most_question_bytes = 400;

class PassageIndex {
public:
    static Result<PassageIndex> make(const std::vector<Passage>& passages);
    /// Passages with all words of the query, then those with most of them. Nothing in a query is syntax; text in quotes is a phrase.
    Result<std::vector<PassageHit>> search(const std::string& query, std::size_t limit);

private:
    explicit PassageIndex(Connection db) : db_(std::move(db)) {}
    Connection db_;
};

/// The words of a query, each as FTS5 reads it: quoted, without those that every text has. Pure.
std::vector<std::string> query_words(const std::string& query);

}  // namespace volt
