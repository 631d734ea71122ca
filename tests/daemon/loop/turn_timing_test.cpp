#include "daemon/loop/turn_timing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace volt;

namespace {

/// Loop in virtual time, whose readings of the deciding voltage arrive at `readings`.
class VirtualLoop {
public:
    VirtualLoop(Duration tick, Duration poll, std::vector<Time> readings)
        : tick_(tick), poll_(poll), readings_(std::move(readings)) {}

    void request_at(Time at) { requests_.push_back(at); }
    /// Returns when turns ran, until `end`.
    std::vector<Time> run(Time end) {
        std::vector<Time> turns;
        TurnTiming timing(0ms);
        bool waits = false;
        for (Time now = 0ms; now < end; now += 1ms) {
            if (std::ranges::binary_search(readings_, now)) {
                newest_ = Arrival{now, poll_};
                timing.reading(now);
            }
            waits = waits || std::ranges::binary_search(requests_, now);
            if (waits) timing.request(now);
            if (now < timing.due()) continue;
            turns.push_back(now);
            waits = false;
            timing.ran(now, newest_, tick_);
        }
        return turns;
    }

private:
    Duration tick_, poll_;
    std::vector<Time> readings_, requests_;
    std::optional<Arrival> newest_;
};

/// Returns one poll every `poll` from `first` on, with a delay of up to 6 ms that varies.
std::vector<Time> polls(Time first, Duration poll, Time end) {
    std::vector<Time> all;
    for (int number = 0; first + number * poll < end; ++number) all.push_back(first + number * poll + Duration{number * 37 % 7});
    return all;
}

}  // namespace

TEST_CASE("runs a turn each tick without readings and skips missed ones") {
    CHECK(VirtualLoop(1s, 1s, {}).run(4500ms) == std::vector<Time>{0ms, 1s, 2s, 3s, 4s});
    TurnTiming timing(5s);
    timing.ran(60'500ms, std::nullopt, 1s);
    CHECK(timing.due() == 61'500ms);
}

TEST_CASE("runs a turn at once for each deciding reading") {
    for (const Duration poll : {200ms, 300ms, 700ms, 1000ms, 1300ms, 5000ms})
        for (const Duration tick : {100ms, 1000ms, 5000ms}) {
            CAPTURE(poll.count());
            CAPTURE(tick.count());
            const std::vector<Time> readings = polls(137ms, poll, 60s), turns = VirtualLoop(tick, poll, readings).run(60s);
            for (const Time reading : readings) CHECK(std::ranges::binary_search(turns, reading));
            for (std::size_t i = 1; i < turns.size(); ++i) {
                CHECK(turns[i] - turns[i - 1] <= tick + 2 * TurnTiming::slack(tick));
                // Without a reading, a full tick passes.
                if (!std::ranges::binary_search(readings, turns[i])) CHECK(turns[i] - turns[i - 1] >= tick);
            }
        }
}

TEST_CASE("adds no turns for readings at multiples of the tick") {
    for (const Duration poll : {1s, 2s, 5s}) {
        const auto turns = VirtualLoop(1s, poll, polls(0ms, poll, 100s)).run(100s);
        CHECK(turns.size() == 100);
    }
}

TEST_CASE("returns to the tick when readings end") {
    std::vector<Time> readings = polls(0ms, 1s, 10s);
    readings.push_back(20'400ms);
    const auto turns = VirtualLoop(1s, 1s, readings).run(20'500ms);
    const auto last = std::ranges::find(turns, readings[9]);
    REQUIRE(last != turns.end());
    CHECK(*(last + 1) == readings[9] + 1250ms);
    CHECK(*(last + 2) == readings[9] + 2250ms);
    CHECK(turns.back() == 20'400ms);
}

TEST_CASE("runs a turn at once for a request, few for a flood") {
    VirtualLoop one(1s, 1s, {});
    one.request_at(1300ms);
    CHECK(one.run(3s) == std::vector<Time>{0ms, 1000ms, 1300ms, 2300ms});
    VirtualLoop flood(1s, 1s, {});
    for (Time at = 1ms; at < 10s; at += 1ms) flood.request_at(at);
    CHECK(flood.run(10s).size() == 1 + 10s / TurnTiming::request_gap(1s));
}

TEST_CASE("delays no reading during a flood of requests") {
    const std::vector<Time> readings = polls(313ms, 1s, 10s);
    VirtualLoop flood(1s, 1s, readings);
    for (Time at = 1ms; at < 10s; at += 1ms) flood.request_at(at);
    const auto turns = flood.run(10s);
    for (const Time reading : readings) CHECK(std::ranges::binary_search(turns, reading));
    CHECK(turns.size() <= 1 + readings.size() + 10s / TurnTiming::request_gap(1s));
}
