#include "daemon/config/problem.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("formats a finding as file, line, column, key, problem, remedy") {
    CHECK(text_of({"f", {3, 7}, "a.b", "is wrong", "be right"}) == "f:3:7: a.b: is wrong; expected be right");
    CHECK(text_of({"f", {}, "", "is wrong", ""}) == "f: is wrong");
}

TEST_CASE("returns the place of a key or its enclosing section") {
    Report report("f");
    report.note("a", {1, 1});
    report.note("a.b", {2, 3});
    report.note("l", {5, 1});
    report.note("l[0]", {6, 3});
    CHECK(report.place_of("a.b") == Place{2, 3});
    CHECK(report.place_of("a.c") == Place{1, 1});
    CHECK(report.place_of("l[0].x") == Place{6, 3});
    CHECK(report.place_of("l[1].x") == Place{5, 1});
    CHECK(report.place_of("z.y") == Place{1, 1});
    CHECK(report.given("a.b"));
    CHECK_FALSE(report.given("a.c"));
}

TEST_CASE("treats a section with any problem inside as unsound") {
    Report report("f");
    report.refuse({}, "a_b", "x", "");
    report.refuse({}, "l[0].c", "x", "");
    CHECK(report.sound("a"));
    CHECK_FALSE(report.sound("a_b"));
    CHECK_FALSE(report.sound("l"));
    CHECK_FALSE(report.sound("l[0]"));
    CHECK(report.sound("l[1]"));
    CHECK(report.sound("l[0].cd"));
    report.refuse({}, "a.b", "x", "");
    CHECK_FALSE(report.sound("a"));
}

TEST_CASE("sorts findings by place and limits their number") {
    Report report("f");
    report.refuse({9, 1}, "b", "late", "");
    report.refuse({2, 1}, "a", "early", "");
    CHECK(report.problems().front().what == "early");
    for (std::size_t i = 0; i < Report::most_problems; ++i) report.warn({1, 1}, "", "x", "");
    CHECK(report.warnings().size() == Report::most_problems);
    report.warn({1, 1}, "", "x", "");
    CHECK(report.warnings().back().what == "1 more problems");
}

TEST_CASE("shortens values and makes them printable") {
    CHECK(shown("a\nb\x7f") == "\"a?b?\"");
    CHECK(shown(std::string(41, 'a')) == "\"" + std::string(40, 'a') + "…\"");
    CHECK(shown(std::string(39, 'a') + "ää") == "\"" + std::string(39, 'a') + "…\"");
}
