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

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("makes one passage per heading with its lines") {
    const auto list =
        markdown_passages("before\n\n# A\n\none\ntwo\n\n## B ##\nthree\n\n```\n# no heading\n\n```\n# C\n\n### D\nfour\n#hash\n");
    CHECK(places(list.passages) == Places{":1-1", "A:5-6", "A > B:9-14", "C > D:18-19"});
    CHECK(list.passages[1].body == "one\ntwo");
    CHECK(list.passages[2].body == "three\n\n```\n# no heading\n\n```");
    CHECK(list.passages[3].body == "four\n#hash");
    CHECK(list.title == "A");
    CHECK(markdown_passages("").passages.empty());
    CHECK(markdown_passages("# only\n").passages.empty());
    CHECK(markdown_passages("no end").passages.size() == 1);
}

TEST_CASE("reads Setext headings, rules, tables and front matter") {
    const auto list = markdown_passages(
        "Title\nof two\n===\none\n\nPart\n---\ntwo\n\n---\nthree\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- item\n---\nfour\n");
    CHECK(places(list.passages) == Places{"Title of two:4-4", "Title of two > Part:8-19"});
    const auto front = markdown_passages("---\ntitle: \"My notes\"\nother: x\n---\n# Not this\ntext\n");
    CHECK(front.title == "My notes");
    CHECK(places(front.passages) == Places{"Not this:6-6"});
    CHECK(markdown_passages("---\n" + std::string(300, '\n') + "text\n").passages.size() == 1);
    CHECK(places(markdown_passages("~~~~\n```\n# x\n~~~\n~~~~\n# y\nz\n").passages) == Places{":1-5", "y:7-7"});
}

TEST_CASE("treats lines after an unclosed --- as text") {
    CHECK(places(markdown_passages("---\ntitle: x\n# A\ntext\n").passages) == Places{":1-2", "A:4-4"});
    const auto late = markdown_passages("---\ntitle: x\n" + std::string(200, '\n') + "---\nend\n");
    CHECK(late.title == "");
    CHECK(late.passages.at(0).body.starts_with("---\ntitle: x"));
    CHECK(markdown_passages("---\ntitle: x\n...\nend\n").title == "x");
}

TEST_CASE("splits a long passage without losing a line") {
    std::string text = "# A\n";
    for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i) + std::string(40, '.') + (i % 10 == 9 ? "\n\n" : "\n");
    const auto passages = markdown_passages(text).passages;
    REQUIRE(passages.size() > 2);
    std::string all;
    for (const Passage& it : passages) {
        CHECK(it.body.size() <= most_paragraph_bytes);
        CHECK(it.heading == "A");
        all += it.body + "\n";
    }
    for (int i = 0; i < 60; ++i) CHECK(all.find("line " + std::to_string(i) + ".") != std::string::npos);
    CHECK(markdown_passages(std::string(5000, 'x')).passages.size() == 4);
}

}  // namespace markdown_passages_test
