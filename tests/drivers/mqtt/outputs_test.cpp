#include "drivers/mqtt/outputs.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace outputs_test {

namespace {

OutputConfig relay(const std::string& topic = "miner1") {
    OutputConfig config;
    config.id = topic;
    config.topic = topic;
    config.meter = true;
    return config;
}

OutputConfig generic() {
    OutputConfig config;
    config.id = "heater";
    config.dialect = DialectName::generic;
    config.command_topic = "heater/set";
    return config;
}

struct Fixture {
    explicit Fixture(std::vector<OutputConfig> configs = {relay()}, OutputsOptions options = {}) {
        options.on_sent = [this](std::size_t output, const Message& message, Time at) {
            log.push_back(message);
            CHECK(output < 9);
            CHECK(at <= now);
        };
        outputs = std::make_unique<MqttOutputs>(configs, bus, std::move(options));
    }
    void at(Time time) {
        now = time;
        outputs->turn(now);
    }
    void receive(const std::string& topic, const std::string& payload, bool retained = false) {
        outputs->receive(received(topic, payload, now, retained));
    }
    /// Takes broker and device online, and reads the timer back.
    void all_well(Time time) {
        bus.come(time);
        at(time);
        receive("tele/miner1/LWT", "Online", true);
        receive("stat/miner1/RESULT", R"({"POWER":"OFF"})");
        receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":0}})");
        receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");
        bus.sent.clear();
    }
    OutputReport report(std::size_t output = 0) const { return outputs->reports().at(output); }

    MemoryBus bus;
    Time now{};
    std::vector<Message> log;
    std::unique_ptr<MqttOutputs> outputs;
};

}  // namespace

TEST_CASE("knows and sends nothing before the broker is online") {
    Fixture f;
    f.at(1s);
    const OutputReport report = f.report();
    CHECK(report.state == OutputState::unknown);
    CHECK_FALSE(report.state_received);
    CHECK_FALSE(report.available);
    CHECK(report.can_be_asked);
    CHECK_FALSE(report.confirms_by_sending);
    CHECK_FALSE(f.outputs->send(0, {.on = true}));
    CHECK_FALSE(f.outputs->ask(0));
    CHECK(f.bus.sent.empty());
}

TEST_CASE("queries on the broker's connect, and sets up online devices") {
    Fixture f;
    f.bus.come(2s);
    f.at(2s);
    CHECK(f.bus.payloads("cmnd/miner1/POWER") == std::vector<std::string>{""});
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").empty());
    f.now = 5s;
    f.receive("tele/miner1/LWT", "Online", true);
    CHECK(f.report().available);
    CHECK(f.report().available_since == 5s);
    CHECK(f.report().lease == Lease::unverified);
    CHECK(f.bus.payloads("cmnd/miner1/STATUS") == std::vector<std::string>{"8", "8", ""});
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").empty());
    f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":3}})");
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").empty());  // another device on the topic may answer too
    CHECK(f.bus.payloads("cmnd/miner1/POWER").size() == 2);
    f.at(7s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{"400", ""});
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");
    CHECK(f.report().lease == Lease::armed);
    for (const auto& sent : f.bus.sent) {
        CHECK(sent.as.command);
        CHECK_FALSE(sent.as.retained);
    }
    f.receive("stat/miner1/POWER", "OFF");
    f.bus.sent.clear();
    for (int second = 8; second < 600; ++second) f.at(Time(second * 1000));
    CHECK(f.bus.sent.empty());  // set up only once
}

TEST_CASE("sets no timer that would switch the relay on") {
    for (const int power_on_state : {4, 5}) {
        CAPTURE(power_on_state);
        Fixture f;
        f.bus.come(1s);
        f.at(1s);
        f.receive("tele/miner1/LWT", "Online", true);
        f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":)" + std::to_string(power_on_state) + "}}");
        for (int second = 2; second < 300; ++second) f.at(Time(second * 1000));
        for (const std::string& payload : f.bus.payloads("cmnd/miner1/PulseTime1")) CHECK(payload.empty());
        CHECK(f.report().lease == Lease::none);
        CHECK(f.report().timer_trap == (power_on_state == 5 ? TimerTrap::turns_on : TimerTrap::locked));
        CHECK(f.report().unproven_since == 1s);
        // A timer that an earlier voltd has set is ended; one of another length is the owner's.
        f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":700,"Remaining":0}})");
        f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");
        CHECK(f.report().lease == Lease::none);
        // Set correctly in the device's console.
        f.receive("stat/miner1/RESULT", R"({"PowerOnState":0})");
        f.at(302s);
        CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").back().empty());
        f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");
        CHECK(f.report().lease == Lease::armed);
    }
}

