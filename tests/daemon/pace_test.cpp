#include "daemon/pace.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace {

/// Ticks of a loop for which readings arrive every `poll` from `first` on: how old the newest one is at the last of them.
Duration age_after(int ticks, Duration tick, Time first, Duration poll) {
    Time next = 0ms, arrived = first;
    for (int i = 0; i < ticks; ++i) {
        while (arrived + poll <= next) arrived += poll;
        next = in_step(next_tick(next, next, tick), arrived, tick);
    }
    while (arrived + poll <= next) arrived += poll;
    return next - arrived;
}

}  // namespace

TEST_CASE("ticks keep their phase, and what was missed is not made up for") {
    CHECK(next_tick(5000ms, 5003ms, 1s) == 6000ms);
    CHECK(next_tick(5000ms, 5999ms, 1s) == 6000ms);
    CHECK(next_tick(5000ms, 6000ms, 1s) == 7000ms);
    CHECK(next_tick(5000ms, 60'500ms, 1s) == 61'500ms);
}

TEST_CASE("wherever readings come, the loop is close behind them within ten ticks") {
    for (Time first = 0ms; first < 1s; first += 7ms) {
        CAPTURE(first.count());
        const Duration age = age_after(10, 1s, first, 1s);
        CHECK(age >= 50ms);
        CHECK(age <= 150ms);
        CHECK(age_after(200, 1s, first, 1s) == age);  // and stays
        CHECK(age_after(10, 1s, first, 5s) % 1s <= 150ms);
        CHECK(age_after(10, 200ms, first, 1s) % 200ms <= 30ms);
    }
}

TEST_CASE("no tick is moved by more than a tenth, whatever the polls do") {
    for (const Duration poll : {300ms, 700ms, 999ms, 1001ms, 1500ms, 7300ms}) {
        Time next = 0ms, arrived = 0ms;
        for (int i = 0; i < 1000; ++i) {
            while (arrived + poll <= next) arrived += poll;
            const Time plain = next + 1s;
            next = in_step(plain, arrived, 1s);
            CHECK(abs(next - plain) <= 100ms);
        }
    }
}

TEST_CASE("silent sources, and none, leave the ticks as they are") {
    CHECK(in_step(10'000ms, std::nullopt, 1s) == 10'000ms);
    CHECK(in_step(10'000ms, 4'400ms, 1s) == 10'000ms);
    CHECK(in_step(10'000ms, 5'400ms, 1s) != 10'000ms);
    CHECK(in_step(10'000ms, 9'880ms, 1s) == 10'000ms);  // close enough
}
