#include "daemon/agent/ask/check_citations.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;

namespace check_citations_test {

namespace {

CheckedCitations of(const std::string& text) {
    const Json hits = Json::parse(
        R"({"hits":[{"uri":"volt://manual/alarms.md","line_from":12,"line_to":20,"text":"see https://example.org/x"},
            {"uri":"volt://manual/alarms.md","line_from":23,"line_to":31},
            {"uri":"volt://manual/alarms.md","line_from":60,"line_to":60},
            {"uri":"volt://doc/site/a.pdf#page=4","page":4},{"uri":"volt://doc/site/x.html#setup","line_from":3,"line_to":5}]})");
    const Json read = Json::parse(
        R"({"uri":"volt://doc/site/b%20c.pdf","parts":[{"page":7,"text":"a"},{"page":8,"text":"see volt://manual/notes.md:5-9"}]})");
    return check_citations(text, {hits, read}, {"manual", "site"});
}

}  // namespace

TEST_CASE("keeps a returned document, also with lines") {
    const CheckedCitations checked =
        of("See volt://manual/alarms.md:12-31, (volt://doc/site/a.pdf#page=4) and volt://doc/site/a.pdf.");
    CHECK(checked.text == "See volt://manual/alarms.md:12-31, (volt://doc/site/a.pdf#page=4) and volt://doc/site/a.pdf.");
    CHECK(checked.sources.size() == 3);
    CHECK(checked.sources[0] == "volt://manual/alarms.md:12-31");
    CHECK(checked.removed.empty());
}

TEST_CASE("reads a place in words only after a document") {
    CHECK(of("[alarms](volt://manual/alarms.md) lines 90-95").removed.size() == 1);
    CHECK(of("`volt://manual/alarms.md`: LINES 90-95").removed.size() == 1);
    CHECK(of("volt://manual/alarms.md \u2014 line 60").removed.empty());
    CHECK(of("See https://example.org/x, line 3 of the table.").text == "See [source removed], line 3 of the table.");
}