TEST_CASE("sets no timer for two devices that share a topic") {
    for (const bool trap_first : {true, false}) {
        for (const char* form : {R"({"Status":{"PowerOnState":)", R"({"PowerOnState":)"}) {
            CAPTURE(form);
            Fixture f;
            const auto answer = [&](int setting) {
                f.receive("stat/miner1/STATUS", form + std::to_string(setting) + (form[2] == 'S' ? "}}" : "}"));
            };
            f.bus.come(1s);
            f.at(1s);
            f.receive("tele/miner1/LWT", "Online", true);
            answer(trap_first ? 5 : 0);
            answer(trap_first ? 0 : 5);
            CHECK(f.outputs->disputed(0));
            f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");  // by an earlier voltd
            CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").back() == "0");
            const std::size_t before = f.bus.payloads("cmnd/miner1/PulseTime1").size();
            for (int second = 2; second < 300; ++second) f.at(Time(second * 1000));
            answer(0);
            const auto sent = f.bus.payloads("cmnd/miner1/PulseTime1");
            for (std::size_t i = before; i < sent.size(); ++i) CHECK(sent[i].empty());
            CHECK(f.report().lease == Lease::none);
            CHECK(f.report().timer_trap == TimerTrap::disputed);
            // One of them has a topic of its own now.
            f.receive("tele/miner1/LWT", "Online");
            answer(0);
            CHECK_FALSE(f.outputs->disputed(0));
        }
    }
}

TEST_CASE("two harmless settings on one topic are a dispute too") {
    Fixture f;
    f.all_well(1s);
    f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":3}})");
    CHECK(f.outputs->disputed(0));
}

TEST_CASE("asks for the power-on state without a lease too") {
    OutputConfig config = relay();
    config.lease = Duration{};
    Fixture f({config});
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/LWT", "Online", true);
    const auto asked = [&] {
        const auto all = f.bus.payloads("cmnd/miner1/STATUS");
        return std::count(all.begin(), all.end(), "");
    };
    CHECK(asked() == 1);
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":0,"Remaining":0}})");
    for (int second = 2; second < 10; ++second) f.at(Time(second * 1000));
    CHECK(asked() == 3);
    f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":5}})");
    CHECK(f.report().timer_trap == TimerTrap::turns_on);
    for (int second = 10; second < 600; ++second) f.at(Time(second * 1000));
    CHECK(asked() == 3);
    for (const std::string& payload : f.bus.payloads("cmnd/miner1/PulseTime1")) CHECK(payload.empty());
}

TEST_CASE("ends its own timer once it would switch the relay on") {
    Fixture f;
    f.all_well(1s);
    f.at(10s);
    f.receive("stat/miner1/RESULT", R"({"PowerOnState":5})");
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{""});
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{"", "0"});
    CHECK(f.report().lease == Lease::none);
}

TEST_CASE("sets no timer before the device reports its power-on state") {
    Fixture f;
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/LWT", "Online", true);
    const std::size_t asked = f.bus.payloads("cmnd/miner1/STATUS").size();
    for (int second = 2; second < 100; ++second) f.at(Time(second * 1000));
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").empty());
    CHECK(f.bus.payloads("cmnd/miner1/STATUS").size() > asked);
    f.receive("stat/miner1/RESULT", R"({"PowerOnState":0})");
    f.at(101s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{"400", ""});
}

TEST_CASE("repeats an early query exactly once") {
    Fixture f;
    f.bus.come(1s);
    f.at(1s);
    f.now = 1500ms;
    f.receive("tele/miner1/LWT", "Online");
    f.at(1800ms);
    CHECK(f.bus.payloads("cmnd/miner1/POWER").size() == 1);
    f.at(2500ms);
    CHECK(f.bus.payloads("cmnd/miner1/POWER").size() == 2);
    for (int second = 3; second < 100; ++second) f.at(Time(second * 1000));
    CHECK(f.bus.payloads("cmnd/miner1/POWER").size() == 2);
}

