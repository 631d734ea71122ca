// Tests of sunrise and sunset against an almanac.
#include "daemon/host/sun.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "daemon/host/clock.hpp"

using namespace volt;

namespace sun_test {

namespace {

constexpr std::int32_t minute(std::int32_t hours, std::int32_t minutes) { return hours * 60 + minutes; }

/// Returns the sun at noon UTC of a day.
std::optional<SunOfDay> sun_at(double latitude, double longitude, const char* zone, std::int32_t day) {
    const Utc utc = std::chrono::hours(24 * day + 12);
    return sun_of({static_cast<int>(latitude * 10'000), static_cast<int>(longitude * 10'000)}, utc,
                  ZoneClock::load(zone)->local(utc));
}

void check(std::optional<SunOfDay> sun, std::int32_t rise_min, std::int32_t set_min) {
    REQUIRE(sun);
    CAPTURE(sun->rise / 60);
    CAPTURE(sun->set / 60);
    CHECK(std::abs(sun->rise - rise_min * 60) <= 120);
    CHECK(std::abs(sun->set - set_min * 60) <= 120);
}

constexpr std::int32_t june_21 = 20'260, december_21 = 20'443, march_20 = 20'167;  // days of 2025

}  // namespace

TEST_CASE("computes sunrise and sunset within two minutes of the almanac") {
    check(sun_at(37.34, -121.89, "America/Los_Angeles", june_21), minute(5, 48), minute(20, 31));
    check(sun_at(37.34, -121.89, "America/Los_Angeles", december_21), minute(7, 18), minute(16, 54));
    check(sun_at(52.52, 13.40, "Europe/Berlin", june_21), minute(4, 43), minute(21, 33));
    check(sun_at(52.52, 13.40, "Europe/Berlin", march_20), minute(6, 10), minute(18, 20));
    check(sun_at(-36.85, 174.76, "Pacific/Auckland", december_21), minute(5, 58), minute(20, 39));
}

TEST_CASE("returns nothing for polar day and night") {
    CHECK_FALSE(sun_at(69.65, 18.96, "Europe/Oslo", june_21));
    CHECK_FALSE(sun_at(69.65, 18.96, "Europe/Oslo", december_21));
    CHECK(sun_at(69.65, 18.96, "Europe/Oslo", march_20));
    CHECK_FALSE(sun_at(90, 0, "Etc/UTC", june_21));
}

TEST_CASE("doubts a time zone of another continent") {
    const auto sun = sun_at(52.52, 13.40, "America/Los_Angeles", march_20);
    REQUIRE(sun);
    CHECK(sun->rise > sun->set);
    const SitePlace berlin{525'200, 134'000};
    CHECK(zone_doubt("America/Los_Angeles", berlin, std::chrono::hours(24 * march_20)).find("highest at 04:1") !=
          std::string::npos);
    CHECK(zone_doubt("Europe/Berlin", berlin, std::chrono::hours(24 * march_20)) == "");
    CHECK(zone_doubt("Europe/Madrid", berlin, std::chrono::hours(24 * june_21)) == "");
    CHECK(zone_doubt("Nowhere", berlin, Utc{}) == "");
}

}  // namespace sun_test
