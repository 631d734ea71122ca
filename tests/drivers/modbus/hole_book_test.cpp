#include "drivers/modbus/hole_book.hpp"

#include <doctest/doctest.h>

using namespace volt::modbus;

TEST_CASE("what is kept comes back from its text; a unit without holes takes no line") {
    HoleBook book;
    book.keep("victron.system@gx:502/100", {true, {{847, 3}, {836, 4}}});
    book.keep("victron.vebus@gx:502/227", {false, {{61, 1}}});
    book.keep("victron.battery@gx:502/225", {});
    CHECK(book.changes() == 2);
    CHECK(book.text() == "victron.system@gx:502/100 apart 847+3 836+4\nvictron.vebus@gx:502/227 61+1\n");
    HoleBook again(book.text());
    CHECK(again.changes() == 0);
    CHECK(again.entry("victron.system@gx:502/100") == HoleBook::Entry{true, {{847, 3}, {836, 4}}});
    CHECK(again.entry("victron.system@other:502/100") == HoleBook::Entry{});
    again.keep("victron.vebus@gx:502/227", {false, {{61, 1}}});
    CHECK(again.changes() == 0);
    again.keep("victron.vebus@gx:502/227", {});
    CHECK(again.changes() == 1);
    CHECK(again.text().find("vebus") == std::string::npos);
}

TEST_CASE("a damaged text loses the damaged lines alone") {
    for (const char* line :
         {"a 5", "a 5+", "a +5", "a 5+0", "a 5+126", "a 65535+2", "a -1+2", "a apart 5+2x", "a together", ""}) {
        CAPTURE(line);
        const HoleBook book(std::string(line) + "\nb 7+2\n");
        CHECK(book.text() == "b 7+2\n");
    }
}

TEST_CASE("its size is bounded") {
    HoleBook book;
    HoleBook::Entry entry;
    for (std::uint16_t i = 0; i < 100; ++i) entry.holes.push_back({i, 1});
    for (int i = 0; i < 100; ++i) book.keep("unit" + std::to_string(i), entry);
    CHECK(book.entry("unit0").holes.size() == HoleBook::most_holes);
    CHECK(book.entry("unit40").holes.empty());
    CHECK(book.text().size() < 32 * 200);
}