TEST_CASE("a state counts when live, and is a hint when retained") {
    Fixture f;
    f.bus.come(1s);
    f.at(1s);
    f.receive("stat/miner1/POWER", "ON", true);
    CHECK(f.report().state == OutputState::on);
    CHECK(f.report().hint);
    CHECK_FALSE(f.report().state_received);
    CHECK_FALSE(f.report().available);
    f.now = 3s;
    f.receive("stat/miner1/POWER", "OFF");
    CHECK(f.report().state == OutputState::off);
    CHECK_FALSE(f.report().hint);
    CHECK(f.report().state_received);
    CHECK(f.report().state_at == 3s);
    CHECK(f.report().available);  // it sends messages
    f.receive("stat/miner1/POWER", "ON", true);
    CHECK(f.report().state == OutputState::off);
}

TEST_CASE("counts live watts from a configured meter") {
    auto without = relay("miner2");
    without.meter = false;
    Fixture f({relay(), without});
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/SENSOR", R"({"ENERGY":{"Power":3247}})", true);
    CHECK_FALSE(f.report().power.received);
    f.now = 4s;
    f.receive("tele/miner1/SENSOR", R"({"ENERGY":{"Power":3247}})");
    CHECK(f.report().power == Sample<Watts>{Watts{3247}, 4s, true});
    f.receive("tele/miner2/SENSOR", R"({"ENERGY":{"Power":3247}})");
    CHECK_FALSE(f.report(1).power.received);
}

TEST_CASE("sends an order at once, never retained") {
    Fixture f;
    f.all_well(1s);
    f.at(10s);
    CHECK(f.outputs->send(0, {.on = true, .lease = 300s}));
    REQUIRE(f.bus.sent.size() == 1);
    CHECK(f.bus.sent[0].topic == "cmnd/miner1/POWER");
    CHECK(f.bus.sent[0].payload == "ON");
    CHECK(f.bus.sent[0].as.command);
    CHECK(f.bus.sent[0].as.awaited);
    CHECK_FALSE(f.report().lease_left.has_value());
    f.receive("stat/miner1/POWER", "ON");
    f.at(110s);
    CHECK(f.report().lease_left == 200s);
    CHECK(f.outputs->send(0, {.on = true, .lease = 300s}));
    CHECK(f.report().lease_left == 300s);
    CHECK_FALSE(f.bus.sent.back().as.awaited);
    f.at(1000s);
    CHECK(f.report().lease_left == 0s);
    CHECK(f.outputs->send(0, {.on = false}));
    CHECK(f.bus.sent.back().as.awaited);
    f.receive("stat/miner1/POWER", "OFF");
    CHECK_FALSE(f.report().lease_left.has_value());
    f.bus.refuse = true;
    CHECK_FALSE(f.outputs->send(0, {.on = true}));
    for (const Message& message : f.log) CHECK_FALSE(message.retained);
}

TEST_CASE("sets up and queries a device again after Offline and Online") {
    Fixture f;
    f.all_well(1s);
    f.now = 20s;
    f.receive("tele/miner1/LWT", "Offline");
    CHECK_FALSE(f.report().available);
    CHECK(f.report().lease == Lease::unverified);
    CHECK(f.report().state_at == 1s);
    f.at(30s);
    CHECK(f.bus.sent.empty());
    f.receive("tele/miner1/LWT", "Online");
    CHECK(f.report().available_since == 30s);
    CHECK(f.bus.payloads("cmnd/miner1/POWER").size() == 1);
    f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":0}})");
    f.at(32s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").size() == 2);
    f.now = 40s;
    f.receive("tele/miner1/LWT", "Online");  // rebooted faster than its last will
    CHECK(f.report().available_since == 40s);
    CHECK(f.report().lease == Lease::unverified);
}

TEST_CASE("an output may still be starting for a minute after its return") {
    Fixture f;
    const auto restarting = [&](Time now) {
        f.at(now);
        return f.report().restarting;
    };
    f.all_well(1s);
    CHECK(restarting(60s));
    CHECK_FALSE(restarting(61s));
    f.now = 100s;
    f.receive("tele/miner1/LWT", "Online");
    CHECK(restarting(159s));
    CHECK_FALSE(restarting(160s));
    f.bus.come(200s);
    CHECK(restarting(259s));
    CHECK_FALSE(restarting(260s));
}

