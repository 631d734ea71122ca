// Link, outputs, sensors, publisher and commands together with a real broker and a realistic relay.
#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/mqtt/commands.hpp"
#include "drivers/mqtt/publisher.hpp"
#include "drivers/mqtt/sensors.hpp"
#include "tests/drivers/mqtt/broker_site.hpp"
#include "tests/fakes/tasmota.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig miner(Duration lease = 300s) {
    OutputConfig config;
    config.id = "primary";
    config.topic = "miner1";
    config.lease = lease;
    config.meter = true;
    return config;
}

/// A broker, a listener, a relay and the code under test, all connected.
struct Yard {
    explicit Yard(Duration lease = 300s, OutputsOptions options = {}) {
        REQUIRE(listener.wait_until_connected());
        options.on_sent = [this](std::size_t, const Message& message, Time) { sent.push_back(message); };
        site = std::make_unique<BrokerSite>(broker_config(broker.port()), std::vector{miner(lease)}, options);
    }
    OutputReport report() const { return site->outputs.reports().at(0); }
    bool until_state(OutputState state) {
        return site->until([&] { return report().state == state; });
    }
    bool until_ready() {
        return site->until([&] { return report().state_received && report().available && report().lease == Lease::armed; });
    }
    /// Returns commands to the relay as the broker passed them on, without queries.
    std::vector<std::string> orders() const {
        auto all = listener.payloads("cmnd/miner1/POWER");
        std::erase(all, "");
        return all;
    }

    Mosquitto broker;
    MqttListener listener{broker.port()};
    FakeTasmota relay{broker.port(), "miner1"};
    std::vector<Message> sent;
    std::unique_ptr<BrokerSite> site;
};

}  // namespace

TEST_CASE("an order switches the relay and returns as a report") {
    Yard yard;
    REQUIRE(yard.until_ready());
    CHECK(yard.report().state == OutputState::off);
    CHECK(yard.relay.pulse_time() == 400);
    const Time before = monotonic_now();
    REQUIRE(yard.site->outputs.send(0, {.on = true, .lease = 300s}));
    REQUIRE(yard.until_state(OutputState::on));
    CHECK(yard.relay.relay_on());
    CHECK(yard.report().state_at >= before);
    CHECK(yard.report().lease_left.has_value());
    REQUIRE(yard.site->outputs.ask(0));
    CHECK(yard.site->until([&] { return yard.report().power.value == Watts{3250}; }));
    yard.relay.press_button();
    CHECK(yard.until_state(OutputState::off));

    CHECK_FALSE(yard.sent.empty());
    for (const Message& message : yard.sent) CHECK_FALSE(message.retained);
    MqttListener late(yard.broker.port(), "cmnd/#");
    REQUIRE(late.wait_until_connected());
    publish_once(yard.broker.port(), "cmnd/marker", "x");
    REQUIRE(late.wait_for("cmnd/marker", "x"));
    for (const PeerMessage& message : late.received())
        CHECK_FALSE(message.retained);  // all retained messages would have come
                                        // before
}

TEST_CASE("a killed broker causes no late message, and states are queried") {
    Yard yard;
    REQUIRE(yard.until_ready());
    REQUIRE(yard.site->outputs.send(0, {.on = true}));
    REQUIRE(yard.until_state(OutputState::on));
    REQUIRE(yard.listener.wait_for("cmnd/miner1/POWER", "ON"));
    yard.broker.kill();
    yard.site->outputs.send(0, {.on = false});  // the link may not know yet: lost, not late
    REQUIRE(yard.site->until([&] { return !yard.site->outputs.link_up(); }));
    CHECK_FALSE(yard.report().available);
    CHECK_FALSE(yard.site->outputs.send(0, {.on = false}));
    CHECK_FALSE(yard.site->outputs.ask(0));
    const std::size_t orders = yard.orders().size();
    const Time killed = monotonic_now();
    yard.broker.start();
    REQUIRE(yard.listener.wait_until_connected(2));
    REQUIRE(yard.site->until([&] { return yard.report().available && yard.report().state_at > killed; }));
    CHECK(yard.report().state == OutputState::on);  // from its answer to the query
    CHECK(yard.site->outputs.link_up_since() > killed);
    REQUIRE(yard.until_ready());
    CHECK(yard.orders().size() == orders);
    REQUIRE(yard.site->outputs.send(0, {.on = false}));
    REQUIRE(yard.until_state(OutputState::off));
    CHECK(yard.listener.wait_for("cmnd/miner1/POWER", "OFF"));
    CHECK(yard.orders().size() == orders + 1);
}

