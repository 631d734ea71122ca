#include "daemon/explain/topics.hpp"
#include "daemon/explain/active_alarms.hpp"
#include "daemon/explain/explain_flip.hpp"

#include "daemon/explain/notice.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/site_fixture.hpp"

using namespace volt;
using fixture::Site;

namespace {

std::string json_of(const Site& site, const std::string& suffix) {
    for (const Topic& topic : state_topics(site.view()))
        if (topic.suffix == suffix) return topic.json;
    return {};
}

}  // namespace

TEST_CASE("computes past times at the rate of a simulated clock") {
    Site site;
    site.facts.clock_rate = 720;
    CHECK(json_of(site, "miner/dump-load-s19-1").find(R"("since":"2025-06-16T19:00:00Z")") != std::string::npos);
}

TEST_CASE("renders the worked example exactly") {
    const Site site;
    CHECK(
        json_of(site, "battery") ==
        R"({"at":"2025-06-21T19:00:00Z","voltage_v":52.3,"source":"victron.battery","quality":"good","age_s":0.4,"soc_pct":65.3,"current_a":12.1,)"
        R"("power_w":633,"temperature_c":18.5,"stage":"optimal"})");
    CHECK(
        json_of(site, "site") ==
        R"({"at":"2025-06-21T19:00:00Z","mode":"balanced","commands":"live","degraded":false,"clock_trusted":true,"clock":"system",)"
        R"("version":"0.1.0","started":"2025-06-21T10:00:00Z"})");
    CHECK(
        json_of(site, "power") ==
        R"({"at":"2025-06-21T19:00:00Z","pv_w":8450,"load_w":1850,"grid_w":0,"base_load_w":1850,"excess_w":6600,"available_w":11600,"allocated_w":0,"unexplained_w":null})");
    CHECK(json_of(site, "miner/dump-load-s19-1") ==
          R"({"at":"2025-06-21T19:00:00Z","state":"off","wanted":"off","reason":"voltage","text":")" +
              explain_load(site.scene(), 1) +
              R"(",)"
              R"("since":"2025-06-21T18:50:00Z","override":"auto","power_w":0,"override_until":null,)"
              R"("next":")" +
              explain_flip(site.scene(), 1).text +
              R"(",)"
              R"("blocked_by":[{"gate":"voltage","have":52.3,"need":54.5,"unit":"V","remaining_s":null}],)"
              R"("starts_today":1,"runtime_today_s":3600,"energy_wh":null})");
    CHECK(
        json_of(site, "zone/heat-room") ==
        R"({"at":"2025-06-21T19:00:00Z","temperature_c":37.5,"fan_level":5,"fan_wanted":5,"fan_override":"auto","heat":"off","heat_override":"auto","heater":"off","reason":"hysteresis",)"
        R"("text":")" +
            explain_zone(site.scene(), 0) + R"("})");
    CHECK(
        json_of(site, "output/primary-s21") ==
        R"({"at":"2025-06-21T19:00:00Z","commanded":"on","reported":"off","measured_w":null,"level":null,"available":true,"lease":"none",)"
        R"("lease_left_s":null,"confirmed_ms":180,"since":"2025-06-21T18:59:59Z"})");
    CHECK(json_of(site, "output/ac-infinity-1").find(R"("level":5)") != std::string::npos);
    CHECK(json_of(site, "output/heat-room-heater").find(R"("commanded":"unknown")") != std::string::npos);
    CHECK(json_of(site, "charge") == R"({"at":"2025-06-21T19:00:00Z","order":"allowed","reason":"none","text":")" +
                                         explain_charge(site.scene(), ChargeMeans::report) +
                                         R"(",)"
                                         R"("carried_out":"report","means":{},"proven":null})");
    Site other;
    other.facts.charge.carried_out = ChargeMeans::none;
    other.facts.charge.means = {std::pair{"victron", ChargeMeans::write}, std::pair{"sol_ark", ChargeMeans::none}};
    other.facts.charge.proven = "2026-01-02T03:04:05Z";
    CHECK(
        json_of(other, "charge")
            .ends_with(R"("carried_out":"none","means":{"victron":"write","sol_ark":"none"},"proven":"2026-01-02T03:04:05Z"})"));
    CHECK(
        json_of(site, "source/victron.battery") ==
        R"({"at":"2025-06-21T19:00:00Z","state":"ok","age_s":0.4,"failures":0,"last_error":null,"rtt_ms":7,"temperature_c":18.5})");
}

