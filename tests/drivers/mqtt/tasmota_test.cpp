#include "drivers/mqtt/tasmota.hpp"

#include <doctest/doctest.h>

#include <map>

#include "drivers/mqtt/bus.hpp"

using namespace volt;

namespace tasmota_test {

namespace {

OutputConfig relay(std::optional<int> channel = std::nullopt) {
    OutputConfig config;
    config.id = "primary";
    config.topic = "miner1";
    config.channel = channel;
    config.meter = true;
    return config;
}

/// Returns the event of a message for an output, or none.
std::optional<OutputEvent> heard(const OutputConfig& config, const std::string& topic, const std::string& payload,
                                 bool retained = false) {
    const auto events = Tasmota(config).understand({topic, payload, retained});
    REQUIRE(events.size() <= 1);
    if (events.empty()) return std::nullopt;
    return events.front();
}

std::map<std::string, std::string> plain(const std::vector<Message>& messages) {
    std::map<std::string, std::string> by_topic;
    for (const Message& message : messages) {
        CHECK_FALSE(message.retained);
        by_topic[message.topic] = message.payload;
    }
    return by_topic;
}

constexpr auto on = OutputState::on;
constexpr auto off = OutputState::off;

}  // namespace

TEST_CASE("sends the right messages to the device") {
    const Tasmota plain_relay(relay()), second(relay(2));
    CHECK(plain(plain_relay.order({.on = true})) == std::map<std::string, std::string>{{"cmnd/miner1/POWER", "ON"}});
    CHECK(plain(second.order({.on = false})) == std::map<std::string, std::string>{{"cmnd/miner1/POWER2", "OFF"}});
    CHECK(plain(plain_relay.query()) ==
          std::map<std::string, std::string>{{"cmnd/miner1/POWER", ""}, {"cmnd/miner1/STATUS", "8"}});
    auto no_meter = relay(1);
    no_meter.meter = false;
    CHECK(plain(Tasmota(no_meter).query()) == std::map<std::string, std::string>{{"cmnd/miner1/POWER1", ""}});
    const auto lease = plain_relay.set_up_lease(300s);
    REQUIRE(lease.size() == 2);
    CHECK(lease[0].topic == "cmnd/miner1/PulseTime1");
    CHECK(lease[0].payload == "400");
    CHECK(lease[1].topic == "cmnd/miner1/PulseTime1");
    CHECK(lease[1].payload.empty());
    CHECK(second.set_up_lease(30s).at(0).topic == "cmnd/miner1/PulseTime2");
}

TEST_CASE("PulseTime is tenths of a second, or seconds plus 100") {
    struct Row {
        Duration lease;
        int value;
    };
    for (const Row& row : {Row{0s, 0}, Row{100ms, 1}, Row{2s, 20}, Row{11100ms, 111}, Row{12s, 112}, Row{300s, 400},
                           Row{6500s, 6600}, Row{64800s, 64900}}) {
        CAPTURE(row.value);
        CHECK(pulse_time_of(row.lease) == row.value);
        CHECK(duration_of_pulse_time(row.value) == row.lease);
    }
    CHECK(pulse_time_of(11500ms) == 112);
    CHECK(pulse_time_of(90000s) == 64900);
}

TEST_CASE("reads the device's messages") {
    struct Row {
        const char* topic;
        const char* payload;
        std::optional<int> channel;
        std::optional<OutputState> state;
        std::optional<Watts> power;
        std::optional<Duration> timer;
    };
    const Row rows[] = {
        {"stat/miner1/RESULT", R"({"POWER":"ON"})", {}, on, {}, {}},
        {"stat/miner1/POWER", "ON", {}, on, {}, {}},
        {"stat/miner1/POWER", "OFF", {}, off, {}, {}},
        {"stat/miner1/POWER", R"({"POWER":"OFF"})", {}, off, {}, {}},  // SetOption4
        {"stat/miner1/POWER1", "ON", {}, on, {}, {}},                  // SetOption26
        {"stat/miner1/RESULT", R"({"POWER2":"OFF"})", 2, off, {}, {}},
        {"stat/miner1/RESULT", R"({"POWER2":"OFF"})", 1, {}, {}, {}},
        {"stat/miner1/RESULT", R"({"POWER2":"OFF"})", {}, {}, {}, {}},
        {"stat/miner1/POWER2", "ON", 1, {}, {}, {}},
        {"stat/miner1/POWER", "ON", 1, on, {}, {}},  // one relay, with an explicit channel
        {"stat/miner1/POWER", "ON", 2, {}, {}, {}},
        {"tele/miner1/STATE",
         R"({"Time":"2026-01-02T03:04:05","Uptime":"0T01:02:03","UptimeSec":3723,"POWER":"ON","Wifi":{"RSSI":72}})",
         {},
         on,
         {},
         {}},
        {"stat/miner1/STATUS11", R"({"StatusSTS":{"POWER":"OFF"}})", {}, off, {}, {}},
        {"tele/miner1/SENSOR",
         R"({"Time":"2026-01-02T03:04:05","ENERGY":{"TotalStartTime":"2025-01-01T00:00:00","Total":3.185,"Yesterday":3.058,"Today":0.127,"Power":3247,"Factor":0.99,"Voltage":238,"Current":13.780}})",
         {},
         {},
         Watts{3247},
         {}},
        {"tele/miner1/SENSOR",
         R"({"Time":"2026-01-02T03:04:05","ENERGY":{"Total":[1.1,2.2],"Power":[3247,0],"Voltage":238,"Current":[13.7,0.0]}})",
         1,
         {},
         Watts{3247},
         {}},
        {"tele/miner1/SENSOR", R"({"ENERGY":{"Power":[3247,12.6]}})", 2, {}, Watts{13}, {}},
        {"tele/miner1/SENSOR", R"({"ENERGY":{"Power":[3247]}})", 2, {}, {}, {}},
        {"tele/miner1/SENSOR", R"({"ENERGY":{"Power":"3247"}})", {}, {}, Watts{3247}, {}},
        {"tele/miner1/SENSOR", R"({"ENERGY":{"Power":["3247","12.6"]}})", 2, {}, Watts{13}, {}},
        {"tele/miner1/SENSOR", R"({"ENERGY":{"Power":"3247 W"}})", {}, {}, {}, {}},
        {"stat/miner1/STATUS8",
         R"({"StatusSNS":{"Time":"2026-01-02T03:04:05","ENERGY":{"Total":3.185,"Power":0,"Voltage":221,"Current":0.000}}})",
         {},
         {},
         Watts{0},
         {}},
        {"stat/miner1/STATUS10", R"({"StatusSNS":{"ENERGY":{"Power":1200.4}}})", {}, {}, Watts{1200}, {}},
        {"stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":400}})", {}, {}, {}, 300s},
        {"stat/miner1/RESULT", R"-({"PulseTime1":"400 (Active 400)"})-", {}, {}, {}, 300s},
        {"stat/miner1/RESULT", R"({"PulseTime1":{"Set":0,"Remaining":0}})", {}, {}, {}, 0s},
        {"stat/miner1/RESULT", R"({"PulseTime2":{"Set":130,"Remaining":5}})", 2, {}, {}, 30s},
        {"stat/miner1/RESULT", R"({"PulseTime2":{"Set":130,"Remaining":5}})", 1, {}, {}, {}},
        {"stat/miner1/RESULT", R"({"PulseTime":{"Set":[400,130],"Remaining":[0,0]}})", 2, {}, {}, 30s},
        {"stat/miner1/PULSETIME", R"({"PulseTime1":{"Set":20,"Remaining":0}})", {}, {}, {}, 2s},
        {"stat/miner1/RESULT", R"({"PulseTime1":{"Set":-1}})", {}, {}, {}, {}},
        {"stat/miner1/RESULT", R"({"PulseTime1":"soon"})", {}, {}, {}, {}},
        {"stat/miner1/RESULT", R"({"Command":"Unknown"})", {}, {}, {}, {}},
        {"stat/miner1/RESULT", R"({"POWER":"MAYBE"})", {}, {}, {}, {}},
        {"stat/miner1/RESULT", R"({"POWER":1})", {}, {}, {}, {}},
        {"stat/miner1/RESULT", "{broken", {}, {}, {}, {}},
        {"stat/miner1/POWER", "", {}, {}, {}, {}},
        {"stat/miner2/POWER", "ON", {}, {}, {}, {}},
        {"tele/miner1/INFO1", R"({"POWER":"ON"})", {}, {}, {}, {}},
        {"stat/miner1/STATUS", R"({"Status":{"Power":1}})", {}, {}, {}, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.topic));
        CAPTURE(std::string(row.payload));
        const auto event = heard(relay(row.channel), row.topic, row.payload);
        CHECK(event.has_value() == (row.state || row.power || row.timer));
        if (!event) continue;
        CHECK(event->state == row.state);
        CHECK(event->power == row.power);
        CHECK(event->lease_timer == row.timer);
        CHECK(event->answers_query);
        CHECK_FALSE(event->available.has_value());
        const auto hint = heard(relay(row.channel), row.topic, row.payload, true);
        REQUIRE(hint.has_value());
        CHECK_FALSE(hint->answers_query);
    }
}

