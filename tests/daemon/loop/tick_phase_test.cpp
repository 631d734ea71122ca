#include "daemon/loop/tick_phase.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace volt;

namespace {

/// Ticks of a loop for which readings arrive every `poll` from `first` on: how old the newest one is at the last of them.
Duration age_after(int ticks, Duration tick, Time first, Duration poll) {
    Time next = 0ms, arrived = first;
    for (int i = 0; i < ticks; ++i) {
        while (arrived + poll <= next) arrived += poll;
        next = in_step(next_tick(next, next, tick), Arrival{arrived, poll}, tick);
    }
    while (arrived + poll <= next) arrived += poll;
    return next - arrived;
}

/// Where the last of `ticks` is due when each poll's reading comes up to 6 ms late, now more and now less.
Time end_of(int ticks, Duration tick, Time first, Duration poll) {
    const auto arrival = [&](int number) { return first + number * poll + Duration{number * 37 % 7}; };
    Time next = 0ms;
    for (int i = 0, number = 0; i < ticks; ++i) {
        while (arrival(number + 1) <= next) ++number;
        next = in_step(next_tick(next, next, tick), Arrival{arrival(number), poll}, tick);
    }
    return next;
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
        CHECK(age_after(10, 1s, first, 200ms) <= 150ms);
        CHECK(age_after(10, 1s, first, 500ms) <= 150ms);
    }
}

TEST_CASE("a thousand ticks take their time, whatever the period of the polls") {
    using Periods = std::pair<Duration, Duration>;  // tick, poll
    for (const Periods& periods : {Periods{5s, 200ms},
                                   {5s, 300ms},
                                   {4s, 250ms},
                                   {3s, 200ms},
                                   {1s, 300ms},
                                   {2s, 1400ms},
                                   {3s, 1400ms},
                                   {1s, 1s},
                                   {1s, 5s},
                                   {200ms, 1s},
                                   {1s, 200ms},
                                   {1s, 500ms},
                                   {5s, 1s},
                                   {100ms, 5s},
                                   {100ms, 100ms},
                                   {1s, 999ms},
                                   {1s, 7300ms}})
        for (Time first = -5s; first <= 0s; first += 331ms) {
            const Duration tick = periods.first, poll = periods.second;
            CAPTURE(tick.count());
            CAPTURE(poll.count());
            CAPTURE(first.count());
            CHECK(abs(end_of(1000, tick, first, poll) - 1000 * tick) <= 5 * tick);  // half a percent
        }
}

TEST_CASE("no tick is moved by more than a tenth, whatever the polls do") {
    for (const Duration poll : {300ms, 500ms, 700ms, 999ms, 1000ms, 1001ms, 1500ms, 3000ms, 7300ms}) {
        Time next = 0ms, arrived = 0ms;
        for (int i = 0; i < 1000; ++i) {
            while (arrived + poll <= next) arrived += poll;
            const Time plain = next + 1s;
            next = in_step(plain, Arrival{arrived, poll}, 1s);
            CHECK(abs(next - plain) <= 100ms);
        }
    }
}

TEST_CASE("polls of a period that no phase fits leave the ticks as they are") {
    for (const Duration poll : {0ms, 100ms, 125ms, 300ms, 999ms, 1001ms, 1500ms, 7300ms}) {
        CAPTURE(poll.count());
        CHECK_FALSE(can_follow(1s, poll));
        CHECK(in_step(10'000ms, Arrival{9'400ms, poll}, 1s) == 10'000ms);
    }
    for (const Duration poll : {200ms, 250ms, 500ms, 1000ms, 2000ms, 5000ms}) CHECK(can_follow(1s, poll));
}

TEST_CASE("silent sources, and none, leave the ticks as they are") {
    CHECK(in_step(10'000ms, std::nullopt, 1s) == 10'000ms);
    CHECK(in_step(10'000ms, Arrival{4'400ms, 1s}, 1s) == 10'000ms);
    CHECK(in_step(10'000ms, Arrival{5'400ms, 1s}, 1s) != 10'000ms);
    CHECK(in_step(10'000ms, Arrival{9'880ms, 1s}, 1s) == 10'000ms);  // close enough
}
