#include "daemon/agent/documents/text_passages.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace text_passages_test {

namespace {

std::vector<std::string> places(const std::vector<Passage>& passages) {
    std::vector<std::string> all;
    for (const Passage& it : passages)
        all.push_back(it.heading + ":" + std::to_string(it.line_from) + "-" + std::to_string(it.line_to));
    return all;
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("reads a capitalized or underlined line as heading") {
    const auto list =
        text_passages("WIRING NOTES\n\nthe red wire\ngoes left\n\nFuses\n-----\n63 A\n\nOK\n=\nStart\n=====\nnow\n");
    CHECK(places(list.passages) == Places{"WIRING NOTES:3-4", "Fuses:8-11", "Start:14-14"});
    CHECK(list.title == "WIRING NOTES");
    CHECK(text_passages("").passages.empty());
    CHECK(places(text_passages("a text that goes on\nIN CAPITALS HERE\nand ends").passages) == Places{":1-3"});
    CHECK(places(text_passages("----\nx").passages) == Places{":1-2"});
}

TEST_CASE("counts HTML blocks as lines and keeps rows together") {
    documents::HtmlPage page;
    page.title = "Inverter";
    page.blocks = {{0, "intro", "top"},     {1, "Setup", "setup"},   {0, "one\ntwo", "setup"},
                   {0, "a | b", "t", true}, {0, "1 | 2", "t", true}, {0, "end", "e"}};
    const auto list = html_passages(page);
    CHECK(places(list.passages) == Places{"Inverter:1-1", "Setup:3-6"});
    CHECK(list.passages[1].fragment == "setup");
    CHECK(list.passages[1].body == "one two\na | b\n1 | 2\nend");
    CHECK(list.title == "Inverter");
    page.title.clear();
    CHECK(html_passages(page).title == "Setup");
}

TEST_CASE("makes passages from pages") {
    const auto list = page_passages({"one\n\ntwo", "", std::string(3000, 'x')}, "name");
    REQUIRE(list.passages.size() == 3);
    CHECK(list.passages[0].page == 1);
    CHECK(list.passages[0].body == "one\n\ntwo");
    CHECK(list.passages[0].heading == "name");
    CHECK(list.passages[1].page == 3);
    CHECK(list.passages[2].page == 3);
}

}  // namespace text_passages_test
