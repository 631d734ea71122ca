#include "drivers/store/settings/slug.hpp"

#include <doctest/doctest.h>

using volt::make_slug;

TEST_CASE("makes the slugs of the default rows") {
    CHECK(make_slug("Primary S21+ (Revenue)") == "primary-s21-revenue");
    CHECK(make_slug("Dump Load S19 #1") == "dump-load-s19-1");
    CHECK(make_slug("Heat Room") == "heat-room");
}

TEST_CASE("slugs: replace runs by one dash, none at the ends") {
    CHECK(make_slug("  a -- b__c  ") == "a-b-c");
    CHECK(make_slug("Küche 2") == "k-che-2");
    CHECK(make_slug("A/B+#c") == "a-b-c");
    CHECK(make_slug("x") == "x");
    CHECK(make_slug("###") == "");
    CHECK(make_slug("") == "");
}