TEST_CASE("retries an unconfirmed timer with growing gaps and a limit") {
    Fixture f;
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/LWT", "Online", true);
    f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":0}})");
    std::vector<Time> tries;
    for (int second = 1; second < 1000; ++second) {
        f.at(Time(second * 1000));
        const auto sent = f.bus.payloads("cmnd/miner1/PulseTime1").size() / 2;
        while (tries.size() < sent) tries.push_back(f.now);
    }
    CHECK(tries == std::vector<Time>{3s, 5s, 9s, 17s, 33s, 65s});
    CHECK(f.report().lease == Lease::unverified);
}

TEST_CASE("the reported timer counts") {
    Fixture f;
    f.all_well(1s);
    CHECK(f.report().lease == Lease::armed);
    f.now = 5s;
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":0,"Remaining":0}})");
    CHECK(f.report().lease == Lease::none);
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":700,"Remaining":0}})");
    CHECK(f.report().lease == Lease::unverified);
    f.at(15s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{"400", ""});  // restored
    f.receive("stat/miner1/RESULT", R"-({"PulseTime1":"400 (Active 400)"})-");
    CHECK(f.report().lease == Lease::armed);
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":0,"Remaining":0}})", true);
    CHECK(f.report().lease == Lease::armed);
}

TEST_CASE("reports since when a lease is unproven") {
    Fixture f;
    f.bus.come(1s);
    f.at(1s);
    CHECK_FALSE(f.report().unproven_since);
    f.receive("tele/miner1/LWT", "Online", true);
    f.at(30s);
    CHECK(f.report().unproven_since == 1s);
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");
    CHECK_FALSE(f.report().unproven_since);
    auto without = relay();
    without.lease = 0s;
    Fixture none({without});
    none.all_well(1s);
    none.at(100s);
    CHECK_FALSE(none.report().unproven_since);
}

TEST_CASE("an output without state reports counts as silent") {
    Fixture f;
    f.bus.come(1s);
    f.at(61s);
    CHECK(f.report().silent_since == 1s);
    f.receive("cmnd/miner1/POWER", "ON", true);  // not its report
    CHECK(f.report().silent_since);
    f.receive("tele/miner1/LWT", "Online", true);
    f.receive("stat/miner1/POWER", "ON", true);
    f.receive("tele/miner1/SENSOR", R"({"ENERGY":{"Power":3247}})");  // a report, but no answer
    CHECK(f.report().silent_since);
    f.receive("stat/miner1/POWER", "ON");
    CHECK_FALSE(f.report().silent_since);
    f.bus.come(70s);  // the broker was offline: the state is unknown again
    f.at(70s);
    CHECK(f.report().silent_since == 70s);
    CHECK(f.outputs->filters(0).front() == "stat/miner1/+");
    f.receive("tele/miner1/LWT", "Offline", true);
    CHECK_FALSE(f.report().silent_since);
}

TEST_CASE("ignores a Shelly status contradicting an order of the last 30 s") {
    OutputConfig shelly = relay("plug");
    shelly.dialect = DialectName::shelly_gen2;
    shelly.reply_to = "voltd/reply";
    shelly.lease = 300s;
    Fixture f({shelly});
    f.bus.come(1s);
    f.at(1s);
    f.receive("plug/online", "true");
    const auto say = [&f](const char* status) { f.receive("plug/status/switch:0", status); };
    say(R"({"id":0,"output":false,"apower":0})");
    const Lease before = f.report().lease;
    f.at(10s);
    REQUIRE(f.outputs->send(0, {.on = true, .lease = 300s}));
    f.now = 15s;
    say(R"({"id":0,"output":true,"apower":3000,"timer_started_at":1,"timer_duration":300})");
    CHECK(f.report().lease == Lease::armed);
    f.now = 30s;
    say(R"({"id":0,"output":false,"apower":0,"timer_started_at":1,"timer_duration":300})");
    CHECK(f.outputs->take_problems().empty());
    CHECK(f.report().state == OutputState::on);
    CHECK(f.report().state_at == 15s);
    f.now = 35s;  // its own protection is never old
    say(R"({"id":0,"output":false,"apower":0,"errors":["overpower"]})");
    CHECK(f.report().state == OutputState::off);
    CHECK(f.report().protection == OwnProtection::power);
    CHECK(f.outputs->take_problems().size() == 1);
    f.now = 90s;
    say(R"({"id":0,"output":true,"apower":3000,"timer_started_at":1,"timer_duration":300,"errors":["overpower"]})");
    CHECK(f.report().protection_at == 35s);
    f.now = 95s;  // a word that it keeps while on explains no later OFF
    say(R"({"id":0,"output":false,"apower":0,"errors":["overpower"]})");
    CHECK(f.report().protection_at == 35s);
    f.at(100s);
    REQUIRE(f.outputs->send(0, {.on = false}));
    f.now = 110s;
    say(R"({"id":0,"output":true,"apower":3000})");
    CHECK(f.report().lease == Lease::armed);
    CHECK(f.report().state_at == 95s);
    CHECK(before != Lease::none);
    f.now = 140s;  // 30 s after the order it counts again
    say(R"({"id":0,"output":false,"apower":0,"timer_started_at":1,"timer_duration":300})");
    CHECK(f.outputs->take_problems().size() == 1);
}

