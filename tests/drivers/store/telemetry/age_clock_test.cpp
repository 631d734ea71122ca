#include "drivers/store/telemetry/age_clock.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace {

constexpr Utc noon{1'750'507'200'000};

AgeClock::Steady after(Duration time) { return AgeClock::Steady{} + 1h + time; }

}  // namespace

TEST_CASE("removes rows only by a trusted clock") {
    AgeClock clock;
    CHECK_FALSE(clock.time_to_remove(after(0s)));
    clock.set(noon, false, after(0s));
    CHECK_FALSE(clock.time_to_remove(after(0s)));
    clock.set(noon + 1s, true, after(1s));
    CHECK(clock.time_to_remove(after(1s)) == noon + 1s);
    clock.set(noon + 24h * 365 * 5, false, after(2s));
    CHECK_FALSE(clock.time_to_remove(after(2s)));
    CHECK(clock.jumped(after(2s)).empty());
}

TEST_CASE("removes nothing for an hour after a trusted jump forward") {
    AgeClock clock;
    clock.set(noon, true, after(0s));
    clock.set(noon + 23h, true, after(1s));
    CHECK(clock.time_to_remove(after(1s)) == noon + 23h);
    clock.set(noon + 23h + 25h, true, after(2s));
    CHECK_FALSE(clock.time_to_remove(after(2s)));
    CHECK(clock.jumped(after(2s)).find("to 2025-06-23 12:00 UTC; voltd removes no old rows for 60 min") != std::string::npos);
    CHECK_FALSE(clock.time_to_remove(after(59min)));
    clock.set(noon + 48h + 1h, true, after(2s + 1h));
    CHECK(clock.time_to_remove(after(2s + 1h)) == noon + 49h);
    CHECK(clock.jumped(after(2s + 1h)).empty());
}

TEST_CASE("a correction after booting with an old clock is a jump") {
    AgeClock fresh;
    fresh.set(noon - 24h * 30, false, after(0s));
    fresh.set(noon, true, after(60s));
    CHECK_FALSE(fresh.time_to_remove(after(60s)));
    AgeClock used(noon - 24h * 30);
    used.set(noon, true, after(0s));
    CHECK_FALSE(used.time_to_remove(after(0s)));
    CHECK_FALSE(used.jumped(after(0s)).empty());
    AgeClock yesterday(noon - 23h);
    yesterday.set(noon, true, after(0s));
    CHECK(yesterday.time_to_remove(after(0s)) == noon);
}

TEST_CASE("a jump back removes nothing, and the return is a jump") {
    AgeClock clock;
    clock.set(noon, true, after(0s));
    clock.set(noon - 24h * 30, true, after(1s));
    CHECK(clock.time_to_remove(after(1s)) == noon - 24h * 30);
    clock.set(noon, true, after(2s));
    CHECK_FALSE(clock.time_to_remove(after(2s)));
}
