#include "drivers/spelling.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("distance counts typing errors") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("poll_s", "poll_s") == 0);
    CHECK(edit_distance("pol_s", "poll_s") == 1);
    CHECK(edit_distance("plol_s", "poll_s") == 1);
    CHECK(edit_distance("Poll_S", "poll_s") == 0);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("finds the nearest name if it is near") {
    const std::vector<std::string> known = {"host", "port", "poll_s", "timeout_ms", "password_file"};
    CHECK(nearest("hsot", known) == "host");
    CHECK(nearest("pot", known) == "port");
    CHECK(nearest("timeout", known) == "timeout_ms");
    CHECK(nearest("time_out_ms", known) == "timeout_ms");
    CHECK(nearest("password", known) == "password_file");
    CHECK_FALSE(nearest("framing", known));
    CHECK_FALSE(nearest("", known));
    CHECK_FALSE(nearest("x", known));
    CHECK_FALSE(nearest(std::string(1000, 'a'), known));
    CHECK_FALSE(nearest("host", {}));
}