TEST_CASE("hides watts that are too old or predate the last switching") {
    Site site;
    site.decision.next.outputs.resize(4);
    OutputMemory& memory = site.decision.next.outputs[0];
    const auto shows = [&site](const char* watts) {
        return json_of(site, "output/primary-s21").find(std::string(R"("measured_w":)") + watts + ",") != std::string::npos;
    };
    site.snapshot.outputs[0].power = {Watts{3247}, site.snapshot.now, true};
    CHECK(shows("3247"));
    memory.switched_at = site.snapshot.now;
    CHECK(shows("null"));
    memory.switched_at = site.snapshot.now - 1ms;
    CHECK(shows("3247"));
    site.advance(memory.meter.limit());
    CHECK(shows("3247"));
    site.advance(1ms);
    CHECK(shows("null"));
    for (const Time taken : {10s, 20s, 30s}) memory.meter.see(taken);  // reported every 10 s
    site.snapshot.outputs[0].power.taken = site.snapshot.now - 31s;
    CHECK(shows("null"));
}

TEST_CASE("writes null for unknown values") {
    Site site;
    site.decision.battery = {};
    site.decision.battery.last_voltage = 5230_cV;
    site.decision.power = {};
    site.snapshot.battery_current = {Amps{1210}, site.snapshot.now - 31s, true};
    site.decision.charge.temperature.reset();
    CHECK(
        json_of(site, "battery") ==
        R"({"at":"2025-06-21T19:00:00Z","voltage_v":null,"last_voltage_v":52.3,"source":null,"quality":"missing","age_s":null,"soc_pct":null,)"
        R"("current_a":null,"power_w":null,"temperature_c":null,"stage":"blind"})");
    CHECK(
        json_of(site, "power") ==
        R"({"at":"2025-06-21T19:00:00Z","pv_w":null,"load_w":null,"grid_w":null,"base_load_w":null,"excess_w":null,"available_w":null,"allocated_w":0,"unexplained_w":null})");
    site.snapshot.outputs[2].hint = true;
    CHECK(json_of(site, "zone/heat-room").find(R"("fan_level":null)") != std::string::npos);
    CHECK(json_of(site, "output/ac-infinity-1").find(R"("reported":"unknown")") != std::string::npos);
}

TEST_CASE("hides battery current older than power_stale or three polls") {
    Site site;
    site.policy.power_poll = 20s;
    const auto shows = [&site](Duration age, const char* amps) {
        site.snapshot.battery_current.taken = site.snapshot.now - age;
        return json_of(site, "battery").find(std::string(R"("current_a":)") + amps + ",") != std::string::npos;
    };
    CHECK(shows(31s, "12.1"));
    CHECK(shows(60s, "12.1"));
    CHECK(shows(60001ms, "null"));
}

TEST_CASE("shows the meter's reading, even from before a restart") {
    Site site;
    site.decision.next.outputs.resize(4);
    site.verdict(0).state = LoadState::on;
    site.verdict(0).since = site.snapshot.now;
    site.snapshot.outputs[0].power = {3247_W, site.snapshot.now - 10s, true};
    CHECK(json_of(site, "miner/primary-s21-revenue").find(R"("power_w":3247)") != std::string::npos);
    site.decision.next.outputs[0].switched_at = site.snapshot.now - 10s;
    CHECK(json_of(site, "miner/primary-s21-revenue").find(R"("power_w":null)") != std::string::npos);
    site.snapshot.outputs[0].power.taken = site.snapshot.now;
    CHECK(json_of(site, "miner/primary-s21-revenue").find(R"("power_w":3247)") != std::string::npos);
}

TEST_CASE("omits missing numbers of gates") {
    Site site;
    Gate gate;
    gate.name = GateName::weather;
    gate.passes = false;
    gate.remaining = 90500ms;
    site.verdict(1).gates.add(gate);
    CHECK(json_of(site, "miner/dump-load-s19-1").find(R"({"gate":"weather","remaining_s":90.5})") != std::string::npos);
    CHECK(json_of(site, "miner/primary-s21-revenue").find(R"("blocked_by":[])") != std::string::npos);
}

