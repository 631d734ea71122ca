#include "daemon/whatif/question.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "daemon/explain/topics.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "tests/daemon/whatif/recorded_days.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::whatif;
using Json = nlohmann::ordered_json;

namespace question_test {

namespace {

constexpr std::int64_t begin_s = 1'750'510'800, hour_s = 3600;
constexpr Utc now{(begin_s + 6 * hour_s) * 1000};

/// Returns six hours of the simulated site, from sunrise on.
Connection& recorded() {
    static Connection db = [] {
        Connection made = test::new_schema();
        test::SimulatedDays days;
        days.hours = 6;
        test::simulate_days(days, &made);
        test::must(made, "UPDATE settings_history SET at = '2025-06-01T00:00:00.000Z'");
        return made;
    }();
    return db;
}

Json answered(Connection& db, const char* body) {
    const auto query = query_of(Json::parse(body), now);
    REQUIRE_MESSAGE(query.ok(), (query ? "" : query.failure().text));
    const auto answer = answer_to(db, test::simulated_wiring(), query.value(), [] { return true; });
    REQUIRE_MESSAGE(answer.ok(), (answer ? "" : answer.failure().text));
    return answer.value();
}

std::string refused(const char* body) {
    const auto query = query_of(Json::parse(body), now);
    return query ? "taken" : query.failure().problems.front().field;
}

}  // namespace

TEST_CASE("reads a range or defaults to the last day") {
    const auto last = query_of(Json::object(), now);
    REQUIRE(last.ok());
    CHECK(last.value().to == now);
    CHECK(last.value().to - last.value().from == 24h);
    CHECK(query_of(Json{{"hours", 72}}, now).value().from == now - 72h);
    CHECK(query_of(Json{{"from", "2025-06-21T00:00:00Z"}, {"to", "2025-06-21T06:00Z"}}, now).value().to.count() ==
          1'750'485'600'000);
    CHECK(refused(R"({"hours":73})") == "hours");
    CHECK(refused(R"({"hours":0})") == "hours");
    CHECK(refused(R"({"hours":1.5})") == "hours");
    CHECK(refused(R"({"hours":"24"})") == "hours");
    CHECK(refused(R"({"hours":24,"from":"2025-06-21T00:00:00Z"})") == "hours");
    CHECK(refused(R"({"from":"2025-06-21T00:00:00Z","to":"2025-06-24T01:00:00Z"})") == "from");
    CHECK(refused(R"({"from":"2025-06-21T06:00:00Z","to":"2025-06-21T06:00:00Z"})") == "from");
    CHECK(refused(R"({"from":"yesterday"})") == "from");
    CHECK(refused(R"({"to":7})") == "to");
    CHECK(refused(R"({"changed":{}})") == "changed");
    CHECK(refused(R"([])") == "changes");
}

TEST_CASE("answers agreement, limits and each load in three columns") {
    const Json answer = answered(recorded(), R"({"hours":5,"changes":{"miners":{"dump-load-s19-1":{"start_voltage":53.5}}}})");
    CHECK(answer["text"].get<std::string>().starts_with("With your current settings, the replay matches the record "));
    CHECK(answer["limits"].size() == 2);
    CHECK(answer["covered_pct"] == 100.0);
    CHECK(answer["agreement_pct"] >= 95.0);
    REQUIRE(answer["loads"].size() == 2);
    CHECK(answer["loads"][0]["load"] == "primary-s21-revenue");
    CHECK(answer["loads"][0]["recorded"]["runs"].is_number());
    CHECK(answer["loads"][1]["changed"]["hours"].is_number());
    CHECK(answer["battery"]["lowest_v"]["recorded"].is_number());
    CHECK(answer["voltage"]["as_is"].size() <= 288);
    CHECK(answer["voltage"]["changed"].size() == answer["voltage"]["as_is"].size());
    CHECK(answer["notes"].empty());
}

TEST_CASE("leaves everything unchanged without changes") {
    const Json answer = answered(recorded(), R"({"hours":2})");
    CHECK(answer["loads"][0]["changed"].is_null());
    CHECK(answer["differences"].empty());
    CHECK(answer["voltage"]["changed"].is_null());
}

TEST_CASE("reports an empty range or gap with its coverage") {
    const Json none = answered(recorded(), R"({"from":"2025-05-01T00:00:00Z","to":"2025-05-02T00:00:00Z"})");
    CHECK(none["covered_pct"] == 0);
    CHECK(none["text"].get<std::string>().find("nothing can be replayed") != std::string::npos);
    const Json half = answered(recorded(), R"({"hours":12})");
    CHECK(half["covered_pct"] == 50.0);
    REQUIRE(half["notes"].size() == 1);
    CHECK(half["notes"][0].get<std::string>().starts_with("No rows from "));
    CHECK(half["loads"][0]["as_is"]["hours"] <= 6.0);
}

TEST_CASE("reports a clock jump and a restore with the coverage") {
    Connection& db = recorded();
    const auto alarm = [&](std::int64_t hour, const char* code, const char* text) {
        test::must(db, "INSERT INTO events (at, level, kind, subject, message, data) VALUES (" +
                           std::to_string((begin_s + hour * hour_s) * 1000) + ", 'warning', 'alarm', '" + code + "', '" + text +
                           "', '{}')");
    };
    alarm(-1, "database_restored", "Alarm: restored before the range");
    alarm(1, "database_restored", "Alarm: restored from a copy");
    alarm(2, "database_restored", "Cleared: restored from a copy");
    alarm(3, "clock_jumped", "Alarm: the clock jumped");
    alarm(4, "source_lost/sol_ark", "Alarm: no answer");
    const Json answer = answered(db, R"({"hours":6})");
    REQUIRE(answer["notes"].size() == 2);
    CHECK(answer["notes"][0] == "2025-06-21T14:00:00Z: Alarm: restored from a copy");
    CHECK(answer["notes"][1] == "2025-06-21T16:00:00Z: Alarm: the clock jumped");
    CHECK(answer["covered_pct"] == 100.0);
    test::must(db, "DELETE FROM events");
}

TEST_CASE("ends a run without a stored end at the readings") {
    Connection db = test::new_schema();
    RawRows rows(std::chrono::seconds{raw_slot_s}, 10'000);
    for (std::int64_t t = 0; t < 6 * hour_s; t += raw_slot_s) {
        if (t >= 2 * hour_s && t < 4 * hour_s) continue;  // the power was off
        SourceReading battery, inverter;
        battery.name = "victron.battery";
        inverter.name = "sol_ark";
        battery.voltage = inverter.voltage = Volts{4900};
        inverter.load = inverter.pv = Watts{1000};
        for (const SourceReading& reading : {battery, inverter}) rows.add(reading, Utc{(begin_s + t) * 1000});
    }
    rows.finish();
    REQUIRE(rows.write(db).ok());
    const auto run = [&](std::int64_t hour, const char* end) {
        test::must(db, "INSERT INTO load_runs (load, started_at, stopped_at, start_reason) VALUES ('primary-s21-revenue', " +
                           std::to_string((begin_s + hour * hour_s) * 1000) + ", " + end + ", 'running')");
    };
    run(1, "NULL");
    const auto query = query_of(Json{{"hours", 5}}, now);
    const auto runs = [&] {
        const auto inputs = read_inputs(db, test::simulated_wiring(), query.value());
        REQUIRE(inputs.ok());
        return inputs.value().record.loads[0].runs;
    };
    REQUIRE(runs().size() == 1);
    CHECK(runs()[0].to_s == begin_s + 2 * hour_s);
    run(5, "NULL");  // still running
    REQUIRE(runs().size() == 2);
    CHECK(runs()[0].to_s == begin_s + 2 * hour_s);
    CHECK(runs()[1].to_s == begin_s + 6 * hour_s);
    // The hours without power count in no replay, and the answer says what they hide.
    const Json answer = answered(db, R"({"hours":5,"changes":{"miners":{"primary-s21-revenue":{"start_voltage":48.5}}}})");
    CHECK(answer["loads"][0]["recorded"]["hours"] == 2.0);
    CHECK(answer["loads"][0]["changed"]["hours"] <= 3.0);
    CHECK(answer["loads"][0]["known"] == false);
    CHECK(answer["loads"][0]["text"].get<std::string>().find("and the 2.0 h without readings") != std::string::npos);
    CHECK(answer["covered_pct"] == 60.0);
}

TEST_CASE("marks only a miner that needs sunny weather unknown") {
    const Json answer = answered(recorded(), R"({"hours":2,"changes":{"miners":{"dump-load-s19-1":{"start_voltage":54.5}}}})");
    CHECK(answer["loads"][0]["known"] == true);
    CHECK(answer["loads"][1]["known"] == false);
    CHECK(answer["loads"][1]["text"] == "not known: it needs sunny weather, which is not recorded");
}

TEST_CASE("property: a change to the current value differs in nothing") {
    for (const char* changes :
         {R"({"miners":{"primary-s21-revenue":{"start_voltage":50.0,"stop_voltage":47.0}}})",
          R"({"preferences":{"reserve_voltage":null}})", R"({"zones":{"heat-room":{"temp_too_hot":40}}})"}) {
        CAPTURE(changes);
        const Json answer = answered(recorded(), ("{\"hours\":5,\"changes\":" + std::string(changes) + "}").c_str());
        CHECK(answer["differences"].empty());
        for (const Json& load : answer["loads"]) CHECK(load["changed"] == load["as_is"]);
        CHECK(answer["voltage"]["changed"] == answer["voltage"]["as_is"]);
        CHECK(answer["battery"]["stage_min"]["changed"] == answer["battery"]["stage_min"]["as_is"]);
    }
}

TEST_CASE("has no real runs to compare in shadow mode") {
    Config config = test::simulated_wiring();
    config.control.live = false;
    const auto answer = answer_to(recorded(), config, query_of(Json{{"hours", 1}}, now).value(), [] { return false; });
    REQUIRE(answer.ok());
    REQUIRE(answer.value()["notes"].size() == 1);
    CHECK(answer.value()["notes"][0].get<std::string>().starts_with("voltd is in shadow mode"));
}

TEST_CASE("omits and reports the part not replayed in time") {
    const auto query = query_of(Json{{"hours", 6}}, now);
    int rows = 0;
    const auto answer = answer_to(recorded(), test::simulated_wiring(), query.value(), [&] { return ++rows <= 240; });
    REQUIRE(answer.ok());
    CHECK(answer.value()["covered_to"] < answer.value()["to"]);
    CHECK(answer.value()["covered_pct"] > 20.0);
    CHECK(answer.value()["covered_pct"] < 60.0);
}

TEST_CASE("applies the settings of a moment from it on") {
    Connection& db = recorded();
    const std::string at = iso_utc(Utc{(begin_s + 3 * hour_s) * 1000});
    const auto edited =
        change_record(db, SettingsTable::preferences, "", {{"operating_mode", std::string("off")}}, {"test", false});
    REQUIRE(edited.ok());
    test::must(db, "UPDATE settings_history SET at = '" + at + "' WHERE id = (SELECT max(id) FROM settings_history)");
    const auto query =
        query_of(Json{{"hours", 6}, {"changes", {{"miners", {{"dump-load-s19-1", {{"start_voltage", 53.5}}}}}}}}, now);
    REQUIRE(query.ok());
    const auto inputs = read_inputs(db, test::simulated_wiring(), query.value());
    REQUIRE_MESSAGE(inputs.ok(), (inputs ? "" : inputs.failure().text));
    const WhatifInputs& read = inputs.value();
    REQUIRE(read.as_is.size() == 3);
    REQUIRE(read.changed.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(read.as_is[i].from_s == read.changed[i].from_s);
        CHECK(read.as_is[i].policy.preferences.mode == (i < 2 ? SiteMode::balanced : SiteMode::off));
        CHECK(read.as_is[i].policy.miners[1].start == 5450_cV);
        CHECK(read.changed[i].policy.miners[1].start == (i < 1 ? 5450_cV : 5350_cV));  // nothing is changed before the range
    }
    CHECK(read.as_is[1].from_s == begin_s);
    CHECK(read.as_is[2].from_s == begin_s + 3 * hour_s);
}

TEST_CASE("reads overrides with level and end from the events") {
    Connection& db = recorded();
    const auto event = [&](std::int64_t hour, const char* subject, const char* to) {
        test::must(db, "INSERT INTO events (at, level, kind, subject, message, data) VALUES (" +
                           std::to_string((begin_s + hour * hour_s) * 1000) + ", 'info', 'override', '" + subject +
                           "', '', '{\"to\":\"" + to + "\"}')");
    };
    event(1, "primary-s21-revenue", "off");
    event(2, "heat-room/fan", "7");
    event(3, "primary-s21-revenue", "auto");
    const auto inputs = read_inputs(db, test::simulated_wiring(), query_of(Json{{"hours", 5}}, now).value());
    REQUIRE(inputs.ok());
    const auto& overrides = inputs.value().record.overrides;
    REQUIRE(overrides.size() == 3);
    CHECK(overrides[0].kind == OverrideKind::off);
    CHECK(overrides[1].kind == OverrideKind::level);
    CHECK(overrides[1].level == 7);
    CHECK(overrides[2].kind == OverrideKind::automatic);
    CHECK(overrides[2].at_s == begin_s + 3 * hour_s);
    test::must(db, "DELETE FROM events");
}

}  // namespace question_test