TEST_CASE("a hung broker stops sending within 10 s") {
    Yard yard;
    REQUIRE(yard.until_ready());
    REQUIRE(yard.site->outputs.send(0, {.on = true}));
    REQUIRE(yard.until_state(OutputState::on));
    yard.broker.hang();
    const Time hung = monotonic_now();
    REQUIRE(yard.site->until([&] { return !yard.site->outputs.link_up(); }));
    CHECK(monotonic_now() - hung < 10s);
    CHECK_FALSE(yard.report().available);
    CHECK_FALSE(yard.site->outputs.send(0, {.on = false}));
    yard.broker.go_on();
    REQUIRE(yard.site->until([&] { return yard.report().available && yard.report().state_at > hung; }));
    REQUIRE(yard.until_ready());
    CHECK(yard.relay.relay_on());
    REQUIRE(yard.site->outputs.send(0, {.on = false}));
    CHECK(yard.until_state(OutputState::off));
}

TEST_CASE("the dead-man timer switches off a relay that is not renewed") {
    Yard yard(4s);  // long enough for a slow machine to renew in time
    REQUIRE(yard.until_ready());
    CHECK(yard.relay.pulse_time() == 40);
    const Time start = monotonic_now();
    REQUIRE(yard.site->outputs.send(0, {.on = true}));
    REQUIRE(yard.until_state(OutputState::on));
    Time renewed = start;
    REQUIRE(yard.site->until([&] {
        if (monotonic_now() - renewed > 600ms) {
            renewed = monotonic_now();
            CHECK(yard.site->outputs.send(0, {.on = true}));
        }
        return monotonic_now() - start > 6s;
    }));
    CHECK(yard.relay.relay_on());
    CHECK(yard.relay.switchings() == 1);
    CHECK(yard.until_state(OutputState::off));
    CHECK_FALSE(yard.relay.relay_on());
    CHECK(monotonic_now() - renewed >= 3900ms);
}

TEST_CASE("a device without the timer is unverified") {
    Yard yard;
    yard.relay.set_no_pulse_time(true);
    yard.relay.reboot();
    REQUIRE(yard.site->until([&] { return yard.report().state_received && yard.report().lease == Lease::unverified; }));
    yard.site->for_a_while(300ms);
    CHECK(yard.report().lease == Lease::unverified);
    yard.relay.set_no_pulse_time(false);
    yard.relay.set_old_format(true);
    yard.relay.reboot();
    CHECK(yard.until_ready());
}

TEST_CASE("sets up a relay again after a network loss") {
    Yard yard;
    REQUIRE(yard.until_ready());
    yard.relay.lose_network();
    REQUIRE(yard.site->until([&] { return !yard.report().available; }));
    CHECK(yard.report().lease == Lease::unverified);
    const Time lost = monotonic_now();
    yard.relay.come_back();
    REQUIRE(yard.until_ready());
    CHECK(yard.report().available_since >= lost);
}

TEST_CASE("a deaf relay reports nothing, a stuck one contradicts its meter") {
    Yard yard;
    REQUIRE(yard.until_ready());
    REQUIRE(yard.site->outputs.send(0, {.on = true}));
    REQUIRE(yard.until_state(OutputState::on));
    yard.relay.set_stuck(true);
    REQUIRE(yard.site->outputs.send(0, {.on = false}));
    REQUIRE(yard.until_state(OutputState::off));
    const Time off = monotonic_now();
    REQUIRE(yard.site->outputs.ask(0));
    CHECK(yard.site->until([&] { return yard.report().power.taken >= off; }));
    CHECK(yard.report().power.value == Watts{3250});
    yard.relay.set_deaf(true);
    const Time asked = monotonic_now();
    REQUIRE(yard.site->outputs.ask(0));
    yard.site->for_a_while(300ms);
    CHECK(yard.report().state_at <= asked);
}

