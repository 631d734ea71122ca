#include "daemon/agent/ask/check_citations.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace check_citations_test {

namespace {

CheckedCitations of(const std::string& text) {
    const Json hits = Json::parse(
        R"({"hits":[{"uri":"volt://manual/alarms.md","text":"see https://example.org/x"},{"uri":"volt://doc/site/a.pdf#page=4"}]})");
    return check_citations(text, {hits});
}

}  // namespace

TEST_CASE("what a tool returned stays, with lines behind it too") {
    const CheckedCitations checked =
        of("See volt://manual/alarms.md:12-31, (volt://doc/site/a.pdf#page=4), volt://doc/site/a.pdf and https://example.org/x.");
    CHECK(checked.text ==
          "See volt://manual/alarms.md:12-31, (volt://doc/site/a.pdf#page=4), volt://doc/site/a.pdf and https://example.org/x.");
    CHECK(checked.sources.size() == 4);
    CHECK(checked.sources[0] == "volt://manual/alarms.md:12-31");
    CHECK(checked.removed.empty());
}

TEST_CASE("what no tool returned is removed and listed once") {
    const CheckedCitations checked =
        of("volt://manual/none.md, volt://doc/site/a.pdf#page=5, `volt://manual/none.md` https://evil.example/?q=52");
    CHECK(checked.text == "[source removed], [source removed], `[source removed]` [source removed]");
    CHECK(checked.removed ==
          std::vector<std::string>{"volt://manual/none.md", "volt://doc/site/a.pdf#page=5", "https://evil.example/?q=52"});
    CHECK(checked.sources.empty());
    CHECK(of("volt://manual/alarms.md.evil").removed.size() == 1);
    CHECK(of("xvolt://manual/alarms.md").removed.size() == 1);
}

TEST_CASE("texts without a URI stay as they are") {
    for (const char* text : {"", "://", "a://", "://b", "no : // here", "52.3 V", ":// ://"}) CHECK(of(text).text == text);
}

}  // namespace check_citations_test
