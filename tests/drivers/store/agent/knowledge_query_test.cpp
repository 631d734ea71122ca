#include "drivers/store/agent/knowledge_query.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace knowledge_query_test {

namespace {

std::vector<std::string> phrases_of(const std::string& text) {
    std::vector<std::string> all;
    for (const QueryWord& it : query_of(text).words) all.push_back(it.phrase);
    return all;
}

using Phrases = std::vector<std::string>;

}  // namespace

TEST_CASE("omits stop words unless there are no others") {
    CHECK(phrases_of("Why is my miner off?") == Phrases{"\"miner\"", "\"off\""});
    CHECK(phrases_of("what is it") == Phrases{"\"what\"", "\"is\"", "\"it\""});
    CHECK(phrases_of("").empty());
    CHECK(phrases_of("?! ( ) \" --").empty());
    std::string many;
    for (int i = 0; i < 30; ++i) many += " w" + std::to_string(i);
    CHECK(phrases_of(many).size() == most_query_words);
    CHECK(phrases_of(std::string(1'000'000, 'x')).front().size() == most_question_bytes + 2);
}

TEST_CASE("quotes every word, so nothing is syntax") {
    CHECK(phrases_of("54.5 stop_voltage sol-ark a/b") == Phrases{"\"54.5\"", "\"stop_voltage\"", "\"sol-ark\"", "\"b\""});
    CHECK(phrases_of("a \"pulse time\" lease") == Phrases{"\"pulse time\"", "\"lease\""});
    CHECK(phrases_of("open \"quote there") == Phrases{"\"open\"", "\"quote\""});
    CHECK(phrases_of("miner's doesn't start") == Phrases{"\"miner\"", "\"start\""});
    CHECK(phrases_of("body:x NEAR(y AND z*") == Phrases{"\"body:x\"", "\"near\"", "\"y\"", "\"z\""});
    CHECK(query_of("pulse lease").all() == "\"pulse\" AND \"lease\"");
    CHECK(query_of("Why is it off?").whole == "\"why is it off\"");
    CHECK(query_of("lease").whole.empty());
    CHECK(query_of("a \"pulse time\" lease").whole.empty());
    CHECK(query_of("pulse lease").any() == "\"pulse\" OR \"lease\"");
}

TEST_CASE("synonyms widen a word only in the second step") {
    const KnowledgeQuery query = query_of("relays");
    CHECK(query.all() == "\"relays\"");
    CHECK(query.any() == "\"relays\" OR \"switch\" OR \"plug\" OR \"outlet\"");
    const Synonyms owners = synonyms_in("Shack, Hut # my words\nonly\n\nrelay, contactor\r\n");
    REQUIRE(owners.size() == 2);
    CHECK(query_of("hut", owners).any() == "\"hut\" OR \"shack\"");
    CHECK(query_of("relay", owners).any() == "\"relay\" OR \"switch\" OR \"plug\" OR \"outlet\" OR \"contactor\"");
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o\n";
    CHECK(synonyms_in(many).size() == most_synonym_lines);
    CHECK(synonyms_in(many).front().size() == most_words_of_a_synonym_line);
}

}  // namespace knowledge_query_test
