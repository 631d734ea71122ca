#include "drivers/modbus/backoff.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>

using namespace volt;
using namespace volt::modbus;

TEST_CASE("gaps double up to the longest, each within a fifth") {
    Backoff backoff(7);
    for (const Duration base : {1s, 2s, 4s, 8s, 16s, 32s}) {
        const Duration gap = backoff.next();
        CAPTURE(gap.count());
        CHECK(gap >= base - base / 5);
        CHECK(gap <= base + base / 5);
    }
    for (int i = 0; i < 100; ++i) {
        const Duration gap = backoff.next();
        CHECK(gap >= 48s);
        CHECK(gap <= 60s);
    }
    backoff.reset();
    CHECK(backoff.next() <= 1200ms);
}

TEST_CASE("the same seed gives the same gaps") {
    Backoff one(1), same(1), other(2);
    std::set<Duration> seen;
    bool differs = false;
    for (int i = 0; i < 10; ++i) {
        const Duration gap = one.next();
        CHECK(gap == same.next());
        differs = differs || gap != other.next();
        seen.insert(gap);
    }
    CHECK(differs);
    CHECK(seen.size() > 5);
}

TEST_CASE("a gap of a few milliseconds is never zero") {
    Backoff backoff(3, 1ms, 4ms);
    for (int i = 0; i < 20; ++i) CHECK(backoff.next() >= 1ms);
}
