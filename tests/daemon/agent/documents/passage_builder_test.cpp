#include "daemon/agent/documents/passage_builder.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::agent;

namespace passage_builder_test {

namespace {

std::string words(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += "word" + std::to_string(text.size()) + " ";
    return text.substr(0, bytes - 1) + "e";
}

}  // namespace

TEST_CASE("joins short passages and splits long ones per heading") {
    PassageBuilder builder;
    builder.heading(1, "A");
    builder.paragraph("one", 3);
    builder.paragraph("two\nthree", 6);
    builder.heading(2, "B");
    builder.paragraph(words(700), 10);
    builder.paragraph(words(700), 12);
    builder.paragraph("a short end", 14);
    builder.heading(1, "C");
    builder.paragraph(words(4000), 20);
    const auto all = builder.end();
    REQUIRE(all.size() == 6);
    CHECK(all[0].heading == "A");
    CHECK(all[0].body == "one\n\n\ntwo\nthree");
    CHECK(all[0].line_from == 3);
    CHECK(all[0].line_to == 7);
    CHECK(all[1].heading == "A > B");
    CHECK(all[1].body.size() == 700);
    CHECK(all[2].line_to == 14);
    CHECK(all[2].body.ends_with("\n\na short end"));
    for (std::size_t i = 3; i < 6; ++i) {
        CHECK(all[i].heading == "C");
        CHECK(all[i].line_from == 20);
        CHECK(all[i].body.size() <= most_paragraph_bytes);
        CHECK(words(4000).find(all[i].body) != std::string::npos);
    }
}

TEST_CASE("keeps a table whole longer and cuts it at lines") {
    std::string table;
    for (int i = 0; i < 60; ++i) table += "| row " + std::to_string(i) + std::string(30, '.') + " |\n";
    PassageBuilder builder;
    builder.paragraph("head", 1);
    builder.paragraph(table, 3, true);
    const auto whole = builder.end();
    REQUIRE(whole.size() == 1);
    CHECK(whole[0].line_to == 62);
    PassageBuilder text;
    text.paragraph(table, 3);
    const auto cut = text.end();
    REQUIRE(cut.size() == 2);
    CHECK(cut[0].body.ends_with(" |"));
    CHECK(cut[1].line_from == cut[0].line_to + 1);
    CHECK(cut[1].line_to == 62);
}

TEST_CASE("ends a passage at each page") {
    PassageBuilder builder("Manual");
    builder.page(1);
    builder.paragraph("one", 1);
    builder.page(2);
    builder.paragraph("two", 1);
    std::string wide;
    for (int i = 0; i < 2000; ++i) wide += "\xc3\xb6";
    builder.paragraph(wide, 1);
    const auto all = builder.end();
    REQUIRE(all.size() >= 3);
    CHECK(all[0].page == 1);
    CHECK(all[0].heading == "Manual");
    CHECK(all[1].page == 2);
    for (const Passage& it : all)
        if (it.body.size() > 10) CHECK(static_cast<unsigned char>(it.body.back()) == 0xb6);
}

TEST_CASE("cuts a title between characters") {
    std::string umlauts = "a";
    while (umlauts.size() < 999) umlauts += "\xc3\xb6";
    CHECK(title_of(umlauts) == umlauts.substr(0, 199));
    CHECK(title_of(umlauts.substr(1)) == umlauts.substr(1, 200));
    CHECK(title_of("short") == "short");
    CHECK(PassageBuilder(umlauts).end().empty());
}

TEST_CASE("does not join distant passages") {
    PassageBuilder builder;
    builder.paragraph("a", 1);
    builder.paragraph("b", 1'000'000);
    CHECK(builder.end().size() == 2);
}

}  // namespace passage_builder_test