TEST_CASE("sends no message for turn, ages and remaining times alone") {
    Site site;
    const std::string battery = json_of(site, "battery"), miner = json_of(site, "miner/dump-load-s19-1");
    for (const Topic& topic : state_topics(site.view())) CHECK(topic.json.starts_with(R"({"at":"2025-06-21T19:00:00Z",)"));
    site.decision.battery.age = 900ms;
    site.advance(1s);
    site.snapshot.battery_current.taken = site.snapshot.now;
    CHECK(json_of(site, "battery") != battery);
    CHECK_FALSE(noticed(battery, json_of(site, "battery")));
    CHECK_FALSE(noticed(miner, json_of(site, "miner/dump-load-s19-1")));
    site.decision.battery.voltage = 5231_cV;
    CHECK(noticed(battery, json_of(site, "battery")));
}

TEST_CASE("sends a message from each unit's smallest noticeable change") {
    const auto both = [](const char* before, const char* now) { return noticed(before, now); };
    CHECK_FALSE(both(R"({"pv_w":8450})", R"({"pv_w":8459})"));
    CHECK(both(R"({"pv_w":8450})", R"({"pv_w":8460})"));
    CHECK(both(R"({"pv_w":8450})", R"({"pv_w":null})"));
    CHECK(both(R"({"pv_w":null})", R"({"pv_w":0})"));
    CHECK_FALSE(both(R"({"soc_pct":65.3})", R"({"soc_pct":66.2})"));
    CHECK(both(R"({"soc_pct":65.3})", R"({"soc_pct":66.3})"));
    CHECK(both(R"({"voltage_v":52.3})", R"({"voltage_v":52.31})"));
    CHECK(both(R"({"temperature_c":18.5})", R"({"temperature_c":18.4})"));
    CHECK(both(R"({"state":"on"})", R"({"state":"off"})"));
    CHECK(both(R"({"fan_level":5})", R"({"fan_level":6})"));
    const char* gate = R"({"blocked_by":[{"gate":"sun","have":6200,"need":8000,"unit":"W","remaining_s":3}]})";
    CHECK(both(gate, R"({"blocked_by":[{"gate":"sun","have":6205,"need":8000,"unit":"W","remaining_s":null}]})"));
    CHECK_FALSE(both(gate, R"({"blocked_by":[{"gate":"sun","have":6205,"need":8000,"unit":"W","remaining_s":1}]})"));
    CHECK(both(gate, R"({"blocked_by":[{"gate":"sun","have":6211,"need":8000,"unit":"W","remaining_s":1}]})"));
    CHECK(both(gate, R"({"blocked_by":[]})"));
    CHECK_FALSE(both(R"({"text":"PV 6,200 W reaches it; 43 s left"})", R"({"text":"PV 6,204 W reaches it; 42 s left"})"));
    CHECK(both(R"({"text":"PV 6,200 W reaches it"})", R"({"text":"PV 6,210 W reaches it"})"));
    CHECK(both(R"x({"text":"Runs at 55.30 V (91 %)"})x", R"x({"text":"Runs at 55.31 V (91 %)"})x"));
    CHECK(both(R"({"text":"Runs at 55.30 V"})", R"({"text":"Rests at 55.30 V"})"));
    CHECK(both(R"({"text":"since 09:12"})", R"({"text":"since 09:13"})"));
    CHECK(both("{}", "no JSON"));
    CHECK(both(R"({"a":{"b":[]}})", R"({"a":{"b":[1]}})"));
    CHECK(both(R"({"a":1})", R"({"a":1,"b":2})"));
    CHECK(both(R"({"a":1,"b":2})", R"({"a":1})"));
    CHECK(both(R"({"a":"x"})", R"({"a":{}})"));
    CHECK(both(R"({"a":[[1,2],[3]]})", R"({"a":[[1,2],[4]]})"));
    CHECK_FALSE(both(R"({"at":"1","a":{"at":"1","age_s":1,"b":"]\",}"}})", R"({"at":"2","a":{"at":"2","age_s":2,"b":"]\",}"}})"));
    CHECK_FALSE(both(R"({"have":10,"list":[{"x":"}"},[]],"unit":"W"})", R"({"have":12,"list":[{"x":"}"},[]],"unit":"W"})"));
    CHECK(both(R"({"have":10,"list":[],"unit":"V"})", R"({"have":12,"list":[],"unit":"V"})"));
    CHECK(both(R"({"a":)", R"({"a":1})"));
    CHECK(both("{", "["));
}