TEST_CASE("availability is the last will") {
    CHECK(heard(relay(), "tele/miner1/LWT", "Online", true)->available == true);
    CHECK(heard(relay(), "tele/miner1/LWT", "Offline", true)->available == false);
    CHECK_FALSE(heard(relay(), "tele/miner1/LWT", "", true).has_value());
    CHECK_FALSE(heard(relay(), "tele/miner1/LWT", "online?").has_value());
}

TEST_CASE("finds a retained command, and ignores live and empty ones") {
    for (const char* command : {"POWER", "power", "POWER1", "POWER0", "PulseTime1", "Backlog", "Backlog0"}) {
        CAPTURE(std::string(command));
        const std::string topic = std::string("cmnd/miner1/") + command;
        const auto event = heard(relay(1), topic, "ON", true);
        REQUIRE(event.has_value());
        CHECK(event->retained_command);
        CHECK_FALSE(event->state.has_value());
        CHECK_FALSE(heard(relay(1), topic, "ON").has_value());
        CHECK_FALSE(heard(relay(1), topic, "", true).has_value());
    }
    CHECK(heard(relay(), "cmnd/tasmotas/POWER", "ON", true)->retained_command);  // every Tasmota obeys its group topic
    CHECK_FALSE(heard(relay(), "cmnd/tasmotas/POWER", "ON").has_value());
    for (const char* other : {"POWER2", "PowerOnState", "TelePeriod", "Status"}) {
        CAPTURE(std::string(other));
        CHECK_FALSE(heard(relay(1), std::string("cmnd/miner1/") + other, "1", true).has_value());
    }
}

