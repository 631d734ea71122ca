#include "daemon/api/access/qr.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace volt::api;

TEST_CASE("draws three finders, identical as SVG and blocks") {
    const auto code = make_qr("http://192.168.1.20:8480/#K7QX4M2P");
    REQUIRE(code);
    CHECK(code->width >= 25);
    CHECK(code->width % 4 == 1);
    const int last = code->width - 7;
    for (const auto& [left, top] : {std::pair{0, 0}, {last, 0}, {0, last}})
        for (int i = 0; i < 7; ++i) {
            CHECK(code->is_dark(left + i, top));
            CHECK(code->is_dark(left, top + i));
            CHECK(code->is_dark(left + 6, top + i));
            CHECK(code->is_dark(left + i, top + 6));
        }
    CHECK_FALSE(code->is_dark(1, 1));
    CHECK_FALSE(code->is_dark(-1, 0));
    CHECK_FALSE(code->is_dark(0, code->width));
    const std::string svg = svg_of(*code);
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(code->width + 8)));
    CHECK(svg.find("M4 4h7v1h-7z") != std::string::npos);  // upper edge of the first finder, inside the margin
    CHECK(svg.find("script") == std::string::npos);
    const std::string blocks = blocks_of(*code);
    CHECK(std::count(blocks.begin(), blocks.end(), '\n') == (code->width + 9) / 2);
    // An extra or missing module of a dark row would be visible: below the margin's two lines, the finder's first two rows.
    std::string third = blocks;
    for (int i = 0; i < 2; ++i) third.erase(0, third.find('\n') + 1);
    CHECK(third.starts_with("████ ▄▄▄▄▄ █"));
}

TEST_CASE("makes different codes and rejects a long text") {
    CHECK(make_qr("a")->dark != make_qr("b")->dark);
    CHECK_FALSE(make_qr(std::string(3000, 'x')));
}