TEST_CASE("finds a retained command on the broker, and clears if enabled") {
    for (const bool clear : {false, true}) {
        CAPTURE(clear);
        Yard yard(300s, {.clear_retained = clear, .on_sent = {}});
        publish_once(yard.broker.port(), "cmnd/miner1/POWER", "ON", true);
        REQUIRE(yard.listener.wait_for("cmnd/miner1/POWER", "ON"));
        if (clear) {
            REQUIRE(yard.site->until(
                [&] { return std::any_of(yard.sent.begin(), yard.sent.end(), [](const auto& m) { return m.retained; }); }));
            CHECK_FALSE(yard.site->outputs.retained_commands().empty());
            CHECK(yard.site->until([&] { return yard.site->outputs.retained_commands().empty(); }));
            MqttListener late(yard.broker.port(), "cmnd/miner1/POWER");
            REQUIRE(late.wait_until_connected());
            publish_once(yard.broker.port(), "cmnd/miner1/POWER", "OFF");
            REQUIRE(late.wait_for("cmnd/miner1/POWER", "OFF"));
            CHECK_FALSE(late.received().at(0).retained);
        } else {
            REQUIRE(yard.site->until([&] { return !yard.site->outputs.retained_commands().empty(); }));
            CHECK(yard.site->outputs.retained_commands().at(0).topic == "cmnd/miner1/POWER");
        }
    }
}

TEST_CASE("handles temperatures, state topics and commands over a real broker") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    publish_once(broker.port(), "weather/sunny", R"({"state":"sunny"})", true);
    publish_once(broker.port(), "voltd/shack/miner/a/set", "on", true);
    BrokerSite site(broker_config(broker.port()));
    WeatherConfig weather;
    weather.topic = "weather/sunny";
    weather.field = "state";
    Sensors sensors({{.id = "room", .topic = "z2m/room", .field = "temperature"}}, weather, site.link);
    Publisher publisher("voltd/shack", site.link);
    Commands commands("voltd/shack", site.link);
    std::vector<TopicCommand> taken;
    std::size_t used = 0;
    const auto until = [&](const std::function<bool()>& condition) {
        return site.until([&] {
            publisher.turn(monotonic_now());
            for (; used < site.messages.size(); ++used) {
                sensors.receive(site.messages[used]);
                publisher.receive(site.messages[used]);
                commands.receive(site.messages[used]);
            }
            for (const TopicCommand& command : commands.take()) {
                commands.answer(command);
                taken.push_back(command);
            }
            return condition();
        });
    };
    publisher.publish_state("battery", R"({"voltage_v":52.30})");
    CHECK(until([&] { return sensors.sunny().value == true; }));
    CHECK(until([&] { return listener.payloads("voltd/shack/battery").size() == 1; }));
    CHECK(until([&] { return !commands.take_retained().empty(); }));
    CHECK(until([&] { return listener.payloads("voltd/shack/miner/a/set") == std::vector<std::string>{"on", ""}; }));
    CHECK(taken.empty());
    REQUIRE(site.until_heard());

    publish_once(broker.port(), "z2m/room", R"({"temperature":21.5,"battery":90})");
    publish_once(broker.port(), "voltd/shack/miner/a/set", R"({"override":"off","minutes":null})");
    CHECK(until([&] { return sensors.temperatures().at(0).value == Celsius{215}; }));
    CHECK(until([&] { return taken.size() == 1; }));
    CHECK(listener.wait_for("voltd/shack/miner/a/result", R"({"ok":true})"));
    MqttListener late(broker.port(), "voltd/shack/#");
    CHECK(late.wait_for("voltd/shack/battery", R"({"voltage_v":52.30})"));
    for (const PeerMessage& message : late.received())
        if (message.topic == "voltd/shack/battery") CHECK(message.retained);
}
