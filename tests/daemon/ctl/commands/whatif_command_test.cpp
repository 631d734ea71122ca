// Tests of voltctl whatif as a process on a database, and of its output.
#include <doctest/doctest.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "daemon/ctl/views/whatif_view.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::ctl;

namespace whatif_command_test {

using volt::testing::Ended;
using volt::testing::shell;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Two hours of 49.00 V and one of 49.80 V, below the start voltage of the S21+.
struct Kept {
    volt::testing::TempDir directory;
    std::string path = directory / "voltd.db";
    Kept() {
        auto db = Connection::open(path, OpenMode::create);
        REQUIRE(db.ok());
        REQUIRE(migrate(db.value(), built_in_migrations()).ok());
        RawRows rows(30s, 1000);
        const std::int64_t now_s = std::time(nullptr);
        for (std::int64_t t = now_s - 3 * 3600; t < now_s; t += 30) {
            SourceReading reading;
            reading.name = "sol_ark";
            reading.voltage = Volts{t < now_s - 3600 ? 4900 : 4980};
            reading.load = reading.pv = Watts{1000};
            reading.battery_power = reading.grid = Watts{0};
            rows.add(reading, Utc{t * 1000});
        }
        rows.finish();
        REQUIRE(rows.write(db.value()).ok());
        const std::string config =
            "site: shed\ndatabase: " + path +
            "\nmqtt: {url: \"mqtt://127.0.0.1:1\"}\nsol_ark: {host: 127.0.0.1}\noutputs:\n"
            "  - {id: primary-s21, dialect: tasmota, topic: miner1, meter: true}\n"
            "  - {id: ac-infinity-1, kind: level, dialect: esphome, topic: room, component: fan, object: fan}\n"
            "sensors:\n  - {id: heat-room, topic: room/air, field: temperature, quantity: temperature, role: room}\n";
        REQUIRE(shell("printf '%s' '" + config + "' > " + (directory / "voltd.yaml")).code == 0);
    }
    Ended call(const std::string& arguments) const {
        return shell(VOLTCTL + (" --config " + (directory / "voltd.yaml") + " whatif " + arguments));
    }
};

}  // namespace

TEST_CASE("shows agreement, limits and each load in columns") {
    const Kept kept;
    const Ended ended = kept.call("--last 2h miners.primary-s21-revenue.start_voltage=49.5");
    CHECK(ended.code == 0);
    CHECK(ended.out.starts_with("With your current settings, the replay matches the record 100 % of the time"));
    CHECK(contains(ended.out, "stored energy is not modeled"));
    CHECK(contains(ended.out, "primary-s21-revenue"));
    CHECK(contains(ended.out, "lowest voltage"));
    CHECK(contains(ended.out, "Start Primary S21+ (Revenue)"));
}

TEST_CASE("prints the API's object with --json") {
    const Kept kept;
    const Ended ended = kept.call("--last 2h --json prefs.reserve_voltage=51");
    CHECK(ended.code == 0);
    const Json answer = Json::parse(ended.out, nullptr, false);
    REQUIRE(answer.is_object());
    CHECK(answer["agreement_pct"] == 100.0);
    CHECK(answer["loads"][0]["changed"]["runs"] == 0);
}

TEST_CASE("suggests voltages without changing anything") {
    const Kept kept;
    const Ended ended = kept.call("--last 1h --suggest");
    CHECK(ended.code == 0);
    CHECK(contains(ended.out, "nothing is changed"));
    CHECK(contains(ended.out, "start_voltage=4"));
    CHECK(contains(ended.out, "kWh, lowest voltage"));
    CHECK(kept.call("--suggest prefs.reserve_voltage=51").code == 2);
}

TEST_CASE("rejects invalid changes, values and long ranges") {
    const Kept kept;
    CHECK(kept.call("start_voltage=49").code == 2);
    CHECK(kept.call("miners.start_voltage=49").code == 2);
    const Ended impossible = kept.call("--last 2h miners.primary-s21-revenue.stop_voltage=51");
    CHECK(impossible.code == 1);
    CHECK(contains(impossible.out, "stop_voltage 51"));
    CHECK(kept.call("miners.nothing.stop_voltage=51").code == 1);
    CHECK(kept.call("--last 4d").code == 1);
    CHECK(kept.call("--last 2x").code == 2);
    const Ended none = kept.call("--from 2024-01-01 --to 2024-01-02");
    CHECK(none.code == 0);
    CHECK(contains(none.out, "nothing can be replayed"));
}

TEST_CASE("returns the replayed voltage from the range's start") {
    const Json answer{{"from", "2025-06-21T12:00:00Z"},
                      {"voltage", {{"step_s", 300}, {"as_is", {52.5, nullptr, 52.7}}, {"changed", nullptr}}}};
    const History history = replayed_voltage(answer, "as_is");
    REQUIRE(history.points.size() == 2);
    CHECK(history.points[0].at_s == 1'750'507'200);
    CHECK(history.points[1].at_s == 1'750'507'800);
    CHECK(replayed_voltage(answer, "changed").points.empty());
}

TEST_CASE("shows the span of an unknown run time") {
    const Json tally{{"runs", 1}, {"hours", 2.0}, {"kwh", 7.5}};
    const Json answer{{"text", "With your current settings, the replay matches the record 90 % of the time"},
                      {"limits", Json::array()},
                      {"notes", Json::array()},
                      {"loads",
                       {{{"load", "s21"},
                         {"agreement_pct", 90.5},
                         {"recorded", tally},
                         {"as_is", tally},
                         {"changed", tally},
                         {"known", false},
                         {"text", "not known: 1.0 to 2.0 h"}}}}};
    std::string all;
    for (const std::string& line : whatif_lines(answer, 0, {})) all += line + "\n";
    CHECK(contains(all, "not known: 1.0 to 2.0 h"));
    CHECK(contains(all, "1 run, 2.0 h, 7.5 kWh"));
    CHECK(contains(all, "90.5 %"));
}

}  // namespace whatif_command_test