TEST_CASE("passes on a device's protection report with its time") {
    Fixture f;
    f.all_well(5s);
    CHECK(f.report().protection == OwnProtection::none);
    f.now = 20s;
    f.receive("stat/miner1/WARNING", R"({"MaxPowerReached":3434})");
    CHECK(f.report().protection == OwnProtection::power);
    CHECK(f.report().protection_at == 20s);
    f.now = 30s;
    f.receive("stat/miner1/WARNING", R"({"MaxPowerReached":3434})");
    CHECK(f.report().protection_at == 30s);
    f.now = 40s;
    f.receive("stat/miner1/WARNING", R"({"MaxPowerReached":3434})", true);  // retained: old
    CHECK(f.report().protection_at == 30s);
}

TEST_CASE("sets up nothing without a lease") {
    auto config = relay();
    config.lease = 0s;
    Fixture f({config});
    f.all_well(1s);
    f.at(100s);
    for (const std::string& payload : f.bus.payloads("cmnd/miner1/PulseTime1")) CHECK(payload.empty());  // queried at most
    CHECK(f.report().lease == Lease::none);
}

TEST_CASE("outputs are offline without the broker, and queried after") {
    Fixture f;
    f.all_well(1s);
    f.bus.is_up = false;
    f.at(10s);
    CHECK_FALSE(f.report().available);
    CHECK(f.report().lease == Lease::unverified);
    CHECK_FALSE(f.outputs->send(0, {.on = true}));
    CHECK_FALSE(f.outputs->link_up());
    f.bus.come(50s);
    f.at(50s);
    CHECK(f.outputs->link_up_since() == 50s);
    CHECK(f.bus.payloads("cmnd/miner1/POWER") == std::vector<std::string>{""});
    CHECK_FALSE(f.report().available);
    f.receive("stat/miner1/POWER", "ON");
    CHECK(f.report().available_since == 50s);
    CHECK(f.report().state_at == 50s);
}

TEST_CASE("messages before a broker loss make no device available") {
    Fixture f;
    f.all_well(1s);
    f.bus.is_up = false;
    f.receive("stat/miner1/POWER", "ON");  // before the turn that notices it
    f.at(10s);
    f.receive("tele/miner1/LWT", "Online");
    f.receive("stat/miner1/POWER", "ON");
    CHECK_FALSE(f.report().available);
    CHECK(f.report().state == OutputState::on);  // its only report must not be lost
}

TEST_CASE("reports a retained command, and clears it only if enabled") {
    for (const bool clear : {false, true}) {
        CAPTURE(clear);
        Fixture f({relay(), generic()}, {.clear_retained = clear, .on_sent = {}});
        f.all_well(1s);
        f.receive("cmnd/miner1/POWER", "ON", true);
        f.receive("cmnd/miner1/POWER", "ON", true);
        f.receive("heater/set", "ON", true);
        CHECK(f.report().state == OutputState::off);
        CHECK(f.outputs->retained_commands() == std::vector<RetainedCommand>{{0, "cmnd/miner1/POWER"}, {1, "heater/set"}});
        const auto cleared = f.bus.payloads("cmnd/miner1/POWER");
        CHECK(cleared == (clear ? std::vector<std::string>{"", ""} : std::vector<std::string>{}));
        for (const auto& sent : f.bus.sent) CHECK(sent.as.retained);
        CHECK(f.bus.payloads("heater/set").empty());
        f.receive("cmnd/miner1/POWER", "");  // a query
        CHECK(f.outputs->retained_commands().size() == 2);
    }
}

