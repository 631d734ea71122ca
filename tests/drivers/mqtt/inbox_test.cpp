#include "drivers/mqtt/inbox.hpp"

#include <doctest/doctest.h>

#include "drivers/source.hpp"

using namespace volt;

TEST_CASE("a flood of quiet messages wakes the loop before losses") {
    int wakes = 0;
    Inbox inbox([&] { ++wakes; }, "voltd/shack/echo");
    for (std::size_t i = 0; i < Inbox::most_messages / 2; ++i) inbox.put("room/temperature", "1", false);
    CHECK(wakes == 0);
    inbox.put("room/temperature", "1", false);
    CHECK(wakes == 1);
}

TEST_CASE("keeps messages in order up to the bounds") {
    int wakes = 0;
    Inbox inbox([&] { ++wakes; });
    inbox.put("a", "1", true);
    inbox.put("b", "2", false);
    auto content = inbox.take();
    REQUIRE(content.messages.size() == 2);
    CHECK(content.messages[0].topic == "a");
    CHECK(content.messages[0].retained);
    CHECK(content.messages[1].payload == "2");
    CHECK(wakes == 2);
    CHECK(inbox.take().messages.empty());

    inbox.put("big", std::string(most_payload_bytes + 1, 'x'), false);
    inbox.put(std::string(most_topic_bytes + 1, 't'), "", false);
    for (std::size_t i = 0; i < Inbox::most_messages + 5; ++i) inbox.put("a", "1", false);
    content = inbox.take();
    CHECK(content.messages.size() == Inbox::most_messages);
    CHECK(content.dropped == 7);

    for (int i = 0; i < 100; ++i) inbox.put("a", std::string(most_payload_bytes, 'x'), false);
    CHECK(inbox.take().messages.size() * most_payload_bytes <= Inbox::most_bytes);
    inbox.put("a", "room again", false);
    CHECK(inbox.take().messages.size() == 1);
}

TEST_CASE("connection events have room in a flood of topics") {
    Inbox inbox({});
    for (int i = 0; i < 10000; ++i) inbox.put({LinkEvent::Kind::denied, "x", false, {}});
    inbox.put({LinkEvent::Kind::lost, "", false, {}});
    const auto events = inbox.take().events;
    CHECK(events.size() <= Inbox::most_events);
    CHECK(events.back().kind == LinkEvent::Kind::lost);
}

TEST_CASE("the connection's echo and its acknowledgement do not wake the loop") {
    int wakes = 0;
    Inbox inbox([&] { ++wakes; }, "voltd/shack/echo");
    inbox.put("voltd/shack/echo", "7", false);
    inbox.put({LinkEvent::Kind::echo_acked, {}, false, {}});
    CHECK(wakes == 0);
    inbox.put("voltd/shack/echoes", "7", false);
    inbox.put({LinkEvent::Kind::lost, {}, false, {}});
    CHECK(wakes == 2);
    const auto content = inbox.take();
    CHECK(content.messages.size() == 2);
    CHECK(content.events.size() == 2);
}

TEST_CASE("a command wakes the loop, a device report waits") {
    int wakes = 0;
    Inbox inbox([&] { ++wakes; }, "voltd/shack/echo");
    inbox.put("tele/plug/STATE", "{}", false);
    inbox.put("voltd/other/miner/a/set", "{}", false);
    CHECK(wakes == 0);
    inbox.put("voltd/shack/miner/a/set", "{}", false);
    CHECK(wakes == 1);
    inbox.await_until(monotonic_now() + 1h);
    inbox.put("stat/plug/POWER", "ON", false);
    CHECK(wakes == 2);
    inbox.put("voltd/shack/echo", "7", false);
    CHECK(wakes == 2);
    inbox.await_until(monotonic_now() - 1ms);
    inbox.put("stat/plug/POWER", "ON", false);
    CHECK(wakes == 2);
    CHECK(inbox.take().messages.size() == 6);
}

TEST_CASE("ignores messages after close") {
    int wakes = 0;
    Inbox inbox([&] { ++wakes; });
    inbox.close();
    inbox.put("a", "1", false);
    inbox.put({LinkEvent::Kind::lost, "", false, {}});
    CHECK(wakes == 0);
    CHECK(inbox.take().messages.empty());
}
