#include "daemon/ctl/views/text.hpp"

#include <doctest/doctest.h>

using namespace volt::ctl;

namespace text_test {

TEST_CASE("counts characters without bytes and colors") {
    CHECK(width_of("37.5 °C") == 7);
    CHECK(width_of("\033[1;31mred\033[0m") == 3);
    CHECK(padded("°C", 4) == "°C  ");
    CHECK(padded("abcdef", 4) == "abc…");
    CHECK(padded("abcd", 4) == "abcd");
    CHECK(clipped("ääääää", 3) == "ää…");
    CHECK(clipped("abc", 0).empty());
    CHECK(clipped("\033[1mabc\033[0m", 3) == "\033[1mabc\033[0m");
    CHECK(clipped("\033[1mabcd\033[0m", 3) == "\033[1mab…\033[0m");
    CHECK(spread("a", "b", 5) == "a   b");
    CHECK(spread("aaaa", "bbbb", 5) == "aaaa bbbb");
}

TEST_CASE("joins items into lines") {
    CHECK(flowed({}, 10).empty());
    CHECK(flowed({"aaaa", "bbbb", "cccc"}, 14) == std::vector<std::string>{"  aaaa   bbbb", "  cccc"});
}

TEST_CASE("colors only if enabled") {
    CHECK(Paint{false}(Colour::red, "x") == "x");
    CHECK(Paint{true}(Colour::red, "x") == "\033[1;31mx\033[0m");
    CHECK(Paint{true}(Colour::plain, "x") == "x");
}

TEST_CASE("treats missing or wrongly typed members as empty") {
    const Json object = Json::parse(R"({"a":"x\u001b[2J","n":1.5,"b":true,"z":null})");
    CHECK(word(object, "a") == "x [2J");
    CHECK(word(object, "n").empty());
    CHECK(number(object, "n") == 1.5);
    CHECK_FALSE(number(object, "z"));
    CHECK_FALSE(number(Json(3), "n"));
    CHECK(flag(object, "b"));
    CHECK(part(object, "nothing").empty());
    CHECK(word(Json::array(), "a").empty());
    CHECK(volts(std::nullopt) == "-");
    CHECK(watts(8450.0) == "8,450 W");
}

TEST_CASE("parses only valid times") {
    CHECK(seconds_of("1970-01-01T00:00:01Z") == 1);
    CHECK(seconds_of("2025-06-21T19:00:00Z") == 1750532400);
    CHECK_FALSE(seconds_of("2025-13-21T19:00:00Z"));
    CHECK_FALSE(seconds_of("soon"));
    CHECK(span_of("2025-06-21T18:50:00Z", "2025-06-21T19:00:00Z") == "10 min");
    CHECK(span_of("", "2025-06-21T19:00:00Z").empty());
}

}  // namespace text_test
