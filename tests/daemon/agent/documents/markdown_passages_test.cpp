#include "daemon/agent/documents/markdown_passages.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace markdown_passages_test {

namespace {

std::vector<std::string> places(const std::vector<Passage>& passages) {
    std::vector<std::string> all;
    for (const Passage& it : passages)
        all.push_back(it.heading + ":" + std::to_string(it.line_from) + "-" + std::to_string(it.line_to));
    return all;
}

}  // namespace

TEST_CASE("a passage is what stands under one heading, with its lines") {
    const auto passages =
        passages_of("p.md", "before\n\n# A\n\none\ntwo\n\n## B\nthree\n\n```\n# no heading\n```\n# C\n\n### D\nfour\n#hash\n");
    CHECK(places(passages) == std::vector<std::string>{":1-1", "A:5-6", "A > B:9-13", "C > D:17-18"});
    CHECK(passages[1].body == "one\ntwo");
    CHECK(passages[1].page == "p.md");
    CHECK(passages[3].body == "four\n#hash");
    CHECK(passages_of("p", "").empty());
    CHECK(passages_of("p", "# only\n").empty());
}

TEST_CASE("a long passage is split, and no line is lost") {
    std::string text = "# A\n";
    for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i) + std::string(40, '.') + (i % 10 == 9 ? "\n\n" : "\n");
    const auto passages = passages_of("p", text);
    REQUIRE(passages.size() > 2);
    std::string all;
    for (const Passage& it : passages) {
        CHECK(it.body.size() <= most_passage_bytes);
        CHECK(it.heading == "A");
        all += it.body + "\n";
    }
    for (int i = 0; i < 60; ++i) CHECK(all.find("line " + std::to_string(i) + ".") != std::string::npos);
    CHECK(passages_of("p", std::string(5000, 'x')).size() == 1);
}

}  // namespace markdown_passages_test
