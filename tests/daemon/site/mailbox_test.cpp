#include "daemon/site/mailbox.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace volt;

TEST_CASE("keeps the latest reading and ignores an unknown source") {
    Mailbox mailbox({"sol_ark"});
    const SourceSink sink = mailbox.sink();
    CHECK(!mailbox.read().at("sol_ark").has_reading);
    SourceReading reading;
    reading.name = "sol_ark";
    reading.voltage = 5230_cV;
    sink.reading(reading);
    reading.voltage = 5240_cV;
    reading.taken += 1s;
    sink.reading(reading);
    reading.name = "stranger";
    sink.reading(reading);
    const auto slots = mailbox.read();
    CHECK(slots.size() == 1);
    CHECK(slots.at("sol_ark").reading.voltage == 5240_cV);
    CHECK(slots.at("sol_ark").readings == 2);
}

TEST_CASE("wakes the loop for first and awaited readings") {
    Mailbox mailbox({"gx", "sol_ark"});
    int woken = 0;
    mailbox.on_urgent_reading([&woken] { ++woken; });
    const SourceSink sink = mailbox.sink();
    SourceReading reading;
    for (const char* name : {"gx", "gx", "stranger"}) {
        reading.name = name;
        sink.reading(reading);
    }
    CHECK(woken == 1);
    CHECK(mailbox.take_urgent());
    CHECK(!mailbox.take_urgent());
    reading.name = "sol_ark";
    sink.reading(reading);
    CHECK(woken == 2);
    CHECK(mailbox.take_urgent());
    mailbox.await("gx");
    reading.taken += 1s;
    sink.reading(reading);
    CHECK(woken == 2);
    CHECK(!mailbox.take_urgent());
    reading.name = "gx";
    sink.reading(reading);
    CHECK(woken == 3);
    CHECK(mailbox.take_urgent() == mailbox.read().at("gx").arrived);
}

TEST_CASE("wakes the loop for each voltage while none decides") {
    Mailbox mailbox({"gx", "sol_ark"});
    const SourceSink sink = mailbox.sink();
    SourceReading reading;
    reading.name = "gx";
    sink.reading(reading);
    mailbox.take_urgent();
    mailbox.await("");
    reading.taken += 1s;
    sink.reading(reading);
    CHECK(!mailbox.take_urgent());
    reading.voltage = 5230_cV;
    reading.taken += 1s;
    sink.reading(reading);
    CHECK(mailbox.take_urgent());
}

TEST_CASE("adds later values of a poll without another reading") {
    Mailbox mailbox({"gx"});
    mailbox.await("gx");
    const SourceSink sink = mailbox.sink();
    SourceReading reading;
    reading.name = "gx";
    reading.taken = 1000s;
    reading.voltage = 5230_cV;
    sink.reading(reading);
    CHECK(mailbox.take_urgent());
    const Time arrived = mailbox.read().at("gx").arrived;
    reading.battery_temperature = Celsius{215};
    sink.reading(reading);
    CHECK(!mailbox.take_urgent());
    CHECK(mailbox.read().at("gx").reading.battery_temperature == Celsius{215});
    CHECK(mailbox.read().at("gx").readings == 1);
    CHECK(mailbox.read().at("gx").arrived == arrived);
}

TEST_CASE("reuses an earlier copy, even with other sources") {
    Mailbox mailbox({"gx", "sol_ark"});
    std::map<std::string, Mailbox::LatestReading> copy;
    SourceReading reading;
    reading.name = "sol_ark";
    for (const Volts voltage : {5230_cV, 5240_cV}) {
        reading.voltage = voltage;
        reading.taken += 1s;
        mailbox.sink().reading(reading);
        mailbox.read(copy);
        CHECK(copy.size() == 2);
        CHECK(copy.at("sol_ark").reading.voltage == voltage);
        CHECK_FALSE(copy.at("gx").has_reading);
    }
    mailbox.require({"sol_ark", "victron.battery"});
    mailbox.read(copy);
    CHECK(copy.size() == 2);
    CHECK_FALSE(copy.contains("gx"));
    CHECK(copy.at("sol_ark").readings == 2);
}

TEST_CASE("passes on health like readings") {
    Mailbox mailbox({"sol_ark"});
    SourceHealth health;
    health.name = "sol_ark";
    health.consecutive_failures = 3;
    health.last_error = "no answer in 1,500 ms";
    mailbox.sink().health(health);
    CHECK(mailbox.read().at("sol_ark").health.consecutive_failures == 3);
}

TEST_CASE("never exposes a partly written reading") {
    Mailbox mailbox({"gx"});
    constexpr int rounds = 20000;
    std::thread poller([sink = mailbox.sink()] {
        for (int i = 0; i < rounds; ++i) {
            SourceReading reading;
            reading.name = "gx";
            reading.voltage = Volts{i};
            reading.battery_power = Watts{i};
            reading.taken = Time{i};
            sink.reading(reading);
        }
    });
    for (std::uint64_t seen = 0; seen < rounds;) {
        const auto slot = mailbox.read().at("gx");
        if (slot.has_reading) REQUIRE(slot.reading.voltage->steps == slot.reading.battery_power->steps);
        seen = slot.readings;
    }
    poller.join();
}
