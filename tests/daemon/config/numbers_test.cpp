#include "daemon/config/numbers.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("converts plain decimals exactly to whole steps") {
    struct {
        const char* text;
        std::int64_t scale, steps;
    } numbers[] = {
        {"0", 1, 0},         {"-1", 1, -1},
        {"502", 1, 502},     {"0.2", 1000, 200},
        {"0.001", 1000, 1},  {"2.00", 100, 200},
        {"-0.5", 10, -5},    {"1.250", 100, 125},
        {"0.10", 1000, 100}, {"86400", 1000, 86'400'000},
        {"5.000", 1, 5},     {"999999999999999", 1000, 999'999'999'999'999'000},
        {"-0", 100, 0},
    };
    for (const auto& number : numbers) {
        CAPTURE(number.text);
        CHECK(read_number(number.text, number.scale).steps == number.steps);
    }
}

TEST_CASE("rejects everything else with the reason") {
    struct {
        const char* text;
        std::int64_t scale;
        const char* what;
    } numbers[] = {
        {"010", 1, "leading zero"},
        {"-01", 1, "leading zero"},
        {"00", 1, "leading zero"},
        {"0x1F", 1, "hexadecimal"},
        {"0o17", 1, "more than digits"},
        {".nan", 1, "finite"},
        {".inf", 1, "finite"},
        {"-.INF", 1, "finite"},
        {"+5", 1, "plus sign"},
        {"1e3", 1, "exponent"},
        {"1E3", 1, "exponent"},
        {"1,5", 100, "comma"},
        {"1_000", 1, "not a number"},
        {"12V", 100, "more than digits"},
        {"5 s", 1000, "more than digits"},
        {"5.", 1, "not a number"},
        {".5", 10, "not a number"},
        {"1.2.3", 10, "not a number"},
        {"", 1, "not a number"},
        {"-", 1, "not a number"},
        {"--1", 1, "not a number"},
        {"abc", 1, "not a number"},
        {"0.005", 100, "multiple of 0.01"},
        {"1.5", 1, "not a whole number"},
        {"1234567890123456", 1, "too many digits"},
        {"1.0000000000000001", 1, "too many digits"},
    };
    for (const auto& number : numbers) {
        const ReadNumber read = read_number(number.text, number.scale);
        CAPTURE(number.text);
        CAPTURE(read.what);
        CHECK_FALSE(read.steps);
        CHECK(read.what.find(number.what) != std::string::npos);
    }
}
