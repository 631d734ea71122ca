#include "drivers/modbus/known_holes.hpp"

#include <doctest/doctest.h>

using namespace volt::modbus;

TEST_CASE("restores kept holes from its text") {
    KnownHoles holes;
    holes.keep("victron.system@gx:502/100", {true, {{847, 3}, {836, 4}}});
    holes.keep("victron.vebus@gx:502/227", {false, {{61, 1}}});
    holes.keep("victron.battery@gx:502/225", {});
    CHECK(holes.changes() == 2);
    CHECK(holes.text() == "victron.system@gx:502/100 apart 847+3 836+4\nvictron.vebus@gx:502/227 61+1\n");
    KnownHoles again(holes.text());
    CHECK(again.changes() == 0);
    CHECK(again.entry("victron.system@gx:502/100") == KnownHoles::Entry{true, {{847, 3}, {836, 4}}});
    CHECK(again.entry("victron.system@other:502/100") == KnownHoles::Entry{});
    again.keep("victron.vebus@gx:502/227", {false, {{61, 1}}});
    CHECK(again.changes() == 0);
    again.keep("victron.vebus@gx:502/227", {});
    CHECK(again.changes() == 1);
    CHECK(again.text().find("vebus") == std::string::npos);
}

TEST_CASE("a damaged text loses only its damaged lines") {
    for (const char* line :
         {"a 5", "a 5+", "a +5", "a 5+0", "a 5+126", "a 65535+2", "a -1+2", "a apart 5+2x", "a together", ""}) {
        CAPTURE(line);
        const KnownHoles holes(std::string(line) + "\nb 7+2\n");
        CHECK(holes.text() == "b 7+2\n");
    }
}

TEST_CASE("its size is bounded") {
    KnownHoles holes;
    KnownHoles::Entry entry;
    for (std::uint16_t i = 0; i < 100; ++i) entry.holes.push_back({i, 1});
    for (int i = 0; i < 100; ++i) holes.keep("unit" + std::to_string(i), entry);
    CHECK(holes.entry("unit0").holes.size() == KnownHoles::most_holes);
    CHECK(holes.entry("unit40").holes.empty());
    CHECK(holes.text().size() < 32 * 200);
}
