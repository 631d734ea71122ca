// A hundred outputs on one broker behave like one.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/mqtt/broker_site.hpp"
#include "tests/fakes/tasmota_fleet.hpp"

using namespace volt;
using namespace volt::testing;

TEST_CASE("sets up and switches a hundred outputs despite a deaf one") {
    constexpr int count = 100;
    Mosquitto broker;
    TasmotaFleet fleet(broker.port(), "relay", count);
    REQUIRE(eventually([&] { return fleet.connected(); }));
    std::vector<OutputConfig> configs(count);
    for (int i = 0; i < count; ++i) {
        configs[static_cast<std::size_t>(i)].id = configs[static_cast<std::size_t>(i)].topic = "relay" + std::to_string(i);
    }
    BrokerSite site(broker_config(broker.port()), configs);
    const auto all = [&](auto holds) {
        const auto reports = site.outputs.reports();
        return std::all_of(reports.begin(), reports.end(), holds);
    };
    const Time begin = monotonic_now();
    REQUIRE(site.until(
        [&] { return all([](const OutputReport& r) { return r.available && r.state_received && r.lease == Lease::armed; }); }));
    CHECK(monotonic_now() - begin < 5s);  // two messages to set up each: nothing waits in the library
    site.for_a_while(1200ms);             // queries at the start
    fleet.set_deaf(37);
    const int before = fleet.messages();
    const Time ordered = monotonic_now();
    for (std::size_t i = 0; i < count; ++i) REQUIRE(site.outputs.send(i, {true, 0, 300s}));
    REQUIRE(site.until([&] { return fleet.on() == count - 1; }));
    CHECK(monotonic_now() - ordered < 2s);
    REQUIRE(site.until([&] {
        const auto reports = site.outputs.reports();
        return std::count_if(reports.begin(), reports.end(), [](const auto& r) { return r.state == OutputState::on; }) ==
               count - 1;
    }));
    CHECK(fleet.commands() == count - 1);
    for (int i = 0; i < count; ++i) CHECK(fleet.commands(i) == (i == 37 ? 0 : 1));
    CHECK(fleet.messages() - before <= count);  // only the orders
    CHECK(site.outputs.reports()[37].state == OutputState::off);
    CHECK(site.link.health().refused == 0);

    // The broker forgets everything: voltd queries all outputs and switches none.
    broker.kill();
    REQUIRE(site.until([&] { return !site.link.up(); }));
    broker.start();
    REQUIRE(site.until([&] {
        const auto reports = site.outputs.reports();
        return std::count_if(reports.begin(), reports.end(),
                             [](const auto& r) { return r.available && r.state == OutputState::on; }) == count - 1;
    }));
    CHECK(fleet.commands() == count - 1);
}