TEST_CASE("supports another full topic and other state texts") {
    auto config = relay();
    config.full_topic = "%topic%/%prefix%";
    config.state_word_on = "AN";
    config.state_word_off = "AUS";
    CHECK(Tasmota(config).order({.on = true}).at(0).topic == "miner1/cmnd/POWER");
    CHECK(Tasmota(config).order({.on = true}).at(0).payload == "ON");
    CHECK(heard(config, "miner1/stat/RESULT", R"({"POWER":"AN"})")->state == on);
    CHECK(heard(config, "miner1/stat/POWER", "AUS")->state == off);
    CHECK_FALSE(heard(config, "miner1/stat/POWER", "ON")->state);
    const auto filters = Tasmota(config).subscriptions();
    CHECK(filters == std::vector<std::string>{"miner1/stat/+", "miner1/tele/STATE", "miner1/tele/SENSOR", "miner1/tele/LWT",
                                              "miner1/cmnd/+", "tasmotas/cmnd/+"});
}

TEST_CASE("passes on the words of the device's own limits") {
    const auto event = heard(relay({}), "stat/miner1/WARNING", R"({"MaxPowerReached":3434})");
    REQUIRE(event);
    CHECK(event->problem == "MaxPowerReached 3434");
    CHECK_FALSE(event->state);
    CHECK_FALSE(heard(relay({}), "stat/miner1/WARNING", "hot"));
}

TEST_CASE("keeps a word of its topic that is no state") {
    CHECK(heard(relay({}), "stat/miner1/POWER", "AN")->unread == "its last message was `AN`, expected ON or OFF");
    CHECK_FALSE(heard(relay({}), "stat/miner1/POWER", ""));
}

TEST_CASE("understands the power-on state, asked for or set in its console") {
    const auto trap = [](const std::string& topic, const std::string& payload) {
        const auto event = heard(relay({}), topic, payload);
        return event ? event->timer_trap : std::nullopt;
    };
    CHECK(trap("stat/miner1/STATUS", R"({"Status":{"Power":1,"PowerOnState":3}})") == TimerTrap::none);
    CHECK(trap("stat/miner1/STATUS", R"({"Status":{"Power":1,"PowerOnState":4}})") == TimerTrap::locked);
    CHECK(trap("stat/miner1/RESULT", R"({"PowerOnState":5})") == TimerTrap::turns_on);
    CHECK_FALSE(trap("stat/miner1/RESULT", R"({"PowerOnState":"high"})"));
}

TEST_CASE("the meter counts kWh, in total or per channel") {
    CHECK(heard(relay(), "tele/miner1/SENSOR", R"({"ENERGY":{"Total":3.185}})")->energy_wh == 3185);
    CHECK(heard(relay(2), "tele/miner1/SENSOR", R"({"ENERGY":{"Total":[1.1,2.2],"Power":[1,2]}})")->energy_wh == 2200);
    CHECK(heard(relay(2), "tele/miner1/SENSOR", R"({"ENERGY":{"Total":[1.1],"Power":[1,2]}})")->energy_wh == std::nullopt);
    // one relay, two clamps
    CHECK(heard(relay(), "tele/miner1/SENSOR", R"({"ENERGY":{"Total":[1.1,2.2],"Power":[1620,1640]}})")->power == Watts{3260});
    CHECK(heard(relay(), "tele/miner1/SENSOR", R"({"ENERGY":{"Total":[1.1,2.2],"Power":[1620,1640]}})")->energy_wh == 3300);
    CHECK_FALSE(heard(relay(), "tele/miner1/SENSOR", R"({"ENERGY":{"Total":1.1,"Power":[1620,null]}})")->power);
    CHECK(heard(relay(), "tele/miner1/SENSOR", R"({"AM2301":{"Humidity":nan},"ENERGY":{"Power":7}})")->power == Watts{7});
}

}  // namespace tasmota_test
