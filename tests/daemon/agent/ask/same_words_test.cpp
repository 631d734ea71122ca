#include "daemon/agent/ask/same_words.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace same_words_test {

TEST_CASE("maps each word to a final one that is not filler") {
    CHECK(same_words().size() >= 200);
    for (const auto& it : same_words()) {
        const auto again = same_words().find(it.second);
        CHECK_MESSAGE((again == same_words().end() || again->second == it.second), it.first, " is read as ", it.second);
    }
    CHECK(same_words().at("panel") == "solar");
    CHECK(same_words().at("min") == "run");
}

TEST_CASE("sorts the longer of two phrases first") {
    const auto& phrases = same_phrases();
    for (std::size_t i = 1; i < phrases.size(); ++i) CHECK(phrases[i - 1].first.size() >= phrases[i].first.size());
    for (const auto& it : phrases) CHECK_MESSAGE(it.first.size() >= 2, it.second);
}

TEST_CASE("treats no word of a command as filler") {
    for (const char* word : {"would", "may", "many", "too", "on", "off", "not", "more", "tomorrow", "let"})
        CHECK_MESSAGE(!filler_words().contains(word), word);
    CHECK(filler_words().contains("the"));
}

}  // namespace same_words_test
