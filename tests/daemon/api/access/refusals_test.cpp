#include "daemon/api/access/refusals.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::api;

TEST_CASE("logs one counted line per kind and minute") {
    Refusals refusals;
    Time now{1h};
    CHECK(refusals.take(now).empty());
    refusals.note(RefusalKind::key, "192.168.1.7");
    CHECK(refusals.take(now) == std::vector<std::string>{"Refused a wrong key or token, from 192.168.1.7"});
    for (int i = 0; i < 1000; ++i) refusals.note(RefusalKind::key, "192.168.1.8");
    refusals.note(RefusalKind::code, "fd00::9");
    CHECK(refusals.take(now + 59s) == std::vector<std::string>{"Refused a wrong sign-in code, from fd00::9"});
    CHECK(refusals.take(now + 60s) ==
          std::vector<std::string>{"Refused a wrong key or token, from 192.168.1.8, the last of 1000"});
    CHECK(refusals.take(now + 1h).empty());
}
