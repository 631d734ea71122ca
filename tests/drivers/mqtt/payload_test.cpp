#include "drivers/mqtt/payload.hpp"

#include <doctest/doctest.h>

#include "drivers/mqtt/bus.hpp"

using namespace volt;

TEST_CASE("parses an object within limits") {
    CHECK(parse_object(R"({"a":1})").has_value());
    CHECK(parse_object(R"( {"a":[[{"b":"[{[{"}]]} )").has_value());
    for (const char* bad : {"", "1", "[1]", "null", "{", R"({"a":})", R"({"a":1}x)", R"({"a":1e999})", "{\"a\":\"\xff\"}"}) {
        CAPTURE(std::string(bad));
        CHECK_FALSE(parse_object(bad).has_value());
    }
    CHECK(parse_object(R"({"a":)" + std::string(15, '[') + std::string(15, ']') + "}").has_value());
    CHECK_FALSE(parse_object(R"({"a":)" + std::string(16, '[') + std::string(16, ']') + "}").has_value());
    CHECK_FALSE(parse_object(R"({"a":)" + std::string(50000, '[')).has_value());
    CHECK_FALSE(parse_object(R"({"a":")" + std::string(most_payload_bytes, 'x') + "\"}").has_value());
}

TEST_CASE("finds a field by key or path") {
    struct Row {
        const char* payload;
        const char* field;
        std::optional<std::string> expected;
    };
    const Row rows[] = {
        {"  21.5\n", "", "21.5"},          {R"({"t":21.50})", "t", "21.5"},          {R"({"t":"21.50"})", "t", "21.50"},
        {R"({"a":{"b":7}})", "a.b", "7"},  {R"({"a.b":8,"a":{"b":7}})", "a.b", "8"}, {R"({"t":true})", "t", "true"},
        {R"({"t":null})", "t", "null"},    {R"({"t":[1]})", "t", std::nullopt},      {R"({"t":{}})", "t", std::nullopt},
        {R"({"x":1})", "t", std::nullopt}, {R"({"a":1})", "a.b", std::nullopt},      {"21.5", "t", std::nullopt},
        {"\xff\xfe", "", std::nullopt},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.payload));
        CHECK(field_text(row.payload, row.field) == row.expected);
    }
}

TEST_CASE("parses a number and nothing else") {
    CHECK(number_of("21.5") == 21.5);
    CHECK(number_of(" -3 ") == -3);
    CHECK(number_of("+3") == 3);
    CHECK(number_of("7.000000") == 7);
    CHECK(number_of("1e2") == 100);
    for (const char* bad : {"", " ", "nan", "NaN", "inf", "-inf", "21,5", "21.5 C", "0x10", "--1", "+-1", "1e999", "ON"}) {
        CAPTURE(std::string(bad));
        CHECK_FALSE(number_of(bad).has_value());
    }
}

TEST_CASE("rounds numbers and powers") {
    CHECK(rounded(0.5) == 1);
    CHECK(rounded(-0.5) == -1);
    CHECK(rounded(2.4) == 2);
    CHECK(watts_of(3247.6) == Watts{3248});
    CHECK_FALSE(watts_of(1.1e6).has_value());
}

TEST_CASE("compares and trims words") {
    CHECK(same_text("ON", "on"));
    CHECK_FALSE(same_text("ON", "ONE"));
    CHECK(trimmed(" \t a b\r\n") == "a b");
    CHECK(trimmed(" ").empty());
    CHECK(is_utf8("grün \" \\ \n"));
    CHECK_FALSE(is_utf8("gr\xfcn"));
}

TEST_CASE("parses only ISO 8601 times with their offset") {
    CHECK(utc_of("2025-06-21T19:00:00Z") == Utc{1750532400000});
    CHECK(utc_of("2025-06-21T19:00:00.250Z") == Utc{1750532400250});
    CHECK(utc_of("2025-06-21T12:00:00-07:00") == Utc{1750532400000});
    for (const char* text : {"", "now", "2025-06-21", "2025-06-21T19:00:00", "2025-02-30T19:00:00Z", "2025-06-21T24:00:00Z",
                             "2025-06-21T19:00:00Zx", "99999999999999999999-06-21T19:00:00Z"})
        CHECK_FALSE(utc_of(text));
}
