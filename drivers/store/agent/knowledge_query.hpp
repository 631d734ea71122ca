// What a person or a model asks of the documents, as expressions of FTS5. Pure: nothing in a query is syntax.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace volt {

inline constexpr std::size_t most_query_words = 12, most_question_bytes = 400;
inline constexpr std::size_t most_synonym_lines = 500, most_words_of_a_synonym_line = 12;

/// Words that mean the same, in lower case.
using Synonyms = std::vector<std::vector<std::string>>;

/// Those of the trade.
const Synonyms& trade_synonyms();
/// An owner's: a line for each group, its words separated by commas; what follows # is left out.
Synonyms synonyms_in(std::string_view text);

struct QueryWord {
    std::string phrase;  ///< in quotes, with those in it doubled
    std::string wider;   ///< other words for it, joined by OR; empty: none
};

/// The words of a query, without those that every text has.
struct KnowledgeQuery {
    std::vector<QueryWord> words;
    std::string whole{};  ///< the query word for word, as a phrase; empty: it is one word, or has quotes of its own

    std::string all() const;  ///< each of them, joined by AND
    std::string any() const;  ///< one of them or of the wider ones, joined by OR
};

/// Of at most `most_question_bytes` and `most_query_words`; text between double quotes stays a phrase.
KnowledgeQuery query_of(std::string_view text, const Synonyms& owners = {});

}  // namespace volt