TEST_CASE("reads endless places in bounded time") {
    for (const char* place : {":5-9223372036854775807", ":9223372036854775806", ":12-20,99999999999999999999"})
        CHECK_MESSAGE(of(std::string("volt://manual/alarms.md") + place).removed.size() == 1, place);
    std::string many = "volt://manual/alarms.md:12";
    for (int i = 0; i < 15; ++i) many += ",13";
    CHECK(of(many).removed.empty());
    CHECK(of(many + ",13").removed.size() == 1);
    Json given = Json::array();
    for (int i = 0; i < 20'000; ++i)
        given.push_back({{"uri", "volt://manual/a.md"}, {"line_from", 1 + 10 * i}, {"line_to", 2 + 10 * i}});
    std::string answer;
    for (int i = 0; i < 2'000; ++i) answer += "volt://manual/a.md:" + std::to_string(1 + 100 * i) + " ";
    CHECK(check_citations(answer, {given}).removed.empty());
}

TEST_CASE("removes unreturned sources and lists each once") {
    const CheckedCitations checked =
        of("volt://manual/none.md, volt://doc/site/a.pdf#page=5, `volt://manual/none.md` https://evil.example/?q=52");
    CHECK(checked.text == "[source removed], [source removed], `[source removed]` [source removed]");
    CHECK(checked.removed ==
          std::vector<std::string>{"volt://manual/none.md", "volt://doc/site/a.pdf#page=5", "https://evil.example/?q=52"});
    CHECK(checked.sources.empty());
    CHECK(of("volt://manual/alarms.md.evil").removed.size() == 1);
    CHECK(of("xvolt://manual/alarms.md").removed.size() == 1);
}

TEST_CASE("accepts a place that the read passages cover") {
    for (const char* text :
         {"volt://manual/alarms.md:12", "volt://manual/alarms.md:14-18", "volt://manual/alarms.md:12-31",
          "volt://manual/alarms.md:60", "volt://manual/alarms.md:12-20,60", "volt://manual/alarms.md, lines 12-20",
          "volt://manual/alarms.md (lines 24 to 31)", "`volt://manual/alarms.md` at line 60",
          "volt://manual/alarms.md lines 12\u201320", "volt://doc/site/a.pdf#page=4", "volt://doc/site/a.pdf, page 4",
          "volt://doc/site/a.pdf:4", "volt://doc/site/b%20c.pdf#page=8", "volt://doc/site/b%20c.pdf (pages 7-8)",
          "volt://doc/site/b%20c.pdf, p. 7", "volt://doc/site/x.html#setup", "volt://doc/site/x.html#setup:3-4",
          "volt://manual/alarms.md, 99 lines of it", "volt://manual/alarms.md, page by page"}) {
        const CheckedCitations checked = of(text);
        CHECK_MESSAGE(checked.removed.empty(), text);
        CHECK(checked.text == text);
        CHECK(checked.sources.size() == 1);
    }
}

TEST_CASE("removes an invented line or page of a document") {
    const std::pair<const char*, const char*> rows[] = {{"volt://manual/alarms.md:11", "[source removed]"},
                                                        {"volt://manual/alarms.md:10-14", "[source removed]"},
                                                        {"volt://manual/alarms.md:12-32", "[source removed]"},
                                                        {"volt://manual/alarms.md:21", "[source removed]"},
                                                        {"volt://manual/alarms.md:30-60", "[source removed]"},
                                                        {"volt://manual/alarms.md:12-20,61", "[source removed]"},
                                                        {"volt://manual/alarms.md:31-12", "[source removed]"},
                                                        {"volt://manual/alarms.md:0", "[source removed]"},
                                                        {"volt://manual/alarms.md:12-", "[source removed]"},
                                                        {"volt://manual/alarms.md:99999999999999999999", "[source removed]"},
                                                        {"volt://manual/alarms.md#page=12", "[source removed]"},
                                                        {"volt://doc/site/a.pdf:12", "[source removed]"},
                                                        {"volt://doc/site/a.pdf#page=0", "[source removed]"},
                                                        {"volt://doc/site/x.html#other", "[source removed]"},
                                                        {"volt://doc/site/x.html#setup:9", "[source removed]"},
                                                        {"see volt://manual/alarms.md, lines 40-41.", "see [source removed]."},
                                                        {"see volt://doc/site/a.pdf (page 5).", "see [source removed]."},
                                                        {"volt://doc/site/b%20c.pdf pages 7-9", "[source removed]"},
                                                        {"volt://doc/site/b%20c.pdf#page=6", "[source removed]"},
                                                        {"volt://manual/alarms.md, page 12", "[source removed]"}};
    for (const auto& row : rows) {
        const CheckedCitations checked = of(row.first);
        CHECK_MESSAGE(checked.text == row.second, row.first);
        CHECK(checked.removed.size() == 1);
        CHECK(checked.sources.empty());
    }
    CHECK(of("volt://doc/site/a.pdf (page 5) and volt://doc/site/a.pdf (page 4)").removed ==
          std::vector<std::string>{"volt://doc/site/a.pdf (page 5)"});
}

TEST_CASE("ignores a URI in a text, which repeats the model") {
    const std::string invented = "volt://manual/invented.md:1-2";
    for (const Json& result :
         {Json{{"error", "there is no load '" + invented + "'; valid arguments: heat-room"}},
          Json{{"note", "no hit has: " + invented}}, Json{{"columns", {"uri"}}, {"rows", {{invented}}}},
          Json{{"entries", {{{"text", invented}}}}},
          Json{{"hits", {{{"uri", "volt://manual/alarms.md"}, {"line_from", 1}, {"line_to", 2}, {"text", invented}}}}}})
        CHECK_MESSAGE(check_citations("See " + invented + ".", {result}).text == "See [source removed].", result);
    CHECK(of("volt://manual/notes.md:6").removed.size() == 1);
    CHECK(of("https://example.org/x").removed.size() == 1);
}

TEST_CASE("applies the same rule to places without a scheme") {
    const std::pair<const char*, const char*> given[] = {
        {"manual/alarms.md:12-31", "volt://manual/alarms.md:12-31"}, {"manual/alarms.md, line 60", "volt://manual/alarms.md"},
        {"**manual/alarms.md:60**.", "volt://manual/alarms.md:60"},  {"_manual/alarms.md:60_", "volt://manual/alarms.md:60"},
        {"[a](site/a.pdf#page=4)", "volt://doc/site/a.pdf#page=4"},  {"site/a.pdf (page 4)", "volt://doc/site/a.pdf"},
        {"site/b%20c.pdf:8", "volt://doc/site/b%20c.pdf:8"},         {"site/x.html#setup", "volt://doc/site/x.html#setup"},
    };
    for (const auto& row : given) {
        const CheckedCitations checked = of(row.first);
        CHECK(checked.text == row.first);
        CHECK(checked.sources == std::vector<std::string>{row.second});
        CHECK(checked.removed.empty());
    }
    const std::pair<const char*, const char*> rows[] = {
        {"see manual/alarms.md:99.", "see [source removed]."},
        {"site/inverter.pdf#page=3", "[source removed]"},
        {"site/a.pdf#page=5", "[source removed]"},
        {"site/a.pdf, page 5", "[source removed]"},
        {"*manual/alarms.md*, line 99", "*[source removed]"},
        {"(./manual/alarms.md:99)", "(./[source removed])"},
        {"source:manual/alarms.md:99", "source:[source removed]"},
        {"Manual/alarms.md:12", "[source removed]"},
        {"MANUAL/ALARMS.MD:12", "[source removed]"},
        {"site/notes/x.markdown:1", "[source removed]"},
        {"site/x.txt:1-2", "[source removed]"},
        {"site/x.htm#other", "[source removed]"},
        {"site/x.html:9", "[source removed]"},
        {"manual/alarms.md:12/", "[source removed]"},
        {"manual/alarms.md:99;volt://manual/alarms.md:60", "[source removed]volt://manual/alarms.md:60"},
    };
    for (const auto& row : rows) {
        const CheckedCitations checked = of(row.first);
        CHECK_MESSAGE(checked.text == row.second, row.first);
        CHECK(checked.removed.size() == 1);
    }
    for (const char* text :
         {"read manual/alarms.md", "manual/alarms.md, 99 lines of it", "12/24.txt", "kWh/day: 3 of it", "README.md",
          "/home/pi/notes.txt", "manual/alarms.md: 3 alarms", "on/off:1", "site/a.pdfs:3", "site/a.py:3", "/.md:1"})
        CHECK(of(text).text == text);
}

TEST_CASE("removes other spellings of an unreturned place") {
    const std::pair<const char*, const char*> rows[] = {
        {"See manual/invented.md.", "See [source removed]."},
        {"[x](manual/invented.md)", "[x]([source removed])"},
        {"lines 12-99 of manual/alarms.md", "[source removed]"},
        {"on page 42 of `site/a.pdf`", "on [source removed]`"},
        {"site/a.pdf p 42", "[source removed]"},
        {"site/a.pdf, p42", "[source removed]"},
        {"a.pdf page 42", "[source removed]"},
        {"a.pdf#page=42", "[source removed]"},
        {"alarms.md:99", "[source removed]"},
        {"manual/alarms.md:L99", "[source removed]"},
        {"manual/alarms.md: 98-99", "[source removed]"},
        {"volt:manual/alarms.md", "[source removed]"},
        {"www.evil.example/x.html", "[source removed]"},
        {"//evil.example/x", "[source removed]"},
        {"mailto:a@b.example", "[source removed]"},
    };
    for (const auto& row : rows) CHECK_MESSAGE(of(row.first).text == row.second, row.first);
    for (const char* text : {"lines 12-20 of manual/alarms.md", "page 4 of the `site/a.pdf`", "a.pdf page 4", "a.pdf#page=4",
                             "site/a.pdf p4", "manual/alarms.md:L12", "manual/alarms.md: 12-20", "site/x.html"})
        CHECK_MESSAGE(of(text).text == text, text);
}

TEST_CASE("reads long repetitive text in bounded time") {
    for (const std::string piece :
         {"://", "a/", "/-", "a.md", "-_", "a/b.md:1 ", "a/b.md ", "x://a ", "a://", "a/b.md:1;x://", "*"}) {
        std::string text;
        while (text.size() < std::size_t{1} << 18) text += piece;
        CHECK(!of(text).text.empty());
    }
    std::string many;
    for (int i = 0; i < 20'000; ++i) many += "a/b.md:" + std::to_string(i) + " ";
    CHECK(of(many).removed.size() == 20'000);
}

TEST_CASE("leaves texts without a URI unchanged") {
    for (const char* text : {"", "://", "a://", "://b", "no : // here", "52.3 V", ":// ://"}) CHECK(of(text).text == text);
}

}  // namespace check_citations_test
