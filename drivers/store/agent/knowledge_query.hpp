// Converts questions of people and models about the documents to FTS5 expressions. Pure: nothing in a query is syntax.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace volt {

inline constexpr std::size_t most_query_words = 12, most_question_bytes = 400;
inline constexpr std::size_t most_synonym_lines = 500, most_words_of_a_synonym_line = 12;

/// Groups of words with the same meaning, in lower case.
using Synonyms = std::vector<std::vector<std::string>>;

/// Synonyms of the field.
const Synonyms& trade_synonyms();
/// Parses an owner's synonyms: one line per group, words separated by commas; ignores text after #.
Synonyms synonyms_in(std::string_view text);

struct QueryWord {
    std::string phrase;  ///< in quotes, with inner quotes doubled
    std::string wider;   ///< its synonyms, joined by OR, or empty if none
};

/// Words of the query, without stop words.
struct KnowledgeQuery {
    std::vector<QueryWord> words;
    std::string whole{};  ///< the query word for word, as a phrase, or empty if it is one word, or has quotes

    std::string all() const;  ///< all of them, joined by AND
    std::string any() const;  ///< any of them or of the synonyms, joined by OR
};

/// Parses at most `most_question_bytes` and `most_query_words`. Text between double quotes remains a phrase.
KnowledgeQuery query_of(std::string_view text, const Synonyms& owners = {});

}  // namespace volt