TEST_CASE("rechecks retained commands, and drops removed ones") {
    Fixture f({relay(), generic()});
    f.all_well(1s);
    f.receive("cmnd/miner1/POWER", "ON", true);
    f.receive("heater/set", "ON", true);
    f.at(2s);  // the device came online: its command topics are checked
    CHECK(f.bus.subscribed == 4);
    const auto filters = f.bus.filters;
    f.at(60s);
    CHECK(f.bus.subscribed == 4);
    f.at(61s);
    CHECK(f.bus.subscribed == 7);
    CHECK(f.bus.filters == filters);
    f.receive("heater/set", "ON", true);
    f.at(65s);
    CHECK(f.outputs->retained_commands().size() == 2);
    f.at(66s);
    CHECK(f.outputs->retained_commands() == std::vector<RetainedCommand>{{1, "heater/set"}});
}

TEST_CASE("checks command topics every minute and after a device's return") {
    Fixture f({relay(), generic()});
    f.all_well(1s);
    f.at(2s);
    const auto looks = [&](Time at) {
        const int before = f.bus.subscribed;
        f.at(at);
        return f.bus.subscribed - before;
    };
    CHECK(looks(60s) == 0);
    CHECK(looks(61s) == 3);
    CHECK(looks(67s) == 0);
    CHECK(looks(121s) == 3);
    f.receive("tele/miner1/LWT", "Offline");
    CHECK(looks(130s) == 0);
    f.receive("tele/miner1/LWT", "Online");
    CHECK(looks(131s) == 2);
    f.bus.is_up = false;
    CHECK(looks(200s) == 0);
    f.bus.come(300s);
    CHECK(looks(300s) == 0);  // just subscribed
    CHECK(looks(360s) == 3);
}

TEST_CASE("does not retry an ineffective clearing forever") {
    Fixture f({relay()}, {.clear_retained = true, .on_sent = {}});
    f.all_well(1s);
    for (Time at = 2s; at < 302s; at += 1s) {
        const int before = f.bus.subscribed;
        f.at(at);
        if (f.bus.subscribed != before) f.receive("cmnd/miner1/POWER", "ON", true);  // the broker does not allow it
    }
    CHECK(f.bus.payloads("cmnd/miner1/POWER").size() <= 12);  // one of them a query
    CHECK(f.outputs->retained_commands().size() == 1);
}

TEST_CASE("checks hundreds of command topics a few at a time") {
    std::vector<OutputConfig> many(100, generic());
    for (int i = 0; i < 100; ++i) many[static_cast<std::size_t>(i)].command_topic += std::to_string(i);
    Fixture f(many);
    f.bus.come(1s);
    f.at(1s);
    int before = f.bus.subscribed;
    for (Time at = 61s; at < 68s; at += 1s) {
        f.at(at);
        CHECK(f.bus.subscribed - before <= MqttOutputs::checks_at_once);
        before = f.bus.subscribed;
    }
    CHECK(before == 102);
}

TEST_CASE("sends only queries in shadow") {
    Fixture f({relay()}, {.clear_retained = true, .live = false, .on_sent = {}});
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/LWT", "Online", true);
    f.receive("cmnd/miner1/POWER", "ON", true);
    f.at(100s);
    CHECK_FALSE(f.outputs->send(0, {.on = true}));
    for (const auto& sent : f.bus.sent) CHECK((sent.payload.empty() || sent.topic == "cmnd/miner1/STATUS"));
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").empty());
    for (const auto& sent : f.bus.sent) CHECK_FALSE(sent.as.retained);
}

TEST_CASE("a generic output without topics confirms by sending") {
    Fixture f({generic()});
    f.bus.come(3s);
    f.at(3s);
    CHECK(f.report().available);
    CHECK(f.report().available_since == 3s);
    CHECK_FALSE(f.report().can_be_asked);
    CHECK(f.report().confirms_by_sending);
    CHECK(f.report().lease == Lease::unverified);  // it may switch off by itself, and nothing proves it
    CHECK_FALSE(f.outputs->ask(0));
    CHECK(f.outputs->send(0, {.on = true}));
    CHECK(f.bus.payloads("heater/set") == std::vector<std::string>{"ON"});
    f.bus.is_up = false;
    f.at(4s);
    CHECK_FALSE(f.report().available);
}

