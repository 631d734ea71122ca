#include "daemon/config/fields.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("formats decimals exactly") {
    CHECK(decimal_text(200, 1000) == "0.2");
    CHECK(decimal_text(1, 1000) == "0.001");
    CHECK(decimal_text(0, 100) == "0");
    CHECK(decimal_text(-50, 100) == "-0.5");
    CHECK(decimal_text(300'000, 1000) == "300");
    CHECK(decimal_text(1250, 100) == "12.5");
    CHECK(decimal_text(-7, 1) == "-7");
}
