#include "drivers/sim/tasmota.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace volt;
using namespace volt::sim;

namespace {

struct Plug {
    explicit Plug(std::size_t relays = 1) : device({"miner1", relays, true, 30s, 5}), drawn_w(relays) {
        device.connected(around());
        greeting = device.take();
    }
    Surroundings around() const { return {now, 1'767'323'045, drawn_w}; }
    std::vector<SentMessage> receive(const std::string& command, const std::string& payload) {
        device.receive("cmnd/miner1/" + command, payload, around());
        return device.take();
    }
    std::vector<SentMessage> pass(Duration time) {
        now += time;
        device.turn(around());
        return device.take();
    }
    Time now = 500s;
    Tasmota device;
    std::vector<double> drawn_w;
    std::vector<SentMessage> greeting;
};

bool said_by_tasmota(const std::vector<SentMessage>& said, const SentMessage& one) {
    return std::find(said.begin(), said.end(), one) != said.end();
}

std::string payload_of(const std::vector<SentMessage>& said, const std::string& topic) {
    for (const SentMessage& one : said) {
        if (one.topic == topic) return one.payload;
    }
    return "";
}

}  // namespace

TEST_CASE("tasmota: greets with a retained Online, and state after boot") {
    Plug plug;
    CHECK(said_by_tasmota(plug.greeting, {"tele/miner1/LWT", "Online", true}));
    CHECK(said_by_tasmota(plug.greeting, {"cmnd/miner1/POWER", "", false}));
    CHECK(said_by_tasmota(plug.greeting, {"stat/miner1/RESULT", R"({"POWER":"OFF"})", false}));
    CHECK(plug.device.last_will() == SentMessage{"tele/miner1/LWT", "Offline", true});
    plug.device.connected(plug.around());
    const auto again = plug.device.take();
    CHECK(said_by_tasmota(again, {"tele/miner1/LWT", "Online", true}));
    CHECK(payload_of(again, "stat/miner1/POWER").empty());
}

TEST_CASE("tasmota: executes an order in 50 to 200 ms") {
    Plug plug;
    CHECK(plug.receive("POWER", "on").empty());
    CHECK(plug.pass(49ms).empty());
    CHECK_FALSE(plug.device.closed(0));
    const auto said = plug.pass(151ms);
    CHECK(plug.device.closed(0));
    CHECK(said_by_tasmota(said, {"stat/miner1/RESULT", R"({"POWER":"ON"})", false}));
    CHECK(said_by_tasmota(said, {"stat/miner1/POWER", "ON", false}));
    plug.receive("POWER1", "0");
    plug.pass(200ms);
    CHECK_FALSE(plug.device.closed(0));
    plug.receive("POWER", "TOGGLE");
    plug.pass(200ms);
    CHECK(plug.device.closed(0));
}

TEST_CASE("tasmota: the last of several quick orders counts") {
    Plug plug;
    for (int i = 0; i < 20 && !plug.device.closed(0); ++i) {
        plug.receive("POWER", "ON");
        plug.pass(40ms);
    }
    CHECK(plug.device.closed(0));
    plug.receive("POWER", "OFF");
    plug.receive("POWER", "ON");
    plug.pass(200ms);
    CHECK(plug.device.closed(0));
}

TEST_CASE("tasmota: an empty payload only queries") {
    Plug plug;
    CHECK(payload_of(plug.receive("POWER", ""), "stat/miner1/POWER") == "OFF");
    CHECK(payload_of(plug.receive("POWER", "?"), "stat/miner1/POWER") == "OFF");
    CHECK(plug.pass(200ms).empty());
}

TEST_CASE("tasmota: PulseTime 400 opens the relay after 300 s") {
    Plug plug;
    CHECK(payload_of(plug.receive("PulseTime1", "400"), "stat/miner1/RESULT") == R"({"PulseTime1":{"Set":400,"Remaining":400}})");
    plug.receive("POWER", "ON");
    plug.pass(200ms);
    plug.pass(200s);
    CHECK(payload_of(plug.receive("PulseTime1", ""), "stat/miner1/RESULT") == R"({"PulseTime1":{"Set":400,"Remaining":200}})");
    plug.receive("POWER", "ON");
    plug.pass(200ms);
    plug.pass(299s);
    CHECK(plug.device.closed(0));
    const auto said = plug.pass(1'100ms);
    CHECK_FALSE(plug.device.closed(0));
    CHECK(payload_of(said, "stat/miner1/POWER") == "OFF");
    CHECK(payload_of(plug.receive("PulseTime", ""), "stat/miner1/RESULT") == R"({"PulseTime1":{"Set":400,"Remaining":0}})");
}

TEST_CASE("tasmota: a query does not change PulseTime") {
    Plug plug;
    plug.receive("PulseTime1", "20");
    plug.receive("POWER", "ON");
    plug.pass(200ms);
    plug.receive("POWER", "");
    plug.pass(1'900ms);
    CHECK(plug.device.closed(0));
    plug.pass(200ms);
    CHECK_FALSE(plug.device.closed(0));
    plug.receive("PulseTime1", "0");
    plug.receive("POWER", "ON");
    plug.pass(200ms);
    plug.pass(70'000s);
    CHECK(plug.device.closed(0));
}

TEST_CASE("tasmota: sends telemetry with watts each TelePeriod") {
    Plug plug;
    plug.pass(1s);
    plug.drawn_w = {3'247};
    CHECK(plug.pass(29s).empty());
    const auto said = plug.pass(1s);
    const auto sensor = nlohmann::json::parse(payload_of(said, "tele/miner1/SENSOR"));
    CHECK(sensor["ENERGY"]["Power"] == 3'247);
    CHECK(sensor["ENERGY"]["Total"].get<double>() == doctest::Approx(3.247 / 120).epsilon(0.05));
    CHECK(sensor["Time"] == "2026-01-02T03:04:05");
    CHECK(nlohmann::json::parse(payload_of(said, "tele/miner1/STATE"))["POWER"] == "OFF");
    CHECK(payload_of(plug.receive("TelePeriod", "10"), "stat/miner1/RESULT") == R"({"TelePeriod":10})");
    CHECK_FALSE(plug.pass(1ms).empty());
    CHECK(plug.pass(9s).empty());
    CHECK_FALSE(plug.pass(1s).empty());
}

TEST_CASE("tasmota: STATUS 0, 8 and 10 report state and meter") {
    Plug plug;
    plug.drawn_w = {221};
    const auto eight = nlohmann::json::parse(payload_of(plug.receive("STATUS", "8"), "stat/miner1/STATUS8"));
    CHECK(eight["StatusSNS"]["ENERGY"]["Power"] == 221);
    const auto ten = nlohmann::json::parse(payload_of(plug.receive("Status", "10"), "stat/miner1/STATUS10"));
    CHECK(ten["StatusSNS"]["ENERGY"]["Power"] == 221);
    const auto all = plug.receive("STATUS", "0");
    CHECK(nlohmann::json::parse(payload_of(all, "stat/miner1/STATUS"))["Status"]["Power"] == 0);
    CHECK(nlohmann::json::parse(payload_of(all, "stat/miner1/STATUS11"))["StatusSTS"]["POWER"] == "OFF");
    CHECK_FALSE(payload_of(all, "stat/miner1/STATUS8").empty());
}

TEST_CASE("tasmota: a backlog sets up everything together") {
    Plug plug;
    const auto said = plug.receive("Backlog", "PowerOnState 0; PulseTime1 400; PowerRetain 0; TelePeriod 30");
    CHECK(said_by_tasmota(said, {"stat/miner1/RESULT", R"({"PulseTime1":{"Set":400,"Remaining":400}})", false}));
    CHECK(said_by_tasmota(said, {"stat/miner1/RESULT", R"({"TelePeriod":30})", false}));
    CHECK(said.size() == 4);
}

TEST_CASE("tasmota: two relays have numbered names and separate timers") {
    Plug plug(2);
    plug.receive("POWER2", "ON");
    const auto said = plug.pass(200ms);
    CHECK(said_by_tasmota(said, {"stat/miner1/RESULT", R"({"POWER2":"ON"})", false}));
    CHECK_FALSE(plug.device.closed(0));
    CHECK(plug.device.closed(1));
    CHECK(payload_of(plug.receive("PulseTime2", "400"), "stat/miner1/RESULT") == R"({"PulseTime2":{"Set":400,"Remaining":400}})");
    CHECK(payload_of(plug.receive("PulseTime", ""), "stat/miner1/RESULT") ==
          R"({"PulseTime1":{"Set":0,"Remaining":0},"PulseTime2":{"Set":400,"Remaining":400}})");
    plug.drawn_w = {0, 1'500};
    const auto sensor = nlohmann::json::parse(payload_of(plug.receive("STATUS", "8"), "stat/miner1/STATUS8"));
    CHECK(sensor["StatusSNS"]["ENERGY"]["Power"] == nlohmann::json::array({0, 1'500}));
    plug.receive("POWER0", "OFF");
    plug.pass(200ms);
    CHECK_FALSE(plug.device.closed(1));
    CHECK(payload_of(plug.receive("POWER3", "ON"), "stat/miner1/RESULT") == R"({"Command":"Unknown"})");
}

TEST_CASE("tasmota: deaf receives nothing but continues its telemetry") {
    Plug plug;
    plug.device.fault(DeviceFault::deaf);
    CHECK(plug.receive("POWER", "ON").empty());
    CHECK(plug.receive("POWER", "").empty());
    plug.pass(1s);
    CHECK_FALSE(plug.device.closed(0));
    CHECK_FALSE(plug.pass(30s).empty());
}

TEST_CASE("tasmota: stuck reports the order while the contact stays") {
    Plug plug;
    plug.receive("POWER", "ON");
    plug.pass(200ms);
    plug.device.fault(DeviceFault::stuck);
    plug.receive("POWER", "OFF");
    CHECK(payload_of(plug.pass(200ms), "stat/miner1/POWER") == "OFF");
    CHECK(plug.device.closed(0));
}

TEST_CASE("tasmota: a lost meter is missing everywhere") {
    Plug plug;
    plug.device.fault(DeviceFault::meter_lost);
    plug.pass(1s);
    const auto said = plug.pass(30s);
    CHECK_FALSE(payload_of(said, "tele/miner1/STATE").empty());
    CHECK(payload_of(said, "tele/miner1/SENSOR").empty());
    CHECK(payload_of(plug.receive("STATUS", "8"), "stat/miner1/STATUS8").find("ENERGY") == std::string::npos);
}

TEST_CASE("tasmota: ignores other topics, unknown commands and endless payloads") {
    Plug plug;
    plug.device.receive("cmnd/miner2/POWER", "ON", plug.around());
    plug.device.receive("cmnd/miner1/POWER", std::string(600, 'x'), plug.around());
    plug.pass(300ms);
    CHECK_FALSE(plug.device.closed(0));
    CHECK(payload_of(plug.receive("Dance", "1"), "stat/miner1/RESULT") == R"({"Command":"Unknown"})");
}
