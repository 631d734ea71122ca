#include "drivers/store/knowledge/passage_index.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace passage_index_test {

namespace {

std::vector<std::string> found(PassageIndex& index, const std::string& query, std::size_t limit = 10) {
    const auto hits = index.search(query, limit);
    REQUIRE(hits);
    std::vector<std::string> headings;
    for (const PassageHit& hit : hits.value()) headings.push_back(hit.passage.heading);
    return headings;
}

}  // namespace

TEST_CASE("passages with all words come before those with some; a heading counts more") {
    auto made = PassageIndex::make({{"a.md", "Charging", "the battery charges in the cold", 3, 4},
                                    {"a.md", "Relays", "a relay switches when the battery is charged", 6, 9},
                                    {"b.md", "Cold", "freezing 54.5 volts", 1, 1}});
    REQUIRE(made);
    PassageIndex& index = made.value();
    CHECK(found(index, "charging battery cold") == std::vector<std::string>{"Charging", "Relays", "Cold"});
    CHECK(found(index, "charging battery cold", 1) == std::vector<std::string>{"Charging"});
    CHECK(found(index, "why is the relay on?") == std::vector<std::string>{"Relays"});
    CHECK(found(index, "\"battery is charged\"") == std::vector<std::string>{"Relays"});
    CHECK(found(index, "54.5") == std::vector<std::string>{"Cold"});
    const PassageHit hit = index.search("relay", 1).value().front();
    CHECK(hit.passage.page == "a.md");
    CHECK(hit.passage.line_from == 6);
    CHECK(hit.passage.line_to == 9);
    CHECK(hit.snippet == "a relay switches when the battery is charged");
}

TEST_CASE("nothing in a query is syntax") {
    auto made = PassageIndex::make({{"a.md", "A", "one two", 1, 1}});
    REQUIRE(made);
    for (const std::string& query :
         {std::string(), std::string("\""), std::string("\"\"\"\""), std::string("AND OR NOT NEAR("),
          std::string("body:* ^one -two"), std::string("'; DROP TABLE passages; --"), std::string("(((("),
          std::string("\xf0\x9f\x94\x8b"), std::string("\xff\xfe"), std::string(1'000'000, 'x'), std::string(5000, '"')})
        CHECK(made.value().search(query, 5).ok());
    CHECK(found(made.value(), "one AND") == std::vector<std::string>{"A"});
    CHECK(PassageIndex::make({}).value().search("one", 5).value().empty());
}

TEST_CASE("words that every text has are left out, unless there are no others") {
    CHECK(query_words("Why is my miner off?") == std::vector<std::string>{"\"miner\"", "\"off\""});
    CHECK(query_words("what is it") == std::vector<std::string>{"\"what\"", "\"is\"", "\"it\""});
    CHECK(query_words("a \"pulse time\" b") == std::vector<std::string>{"\"pulse time\"", "\"b\""});
    std::string many;
    for (int i = 0; i < 30; ++i) many += " w" + std::to_string(i);
    CHECK(query_words(many).size() == most_query_words);
}

}  // namespace passage_index_test
