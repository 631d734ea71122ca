#include "daemon/ctl/commands/replay.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "drivers/store/settings/io.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::ctl;

namespace replay_test {

namespace {

/// Replay of the default site.
struct Bench {
    Settings settings = default_settings();
    Replay replay{invented_wiring(settings), settings};

    Json line(const std::string& text) {
        const auto answer = replay.answer(text);
        if (!answer) FAIL(answer.failure().text);
        return Json::parse(answer.value());
    }
    std::string refused(const std::string& text) {
        const auto answer = replay.answer(text);
        return answer ? "taken" : answer.failure().text;
    }
    /// Returns a tick of the worked case at `t`, with more members.
    Json tick(int t, const std::string& more = "") {
        return line(R"({"t":)" + std::to_string(t) +
                    R"(,"utc":"2025-06-21T19:00:00Z","local":"2025-06-21T12:00:00","clock_trusted":true,)"
                    R"("voltage":{"victron.battery":52.30,"sol_ark":52.2},"battery_power_w":633,"pv_w":8450,)"
                    R"("load_w":1850,"grid_w":0,"battery_temperature_c":18.5,)"
                    R"("temperatures":{"heat-room":37.5,"main-room":20},"sunny":true)" +
                    more + "}");
    }
    Json ticks(int from, int to, const std::string& more = "") {
        Json last;
        for (int t = from; t <= to; ++t) last = tick(t, more);
        return last;
    }
};

constexpr const char* s21 = "primary-s21-revenue";
constexpr const char* s19 = "dump-load-s19-1";

}  // namespace

TEST_CASE("starts one load and keeps the other waiting") {
    Bench bench;
    const Json first = bench.tick(12);
    CHECK(first["t"] == 12.0);
    CHECK(first["stage"] == "optimal");
    CHECK(first["miners"][s21]["wanted"] == "off");
    CHECK(first["miners"][s19]["text"] == "52.30 V is 2.20 V below its start voltage of 54.50 V");
    Json started;
    for (int t = 13; t < 200 && started.is_null(); ++t) {
        const Json answer = bench.tick(t);
        for (const Json& command : answer["commands"])
            if (command["output"] == "primary-s21" && command["order"] == "on") started = answer;
    }
    REQUIRE(started.is_object());
    CHECK(started["miners"][s21]["wanted"] == "on");
    CHECK(started["miners"][s21]["text"] == "Start Primary S21+ (Revenue): 52.30 V (65 %)");
    CHECK(started["miners"][s19]["reason"] == "voltage");
    CHECK(started["power"]["available_w"] == 11600);
    CHECK(started["charge"]["order"] == "allowed");
    CHECK(started["alarms"].is_array());
    CHECK(started["miners"][s21]["gates"].size() == 22);
    CHECK(started["zones"]["heat-room"].contains("fan_wanted"));
}

TEST_CASE("ages an omitted value and treats null as no data") {
    Bench bench;
    bench.ticks(0, 10);
    Json answer = bench.line(R"({"t":19})");
    CHECK(answer["stage"] == "optimal");
    answer = bench.line(R"({"t":30})");
    CHECK(answer["stage"] == "blind");
    CHECK(answer["power"]["pv_w"] == 8450);
    answer = bench.line(R"({"t":31,"pv_w":null})");
    CHECK(answer["power"]["pv_w"].is_null());
}

TEST_CASE("follows commands for omitted outputs") {
    Bench bench;
    Json answer = bench.ticks(0, 120);
    CHECK(answer["miners"][s21]["state"] == "on");
    answer = bench.tick(121, R"(,"outputs":{"primary-s21":{"state":null,"power_w":null,"available":true}})");
    CHECK(answer["miners"][s21]["state"] == "unknown");
    answer = bench.tick(122);
    CHECK(answer["miners"][s21]["state"] == "on");
}

TEST_CASE("keeps an override until auto and a mode until the next") {
    Bench bench;
    bench.tick(0, R"(,"overrides":{"primary-s21-revenue":"off"})");
    CHECK(bench.ticks(1, 200)["miners"][s21]["reason"] == "override_off");
    CHECK(bench.tick(201, R"(,"overrides":{"primary-s21-revenue":"auto"})")["miners"][s21]["reason"] != "override_off");
    CHECK(bench.tick(202, R"(,"mode":"off")")["miners"][s21]["reason"] == "mode_off");
    CHECK(bench.tick(203)["miners"][s21]["reason"] == "mode_off");
    CHECK(bench.tick(204, R"(,"mode":"balanced")")["miners"][s21]["reason"] != "mode_off");
}

TEST_CASE("gives the same output for the same input") {
    Bench one, two;
    for (int t = 0; t < 150; ++t) CHECK(one.tick(t) == two.tick(t));
}

TEST_CASE("rejects an invalid line with the reason") {
    Bench bench;
    bench.tick(5);
    CHECK(bench.refused("{") == "not JSON");
    CHECK(bench.refused("3") == "must be a JSON object");
    CHECK(bench.refused("{}") == "t: is missing");
    CHECK(bench.refused(R"({"t":5})") == "t: must increase from line to line");
    CHECK(bench.refused(R"({"t":6,"volts":1})") == "unknown key volts");
    CHECK(bench.refused(R"({"t":7,"voltage":{"nowhere":52}})") == "unknown voltage source nowhere");
    CHECK(bench.refused(R"({"t":8,"pv_w":"x"})") == "pv_w: must be a number");
    CHECK(bench.refused(R"({"t":9,"outputs":{"primary-s21":{"state":"maybe"}}})") == "state: must be on, off, unknown or null");
    CHECK(bench.refused(R"({"t":10,"utc":"yesterday"})") == "utc: must be a time such as 2025-06-21T19:00:00");
    CHECK(bench.refused(R"({"t":11,"mode":"fast"})") == "mode: must be aggressive, balanced, conservative, off");
    CHECK(bench.refused(R"({"t":12,"overrides":{"nobody":"on"}})") == "unknown load nobody");
    CHECK(bench.refused(R"({"t":13,"temperatures":3})") == "temperatures: must be an object");
}

TEST_CASE("reads settings from a database and input from a stream") {
    const fixture::TempDir directory;
    const std::string path = directory.path + "/voltd.db";
    std::istringstream none;
    std::ostringstream out;
    CHECK(replay({path, {}}, none, out) == 1);
    {
        auto opened = open_store(path);
        REQUIRE(opened);
        opened.value().store->close(5s);
    }
    std::istringstream in("{\"t\":1,\"voltage\":{\"victron.battery\":52.3}}\n\n{\"t\":2}\n");
    CHECK(replay({path, {}}, in, out) == 0);
    const std::string text = out.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    std::istringstream bad("{\"t\":1}\n{\"t\":1}\n");
    CHECK(replay({path, {}}, bad, out) == 1);
    std::istringstream endless(std::string(3 * 1024 * 1024, ' '));
    CHECK(replay({path, {}}, endless, out) == 1);
}

}  // namespace replay_test
