#include "drivers/mqtt/rival.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

TEST_CASE("notices another voltd by its id, published every minute") {
    MemoryBus bus;
    Rival rival("voltd/shack", "aaaa", bus);
    rival.turn(1s);
    CHECK(bus.sent.empty());  // no broker yet
    bus.come(2s);
    for (Time now = 2s; now < 122s; now += 1s) rival.turn(now);
    CHECK(bus.payloads("voltd/shack/controller") == std::vector<std::string>(2, R"({"id":"aaaa"})"));
    CHECK_FALSE(bus.sent[0].as.retained);
    rival.receive(received("voltd/shack/controller", R"({"id":"aaaa"})", 122s));
    for (const char* text : {"", "bbbb", "{}", R"({"id":7})", R"({"id":""})"})
        rival.receive(received("voltd/shack/controller", text, 122s));
    rival.receive(received("voltd/other/controller", R"({"id":"bbbb"})", 122s));
    CHECK(rival.other(122s).empty());
    rival.receive(received("voltd/shack/controller", R"({"id":"bbbb"})", 122s));
    CHECK(rival.other(200s) == "bbbb");
    CHECK(rival.other(122s + Rival::remembered).empty());
}