TEST_CASE("lists alarms by code and subject") {
    Site site;
    site.decision.alarms.push_back({AlarmCode::zone_trip, SubjectKind::zone, 0, site.snapshot.now - 60s, {}, {}, Unit::none});
    site.alarms.push_back({AlarmCode::broker_auth, "", site.snapshot.now, "The broker rejects user voltd", "warning"});
    const auto alarms = alarm_topics(site.view());
    REQUIRE(alarms.size() == 2);
    CHECK(alarms.at("alarm/zone_trip/heat-room") == R"({"at":"2025-06-21T19:00:00Z","since":"2025-06-21T18:59:00Z","text":")" +
                                                        explain_alarm(site.scene(), site.decision.alarms[0]) +
                                                        R"(","severity":"critical","remedy":")" +
                                                        remedy_of(AlarmCode::zone_trip) + R"("})");
    CHECK(alarms.at("alarm/broker_auth").find(R"("severity":"warning")") != std::string::npos);
    const auto sum = nlohmann::json::parse(json_of(site, "alarms"));
    CHECK(sum.at("critical") == 1);
    CHECK(sum.at("warning") == 1);
    CHECK(sum.at("worst") == "zone_trip/heat-room");
    REQUIRE(sum.at("list").size() == 2);
    CHECK(sum.at("list")[0].at("alarm") == "broker_auth");  // a cause comes before its consequences
}

TEST_CASE("merges an alarm from rules and device with both texts") {
    Site site;
    site.decision.alarms.push_back(
        {AlarmCode::charge_not_blocked, SubjectKind::none, no_index, site.snapshot.now, {}, {}, Unit::none});
    site.alarms.push_back(
        {AlarmCode::charge_not_blocked, "", site.snapshot.now, "Charging cannot be blocked: the GX rejects it", "critical"});
    REQUIRE(active_alarms(site.view()).size() == 1);
    CHECK(active_alarms(site.view())[0].text ==
          explain_alarm(site.scene(), site.decision.alarms[0]) + ". Charging cannot be blocked: the GX rejects it");
    CHECK(nlohmann::json::parse(json_of(site, "alarms")).at("critical") == 1);
}

TEST_CASE("explains each load with every gate and the flip") {
    const Site site;
    const auto all = explanations(site.view());
    for (const char* load : {"primary-s21-revenue", "dump-load-s19-1", "heat-room/heat", "heat-room/fan", "charge"})
        CHECK(all.contains(load));
    const auto why = nlohmann::json::parse(all.at("dump-load-s19-1"));
    CHECK(why["flip"]["text"] == "Needs 54.50 V, 2.2 V more, held for 60 s");
    CHECK(why["gates"][0]["passes"] == false);
    CHECK(why["gates"][0]["need"] == 54.5);
    CHECK(nlohmann::json::parse(inputs_json(site.view()))["voltage"]["used"] == 52.3);
}

TEST_CASE("stores the answers of polled sources with their age") {
    Site site;
    site.policy.polled = {{"sol_ark", true}};
    site.policy.power.pv = site.policy.power.load = site.policy.power.grid = {0};
    PolledAnswer answer;
    answer.taken = site.snapshot.now - 3s;
    answer.received = true;
    answer.voltage = 5230_cV;
    answer.pv = 8450_W;
    answer.load = 1850_W;
    answer.grid = 0_W;
    site.snapshot.polled = {answer};
    const auto inputs = nlohmann::json::parse(inputs_json(site.view()));
    CHECK(inputs["pv_w"] == nlohmann::json{{"value", 8450}, {"used", 8450}, {"age_s", 3.0}});
    CHECK(inputs["load_w"]["value"] == 1850);
    CHECK(inputs["grid_w"]["value"] == 0);
}

TEST_CASE("replaces invalid UTF-8 without throwing") {
    Site site;
    site.policy.miners[0].name = "bad \xff name";
    CHECK(nlohmann::json::accept(json_of(site, "miner/primary-s21-revenue")));
}

TEST_CASE("formats moments as ISO 8601") {
    CHECK(iso_utc(Utc{0}) == "1970-01-01T00:00:00Z");
    CHECK(iso_utc(Utc{1709210096999}) == "2024-02-29T12:34:56Z");
    CHECK(iso_utc(Utc{-1}) == "1969-12-31T23:59:59Z");
    CHECK(iso_local({20260, 43200}) == "2025-06-21T12:00:00");
}
