#include "drivers/mqtt/sensors.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

Sensors make(MemoryBus& bus, const std::string& field = "temperature") {
    WeatherConfig weather;
    weather.topic = "weather/sunny";
    weather.field = "state";
    return Sensors(
        {{.id = "heat-room", .topic = "z2m/heat-room", .field = field}, {.id = "shed", .topic = "shed/t", .field = {}}}, weather,
        bus);
}

}  // namespace

TEST_CASE("converts temperatures to tenths of a degree") {
    struct Row {
        const char* payload;
        bool taken;
        std::optional<Celsius> value;
    };
    const Row rows[] = {
        {R"({"temperature":21.57})", true, Celsius{216}},
        {R"({"temperature":-3.25})", true, Celsius{-33}},
        {R"({"temperature":"21.5"})", true, Celsius{215}},
        {R"({"temperature":0})", true, Celsius{0}},
        {R"({"temperature":85.0})", true, Celsius{850}},
        {R"({"temperature":null})", true, std::nullopt},
        {R"({"temperature":"unavailable"})", true, std::nullopt},
        {R"({"temperature":"nan"})", false, {}},
        {R"({"temperature":"warm"})", false, {}},
        {R"({"temperature":true})", false, {}},
        {R"({"temperature":12345})", false, {}},
        {R"({"temperature":NaN})", true, std::nullopt},
        {R"({"temperature":21.5,"humidity":nan})", true, Celsius{215}},
        {R"({"humidity":50})", false, {}},
        {"21.5", false, {}},
        {"\xff\xff", false, {}},
        {"", false, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.payload));
        MemoryBus bus;
        Sensors sensors = make(bus);
        CHECK(bus.filters == std::vector<std::string>{"z2m/heat-room", "shed/t", "weather/sunny"});
        sensors.receive(received("z2m/heat-room", row.payload, 5s));
        const auto sample = sensors.temperatures().at(0);
        CHECK(sample.received == row.taken);
        CHECK(sample.value == row.value);
        if (row.taken) CHECK(sample.taken == 5s);
        CHECK_FALSE(sensors.temperatures().at(1).received);
        const auto health = sensors.health(6s).at(0);
        CHECK(health.name == "sensor.heat-room");
        CHECK(health.failures == (row.taken ? 0 : 1));
        CHECK(health.state == (row.taken ? SourceState::ok : SourceState::failing));
        CHECK(health.last_error.empty() == row.taken);
    }
}

TEST_CASE("converts a temperature in degrees Fahrenheit") {
    const auto value = [](bool fahrenheit, const std::string& field, const std::string& payload) {
        MemoryBus bus;
        Sensors sensors({{.id = "bank", .topic = "tele/bank/SENSOR", .field = field, .fahrenheit = fahrenheit}}, {}, bus);
        sensors.receive(received("tele/bank/SENSOR", payload, 5s));
        return sensors.temperatures().at(0).value;
    };
    const std::string tasmota = R"({"DS18B20":{"Temperature":20.3},"TempUnit":"F"})";
    CHECK(value(false, "DS18B20.Temperature", tasmota) == Celsius{-65});
    CHECK(value(true, "DS18B20.Temperature", R"({"DS18B20":{"Temperature":-6.5},"TempUnit":"C"})") == Celsius{-65});
    CHECK(value(false, "a.t", R"({"a":{"t":32,"TempUnit":"F"}})") == Celsius{0});
    CHECK(value(true, "", "14.0") == Celsius{-100});
    CHECK(value(false, "", "14.0") == Celsius{140});
    CHECK(value(true, "t", R"({"t":null})") == std::nullopt);
}

TEST_CASE("keeps the last good value with its age after a bad message") {
    MemoryBus bus;
    Sensors sensors = make(bus);
    sensors.receive(received("shed/t", " 7.5 ", 10s));
    sensors.receive(received("shed/t", "nan", 20s));
    CHECK(sensors.temperatures().at(1) == Sample<Celsius>{Celsius{75}, 10s, true});
    CHECK(sensors.health(20s).at(1).state == SourceState::failing);
    sensors.receive(received("shed/t", "8", 30s));
    CHECK(sensors.health(30s).at(1).state == SourceState::ok);
    CHECK(sensors.health(630s).at(1).state == SourceState::ok);
    CHECK(sensors.health(631s).at(1).state == SourceState::stale);
    CHECK(sensors.health(0s).at(0).state == SourceState::stale);
}

TEST_CASE("ignores a retained temperature of unknown age") {
    MemoryBus bus;
    Sensors sensors = make(bus);
    sensors.receive(received("shed/t", "7.5", 10s, true));
    CHECK(!sensors.temperatures().at(1).received);
    CHECK(sensors.health(10s).at(1).state == SourceState::stale);
}