TEST_CASE("an unsupported kind is never available and never sends") {
    auto config = relay();
    config.kind = OutputKind::level;
    Fixture f({config});
    f.bus.come(1s);
    f.at(1s);
    CHECK_FALSE(f.report().available);
    CHECK_FALSE(f.report().can_be_asked);
    CHECK_FALSE(f.outputs->send(0, {.on = true}));
}

TEST_CASE("two relays of one device share state texts, not states") {
    auto second = relay();
    second.channel = 2;
    auto first = relay();
    first.channel = 1;
    Fixture f({first, second});
    CHECK(f.bus.filters.size() == 6);
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/LWT", "Online", true);
    CHECK(f.report(0).available);
    CHECK(f.report(1).available);
    f.receive("tele/miner1/STATE", R"({"POWER1":"ON","POWER2":"OFF"})");
    CHECK(f.report(0).state == OutputState::on);
    CHECK(f.report(1).state == OutputState::off);
}

TEST_CASE("without a lease queries and reports the device's timer") {
    auto config = relay();
    config.lease = 0s;
    for (const bool live : {true, false}) {
        Fixture f({config}, {.clear_retained = false, .live = live, .on_sent = {}});
        f.bus.come(1s);
        f.at(1s);
        f.receive("tele/miner1/LWT", "Online", true);
        f.at(2s);
        CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{""});
        CHECK(f.report().own_timer == 0s);
        f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":160,"Remaining":0}})");
        CHECK(f.report().own_timer == 60s);
        CHECK(f.report().lease == Lease::none);
        for (int second = 3; second < 200; ++second) f.at(Time(second * 1000));
        CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").size() == 1);
        f.receive("tele/miner1/LWT", "Offline");
        f.receive("tele/miner1/LWT", "Online");
        CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").size() == 2);
        f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":0,"Remaining":0}})");
        CHECK(f.report().own_timer == 0s);
    }
}

TEST_CASE("sets up and verifies another timer length") {
    Fixture f;
    f.all_well(1s);
    f.at(100s);
    f.bus.sent.clear();
    f.outputs->set_lease(0, 300s);
    CHECK(f.bus.sent.empty());
    CHECK(f.report().lease == Lease::armed);
    f.outputs->set_lease(0, 60s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{"160", ""});
    CHECK(f.report().lease == Lease::unverified);
    CHECK(f.report().unproven_since == 100s);
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":0}})");  // an earlier answer
    CHECK(f.report().lease == Lease::unverified);
    f.at(102s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1").size() == 4);  // queried again
    f.receive("stat/miner1/RESULT", R"({"PulseTime1":{"Set":160,"Remaining":0}})");
    CHECK(f.report().lease == Lease::armed);
    CHECK(f.outputs->send(0, {.on = true, .lease = 60s}));
    f.receive("stat/miner1/RESULT", R"({"POWER":"ON"})");
    CHECK(f.report().lease_left == 60s);
    f.bus.come(110s);  // set up again after each connect
    f.at(110s);
    f.bus.sent.clear();
    f.receive("tele/miner1/LWT", "Online", true);
    f.receive("stat/miner1/STATUS", R"({"Status":{"PowerOnState":0}})");
    f.at(112s);
    CHECK(f.bus.payloads("cmnd/miner1/PulseTime1") == std::vector<std::string>{"160", ""});
    OutputConfig shelly;
    shelly.id = shelly.topic = "shelly1";
    shelly.dialect = DialectName::shelly_gen1;
    Fixture by_owner({shelly});
    by_owner.bus.come(1s);
    by_owner.at(1s);
    by_owner.bus.sent.clear();
    by_owner.outputs->set_lease(0, 60s);
    CHECK(by_owner.bus.sent.empty());
}

TEST_CASE("shadow misses no lease, and live gives it time") {
    Fixture f({relay()}, {.clear_retained = false, .live = false, .on_sent = {}});
    f.bus.come(1s);
    f.at(1s);
    f.receive("tele/miner1/LWT", "Online", true);
    f.at(100s);
    CHECK_FALSE(f.report().unproven_since);
    f.outputs->set_live(true);
    f.at(131s);
    CHECK(f.report().unproven_since == 100s);
}

}  // namespace outputs_test
