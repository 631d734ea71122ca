#include "drivers/documents/html.hpp"

#include <doctest/doctest.h>

using namespace volt::documents;

namespace html_test {

namespace {

/// Returns each block as `level|text|fragment`.
std::vector<std::string> blocks_of(std::string_view html) {
    std::vector<std::string> all;
    const auto page = read_html(html);
    REQUIRE(page.outcome == HtmlOutcome::read);
    for (const HtmlBlock& it : page.blocks) all.push_back(std::to_string(it.level) + "|" + it.text + "|" + it.fragment);
    return all;
}

using Blocks = std::vector<std::string>;

}  // namespace

TEST_CASE("reads headings, paragraphs, lists and rows with the nearest id") {
    const auto page = read_html(
        "<title> The <x>\n page</title><h1 id=top>Inverter</h1><p>one <b>two</b>\n three<p id=p2>four"
        "<ul><li>five<li>six</ul><table><tr><th>a<th>b<tr><td>1<td><p>2</p></table>end");
    REQUIRE(page.outcome == HtmlOutcome::read);
    CHECK(page.title.starts_with("The"));
    CHECK(blocks_of("<h1 id=top>Inverter</h1><p>one <b>two</b>\n three<p id=p2>four<ul><li>five<li>six</ul>"
                    "<table><tr><th>a<th>b<tr><td>1<td><p>2</p></table>end") == Blocks{"1|Inverter|top", "0|one two three|top",
                                                                                       "0|four|p2", "0|five|p2", "0|six|p2",
                                                                                       "0|a | b|p2", "0|1 | 2|p2", "0|end|p2"});
    CHECK(page.blocks[5].row);
    CHECK_FALSE(page.blocks[7].row);
    CHECK(blocks_of("<pre>a\n  b</pre>") == Blocks{"0|a\n  b|"});
}

TEST_CASE("skips hidden content") {
    CHECK(blocks_of("<script>var x</script><style>p{}</style><nav>menu</nav><p hidden>no</p><p style='display: none'>no</p>"
                    "<div aria-hidden=true>no</div><template>no</template><!-- no --><p>yes") == Blocks{"0|yes|"});
}

TEST_CASE("chooses the character set by mark, UTF-8, meta, then UTF-8") {
    CHECK(blocks_of("<p>\xc3\xb6") == Blocks{"0|\xc3\xb6|"});
    CHECK(blocks_of("<meta charset=iso-8859-1><p>\xf6") == Blocks{"0|\xc3\xb6|"});
    CHECK(blocks_of("<meta charset=iso-8859-1><p>\xc3\xb6") == Blocks{"0|\xc3\xb6|"});
    CHECK(blocks_of("<meta charset=utf-8><p>\xf6") == Blocks{"0|\xef\xbf\xbd|"});
    CHECK(blocks_of("<meta charset=klingon><p>\xf6") == Blocks{"0|\xef\xbf\xbd|"});
    CHECK(blocks_of("\xef\xbb\xbf<meta charset=iso-8859-1><p>\xc3\xb6") == Blocks{"0|\xc3\xb6|"});
    using namespace std::string_view_literals;
    CHECK(blocks_of("\xff\xfe<\0p\0>\0\xf6\0"sv) == Blocks{"0|\xc3\xb6|"});
}

TEST_CASE("keeps all text of a page with a wrong character set") {
    for (const char* charset : {"us-ascii", "shift_jis", "euc-kr"}) {
        const auto page = read_html(std::string("<meta charset=") + charset + "><p>first</p><p>a \xff b</p><p>last</p>");
        REQUIRE(page.outcome == HtmlOutcome::read);
        REQUIRE(page.blocks.size() == 3);
        CHECK(page.blocks[1].text == "a \xef\xbf\xbd b");
        CHECK(page.blocks[2].text == "last");
        CHECK(page.replaced == 1);
    }
    CHECK(blocks_of("<meta charset=shift_jis><p>\x93\x64\x92\x72</p>") == Blocks{"0|\xe9\x9b\xbb\xe6\xb1\xa0|"});
    CHECK(blocks_of("<meta charset=shift_jis><p>cut \x93") == Blocks{"0|cut \xef\xbf\xbd|"});
    const auto large = read_html("<meta charset=iso-8859-1><p>" + std::string(1'000'000, '\xf6'));
    REQUIRE(large.blocks.size() == 1);
    CHECK(large.blocks[0].text.size() == 2'000'000);
    CHECK(large.replaced == 0);
}

TEST_CASE("reads long text and deeply nested text") {
    std::string nested = "<p>first</p>";
    for (int i = 0; i < 3000; ++i) nested += i % 2 == 0 ? "<div>" : "<span>";
    CHECK(blocks_of(nested + "deep").back() == "0|deep|");
    const auto page = read_html("<p>first<p>" + std::string(12'000'000, 'x') + "<p>last");
    REQUIRE(page.outcome == HtmlOutcome::read);
    REQUIRE(page.blocks.size() == 3);
    CHECK(page.blocks[1].text.size() == 12'000'000);
    CHECK(page.blocks[2].text == "last");
}

TEST_CASE("ignores an id that is too long") {
    CHECK(blocks_of("<h1 id=a>A</h1><p id=" + std::string(1000, 'i') + ">b") == Blocks{"1|A|a", "0|b|a"});
}

TEST_CASE("ends at bad pages and fetches nothing") {
    CHECK(read_html(std::string("\0\0\0", 3)).outcome == HtmlOutcome::not_text);
    for (const std::string& bad : {std::string(), std::string("<"), std::string("no html"), std::string(2'000'000, '<'),
                                   std::string("<p>") + std::string(3'000'000, 'x'),
                                   std::string("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;")}) {
        const auto page = read_html(bad);
        REQUIRE(page.outcome == HtmlOutcome::read);
        for (const HtmlBlock& it : page.blocks) CHECK(it.text.find("root:") == std::string::npos);
    }
    std::string nested;
    for (int i = 0; i < 200'000; ++i) nested += "<div>";
    CHECK(read_html(nested + "deep").outcome == HtmlOutcome::read);
    std::string spans;
    for (int i = 0; i < 200'000; ++i) spans += "<span>";
    CHECK(read_html(spans + "deep").outcome == HtmlOutcome::read);
}

}  // namespace html_test