TEST_CASE("weather is sunny by its configured values") {
    MemoryBus bus;
    Sensors sensors = make(bus);
    CHECK_FALSE(sensors.sunny().received);
    const auto says = [&](const char* payload) {
        sensors.receive(received("weather/sunny", payload, 9s, true));
        return sensors.sunny().value;
    };
    CHECK(says(R"({"state":"Sunny"})") == true);
    CHECK(sensors.sunny().taken == 9s);
    CHECK(says(R"({"state":"clear"})") == true);
    CHECK(says(R"({"state":"pouring"})") == false);
    CHECK(says(R"({"state":"on"})") == true);
    CHECK(says(R"({"state":"unknown"})") == std::nullopt);
    CHECK(sensors.sunny().received);
    CHECK(says(R"({"state":"on"})") == true);
    CHECK(says("garbage") == true);
}

TEST_CASE("reports the health of the weather after that of the sensors") {
    MemoryBus bus;
    Sensors sensors({{.id = "room", .topic = "room"}}, WeatherConfig{.topic = "weather", .field = "state"}, bus);
    REQUIRE(sensors.health(0s).size() == 2);
    const auto weather = [&](Time now) { return sensors.health(now).at(1); };
    CHECK(weather(0s).name == "weather");
    CHECK(weather(0s).state == SourceState::stale);
    sensors.receive(received("weather", R"({"state":"sunny"})", 9s));
    CHECK(weather(10s).state == SourceState::ok);
    CHECK(weather(10s).last_success == 9s);
    CHECK(weather(9s + 10801s).state == SourceState::stale);
    sensors.receive(received("weather", "garbage", 20s));
    CHECK(weather(20s).state == SourceState::failing);
    CHECK(weather(20s).last_error == "no weather in: garbage");
    CHECK(Sensors({}, {}, bus).health(0s).empty());
}

TEST_CASE("ignores a stored value also from a Zigbee2MQTT with another base topic") {
    MemoryBus bus;
    Sensors sensors({{.id = "bank", .topic = "shed/z2m/bank"}}, {}, bus, {"zigbee2mqtt", "shed/z2m"});
    CHECK(bus.filters == std::vector<std::string>{"shed/z2m/bank", "shed/z2m/bridge/state"});
    sensors.receive(received("shed/z2m/bridge/state", R"({"state":"online"})", 60s));
    sensors.receive(received("shed/z2m/bank", "20", 61s));
    CHECK_FALSE(sensors.temperatures().at(0).received);
    sensors.receive(received("shed/z2m/bank", "20", 71s));
    CHECK(sensors.temperatures().at(0).taken == 71s);
}

TEST_CASE("ignores values that Zigbee2MQTT stored before its start") {
    MemoryBus bus;
    Sensors sensors(
        {{.id = "room", .topic = "zigbee2mqtt/room", .field = "temperature"}, {.id = "shed", .topic = "shed/t", .field = {}}}, {},
        bus);
    CHECK(bus.filters == std::vector<std::string>{"zigbee2mqtt/room", "shed/t", "zigbee2mqtt/bridge/state"});
    const auto room = [&] { return sensors.temperatures().at(0); };
    sensors.receive(received("zigbee2mqtt/bridge/state", R"({"state":"online"})", 1s, true));  // an old one
    sensors.receive(received("zigbee2mqtt/room", R"({"temperature":20})", 2s));
    CHECK(room().taken == 2s);
    sensors.receive(received("zigbee2mqtt/bridge/state", R"({"state":"offline"})", 50s));
    sensors.receive(received("zigbee2mqtt/bridge/state", R"({"state":"online"})", 60s));
    sensors.receive(received("zigbee2mqtt/room", R"({"temperature":20})", 61s));
    sensors.receive(received("shed/t", "5", 61s));
    CHECK(room().taken == 2s);
    CHECK(sensors.temperatures().at(1).taken == 61s);
    sensors.receive(received("zigbee2mqtt/room", R"({"temperature":21})", 71s));
    CHECK(room() == Sample<Celsius>{Celsius{210}, 71s, true});
}

TEST_CASE("a field may be a list entry, and junk changes nothing") {
    MemoryBus bus;
    Sensors sensors = make(bus, "probes.1.temperature");
    sensors.receive(received("z2m/heat-room", R"({"probes":[{"temperature":1},{"temperature":"30.25"}]})", 5s));
    CHECK(sensors.temperatures().at(0) == Sample<Celsius>{Celsius{303}, 5s, true});
    for (const std::string& payload :
         {std::string(R"({"probes":[{"temperature":1}]})"), std::string(R"({"probes":{"1":{"temperature":[]}}})"),
          std::string(R"({"probes":[0,{"temperature":1e400}]})"), std::string(R"({"probes":[0,{"temperature":"1e400"}]})"),
          std::string(100'000, '['), R"({"a":")" + std::string(100'000, 'x') + "\"}", std::string("{\"probes\":[0,{\"temp")}) {
        sensors.receive(received("z2m/heat-room", payload, 6s));
        CHECK(sensors.temperatures().at(0).taken == 5s);
    }
    CHECK(sensors.health(6s).at(0).failures == 7);
    CHECK(sensors.health(6s).at(0).last_error.size() < 100);
}
