#include "daemon/host/clock.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace {

Utc utc_at(std::int64_t seconds) { return std::chrono::seconds{seconds}; }

}  // namespace

TEST_CASE("follows both clock changes of the year") {
    const auto zone = ZoneClock::load("America/Los_Angeles");
    REQUIRE(zone);
    // 2025-03-09 10:00 UTC is when 02:00 PST becomes 03:00 PDT.
    CHECK(zone->local(utc_at(1741514399)).second_of_day == 2 * 3600 - 1);
    CHECK(zone->local(utc_at(1741514400)).second_of_day == 3 * 3600);
    // 2025-11-02 09:00 UTC is when 02:00 PDT becomes 01:00 PST, so the hour occurs twice.
    CHECK(zone->local(utc_at(1762073999)).second_of_day == 2 * 3600 - 1);
    CHECK(zone->local(utc_at(1762074000)).second_of_day == 1 * 3600);
    CHECK(zone->local(utc_at(1762074000)).day == 20394);
}

TEST_CASE("moves a skipped local time and uses the first doubled one") {
    const auto zone = ZoneClock::load("America/Los_Angeles");
    REQUIRE(zone);
    CHECK(zone->utc({20156, 2 * 3600 + 1800}) == utc_at(1741514400));
    CHECK(zone->utc({20394, 1 * 3600 + 1800}) == utc_at(1762072200));
}

TEST_CASE("follows the file's rule after its last listed change") {
    const auto zone = ZoneClock::load("America/Los_Angeles");
    REQUIRE(zone);
    // The file lists changes up to 2037. 2040-03-11 10:00 UTC is 02:00 PST, 2040-11-04 09:00 UTC is 02:00 PDT.
    CHECK(zone->local(utc_at(2215072799)).second_of_day == 2 * 3600 - 1);
    CHECK(zone->local(utc_at(2215072800)).second_of_day == 3 * 3600);
    CHECK(zone->local(utc_at(2235632399)).second_of_day == 2 * 3600 - 1);
    CHECK(zone->local(utc_at(2235632400)).second_of_day == 1 * 3600);
    CHECK(zone->utc(zone->local(utc_at(2225000000))) == utc_at(2225000000));
    CHECK(zone->utc({25637, 2 * 3600 + 1800}) == utc_at(2215072800));
}

TEST_CASE("returns nothing for an unknown zone") { CHECK(ZoneClock::load("Mars/Olympus") == nullptr); }

TEST_CASE("runs the simulated wall at its rate") {
    const auto wall = parse_wall_clock("720@2025-06-21T05:30");
    REQUIRE(wall);
    CHECK(wall->rate == 720);
    CHECK(wall->start.day == 20260);
    CHECK(wall->start.second_of_day == 5 * 3600 + 1800);
    const WallClock clock(*wall, utc_at(1000), 50s);
    CHECK(clock.simulated());
    CHECK(clock.utc(51s) == utc_at(1720));
    for (const char* wrong : {"", "720", "0@2025-06-21T05:30", "720@2025-06-31T05:30", "720@2025-06-21T24:30",
                              "720@2025-06-21T05:60", "720@2025-06-21T05:30x", "720@2025-06-21 05:30", "-1@2025-06-21T05:30"})
        CHECK_MESSAGE(!parse_wall_clock(wrong), wrong);
}

TEST_CASE("trusts a clock until wall and monotonic time differ by 5 min") {
    WallTrust trust;
    CHECK(!trust.update(false, false, utc_at(100), 0s));
    CHECK(trust.update(true, false, utc_at(5000), 10s));
    CHECK(trust.update(false, false, utc_at(5010), 20s));
    CHECK(trust.update(false, false, utc_at(5320), 30s));   // 300 s apart: still trusted
    CHECK(!trust.update(false, false, utc_at(5331), 40s));  // 301 s apart
    CHECK(!trust.update(false, false, utc_at(5041), 50s));  // not trusted again by itself
    CHECK(trust.update(true, false, utc_at(9000), 60s));
}

TEST_CASE("distrusts a wall clock 5 min before the newest row") {
    WallTrust trust;
    trust.know(utc_at(10'000));
    CHECK(trust.update(true, false, utc_at(9'701), 1s));
    CHECK_FALSE(trust.update(true, false, utc_at(9'699), 2s));
    CHECK_FALSE(trust.update(true, true, utc_at(9'701), 3s));
    CHECK_FALSE(trust.update(true, true, utc_at(9'999), 301s));
    CHECK(trust.update(true, true, utc_at(10'000), 302s));
    CHECK(trust.update(false, true, utc_at(10'001), 303s));
    WallTrust vouched;
    CHECK(vouched.update(false, true, utc_at(1), 1s));
}

TEST_CASE("ignores an older synchronized report after a jump") {
    WallTrust trust;
    CHECK(trust.update(true, false, utc_at(5000), 10s));
    CHECK(trust.update(true, false, utc_at(5300), 310s));
    // Someone sets the clock by hand. The kernel reports it unsynchronized at once, and voltd learns it at the next check.
    CHECK(!trust.update(true, false, utc_at(0), 311s));
    CHECK(!trust.update(true, false, utc_at(4), 315s));
    CHECK(!trust.update(false, false, utc_at(5), 316s));
    CHECK(!trust.update(false, false, utc_at(400), 711s));
    // If a time signal set it instead, trust it when the system still reports so after a fresh check.
    CHECK(trust.update(true, false, utc_at(401), 712s));
    CHECK(!trust.update(true, false, utc_at(9000), 713s));
    CHECK(!trust.update(true, false, utc_at(9019), 732s));
    CHECK(trust.update(true, false, utc_at(9020), 733s));
}
