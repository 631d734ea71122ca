#include "drivers/store/writer/write_queue.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace volt;

namespace {

using Clock = std::chrono::steady_clock;

TelemetryRow metric(double value) { return TelemetryMetric{"m", value, Utc{0}}; }
HistoryRow event(const std::string& message) {
    EventRow row;
    row.message = message;
    return row;
}
std::string message_of(const HistoryRow& row) { return std::get<EventRow>(row).message; }

}  // namespace

TEST_CASE("a full queue drops the oldest telemetry, then history") {
    WriteQueue queue(4);
    for (int i = 0; i < 5; ++i) queue.put(metric(i));
    CHECK(queue.size() == 4);
    CHECK(queue.dropped() == 1);
    for (int i = 0; i < 3; ++i) queue.put(event(std::to_string(i)));
    WriteQueueContent content = queue.take(Clock::now());
    REQUIRE(content.telemetry.size() == 1);
    CHECK(std::get<TelemetryMetric>(content.telemetry[0]).value == 4);
    CHECK(content.history.size() == 3);
    CHECK(queue.dropped() == 4);

    for (int i = 0; i < 6; ++i) queue.put(event(std::to_string(i)));
    queue.put(metric(9));
    content = queue.take(Clock::now());
    CHECK(content.telemetry.empty());
    REQUIRE(content.history.size() == 4);
    CHECK(message_of(content.history.front()) == "2");
    CHECK(queue.dropped() == 7);
}

TEST_CASE("keeps only the newest rule state and mode") {
    WriteQueue queue(4);
    queue.put(SavedRuleState{"old", Utc{1}});
    queue.put(SavedRuleState{"new", Utc{2}});
    queue.put(SiteMode::off, "owner");
    queue.put(SiteMode::balanced, "owner");
    queue.close();
    const WriteQueueContent content = queue.take(Clock::now());
    CHECK(content.rule_state->text == "new");
    CHECK(content.mode == SiteMode::balanced);
    CHECK(content.closing);
    CHECK(queue.take(Clock::now()).closing);
    CHECK_FALSE(queue.take(Clock::now()).mode);
}

TEST_CASE("history wakes the writer at once, telemetry does not") {
    WriteQueue queue(4);
    const auto far = Clock::now() + std::chrono::seconds(60);
    std::thread sender([&] { queue.put(event("now")); });
    CHECK(queue.take(far).history.size() == 1);
    sender.join();
    CHECK(Clock::now() < far);
    queue.put(metric(1));
    const auto soon = Clock::now() + std::chrono::milliseconds(20);
    CHECK(queue.take(soon).telemetry.size() == 1);
    CHECK(Clock::now() >= soon);
}
