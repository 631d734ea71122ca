#include "drivers/mqtt/protection.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("recognizes each dialect's words for its own protection") {
    CHECK(protection_in("MaxPowerReached 3434") == OwnProtection::power);
    CHECK(protection_in("overpower") == OwnProtection::power);
    CHECK(protection_in("overtemperature") == OwnProtection::temperature);
    CHECK(protection_in("undervoltage, overtemp") == OwnProtection::temperature);
    CHECK(protection_in("overvoltage") == OwnProtection::voltage);
    CHECK(protection_in("overcurrent") == OwnProtection::current);
    CHECK(protection_in("over current threshold") == OwnProtection::current);
    CHECK(protection_in("over_power") == OwnProtection::power);
    CHECK(protection_in("overload") == OwnProtection::power);
    for (const char* other : {"undervoltage", "leakagecurr_alarm", "miss_phase_alarm"})
        CHECK(protection_in(other) == OwnProtection::other);
    CHECK(protection_in("short_circuit_alarm") == OwnProtection::current);
    CHECK(protection_in("trip_voltage_1") == OwnProtection::voltage);
    CHECK(protection_in("trip_over_current") == OwnProtection::current);
    CHECK(protection_in("ov_cr") == OwnProtection::current);
    CHECK(protection_in("high_power_alarm") == OwnProtection::power);
    CHECK(protection_in(timer_turned_on) == OwnProtection::auto_on);
    for (const char* other : {"", "-103 Invalid argument", "its own timer will switch it on", "PowerMonitor {}"})
        CHECK(protection_in(other) == OwnProtection::none);
}

TEST_CASE("words without the known ones keep their order") {
    CHECK(words_without("", "") == "");
    CHECK(words_without("a", "") == "a");
    CHECK(words_without("a, b c, d", "d, a") == "b c");
    CHECK(words_without("over", "overpower, b") == "over");
    CHECK(words_without("a, b", "a, b") == "");
}
