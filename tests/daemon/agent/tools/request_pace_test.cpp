#include "daemon/agent/tools/request_pace.hpp"

#include <doctest/doctest.h>

using namespace volt::agent;
using namespace std::chrono_literals;

namespace request_pace_test {

TEST_CASE("allows a burst, then one request per interval") {
    RequestPace pace(3, 40ms);
    const RequestPace::Time now = RequestPace::Time{} + 1h, never = now + 1h;
    for (int i = 0; i < 3; ++i) CHECK(pace.next(now, never) == now);
    CHECK(pace.next(now, never) == now + 40ms);
    CHECK(pace.next(now + 10ms, never) == now + 80ms);
    CHECK(pace.next(now + 120ms, never) == now + 120ms);
    const RequestPace::Time later = now + 10s;
    for (int i = 0; i < 3; ++i) CHECK(pace.next(later, never) == later);
    CHECK(pace.next(later, never) == later + 40ms);
}

TEST_CASE("rejects a caller without time to wait") {
    RequestPace pace(1, 40ms);
    const RequestPace::Time now = RequestPace::Time{} + 1h;
    CHECK(pace.next(now, now) == now);
    for (int i = 0; i < 10; ++i) CHECK(pace.next(now, now + 39ms) == std::nullopt);
    CHECK(pace.next(now, now + 40ms) == now + 40ms);
}

}  // namespace request_pace_test
