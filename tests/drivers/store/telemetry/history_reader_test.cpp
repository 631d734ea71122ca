// Series and decisions read back from real rows.
#include "drivers/store/telemetry/history_reader.hpp"

#include <cmath>

#include "drivers/store/telemetry/recent.hpp"
#include "drivers/store/telemetry/retention.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace history_reader_test {

namespace {

constexpr std::int64_t noon_s = 1'750'507'200;  // 2025-06-21T12:00:00Z
constexpr Utc noon{noon_s * 1000};

SourceReading battery(std::int64_t centivolts, const char* name = "victron.battery") {
    SourceReading r;
    r.name = name;
    r.voltage = Volts{centivolts};
    return r;
}

SourceReading sol_ark(std::int64_t centivolts, std::int64_t pv) {
    SourceReading r = battery(centivolts, "sol_ark");
    r.pv = Watts{pv};
    return r;
}

void write(RawRows& rows, Connection& db) {
    rows.finish();
    REQUIRE(rows.write(db).ok());
    rows.written();
}

History read(Connection& db, const std::string& series, Utc from, Utc to, Resolution resolution = Resolution::automatic,
             Utc now = noon) {
    const auto history = read_history(db, {series, from, to, resolution, {}}, now);
    REQUIRE_MESSAGE(history.ok(), (history ? "" : history.failure().text));
    return history.value();
}

std::string refusal(Connection& db, const std::string& series) {
    const auto history = read_history(db, {series, noon - 1h, noon, Resolution::automatic, {}}, noon);
    return history ? "" : history.failure().text;
}

/// Makes two days of the battery and the Sol-Ark every 30 s, rolled up to the hour; the last half hour is raw only.
Connection two_days() {
    Connection db = new_schema();
    RawRows rows(30s, 20000);
    for (std::int64_t t = noon_s - 2 * 86400; t < noon_s + 1800; t += 30) {
        rows.add(battery(5000 + t / 60 % 10), Utc{t * 1000});
        rows.add(sol_ark(5100, t % 3600), Utc{t * 1000});
    }
    write(rows, db);
    bool more = true;
    while (more) REQUIRE(roll_up(db, noon + 30min, more).ok());
    return db;
}

}  // namespace

TEST_CASE("raw, minutes and hours agree up to the newest row") {
    Connection db = two_days();
    const Utc end = noon + 30min;
    const History raw = read(db, "battery.voltage_v", noon - 1h, end, Resolution::raw);
    REQUIRE(raw.points.size() == 180);
    CHECK(raw.step_s == 30);
    CHECK(raw.points.front().at_s == noon_s - 3600);
    CHECK(raw.points.front().value == doctest::Approx(50.00));
    const History minutes = read(db, "battery.voltage_v", noon - 1h, end, Resolution::minute);
    REQUIRE(minutes.points.size() == 90);
    CHECK(minutes.points[1].value == doctest::Approx(50.01));
    CHECK(minutes.points.back().at_s == noon_s + 1740);  // half an hour that is not rolled up yet
    CHECK(minutes.points.back().value == doctest::Approx(50.09));
    const History hours = read(db, "battery.voltage_v", noon - 4h, end, Resolution::hour);
    REQUIRE(hours.points.size() == 5);
    for (const Point& hour : hours.points) CHECK(hour.value == doctest::Approx(50.045).epsilon(0.0002));
    CHECK(hours.points.back().at_s == noon_s);
    CHECK(read(db, "battery.voltage_min_v", noon - 4h, noon, Resolution::hour).points[0].value == doctest::Approx(50.00));
    CHECK(read(db, "battery.voltage_max_v", noon - 4h, noon, Resolution::hour).points[0].value == doctest::Approx(50.09));
}

TEST_CASE("the range is half open, with whole coarse points") {
    Connection db = two_days();
    CHECK(read(db, "battery.voltage_v", noon - 60s, noon, Resolution::raw).points.size() == 2);
    CHECK(read(db, "battery.voltage_v", noon - 61s, noon - 60s, Resolution::raw).points.empty());
    const History hour = read(db, "battery.voltage_v", noon - 90min, noon, Resolution::hour);
    REQUIRE(hour.points.size() == 2);
    CHECK(hour.points.front().at_s == noon_s - 7200);
}

TEST_CASE("the resolution follows range and retention") {
    CHECK(resolution_for(noon - 6h, noon, noon) == Resolution::raw);
    CHECK(resolution_for(noon - 6h - 1s, noon, noon) == Resolution::minute);
    CHECK(resolution_for(noon - 100h, noon - 99h, noon) == Resolution::minute);
    CHECK(resolution_for(noon - 96h, noon, noon) == Resolution::minute);
    CHECK(resolution_for(noon - 97h, noon, noon) == Resolution::hour);
    CHECK(resolution_for(noon - 24h * 401, noon - 24h * 400 - 23h, noon) == Resolution::hour);
}

TEST_CASE("battery is the first source that has a value") {
    Connection db = new_schema();
    RawRows rows(30s, 100);
    rows.add(battery(5230), noon);
    rows.add(sol_ark(5220, 100), noon);
    rows.add(battery(5240, "victron.system"), noon);
    rows.add(sol_ark(5221, 100), noon + 30s);
    rows.add(battery(5241, "victron.system"), noon + 30s);
    rows.add(sol_ark(5222, 100), noon + 60s);
    write(rows, db);
    const History history = read(db, "battery.voltage_v", noon, noon + 90s, Resolution::raw);
    REQUIRE(history.points.size() == 3);
    CHECK(history.points[0].value == doctest::Approx(52.30));
    CHECK(history.points[1].value == doctest::Approx(52.41));
    CHECK(history.points[2].value == doctest::Approx(52.22));
    CHECK(read(db, "source/sol_ark.voltage_v", noon, noon + 90s, Resolution::raw).points.size() == 3);
    CHECK(read(db, "source/sol_ark.pv_w", noon, noon + 90s, Resolution::raw).unit == "W");
    CHECK(read(db, "source/victron.battery.voltage_v", noon, noon + 90s, Resolution::raw).points.size() == 1);
    CHECK(read(db, "source/nobody.voltage_v", noon, noon + 90s, Resolution::raw).points.empty());
    const History soc = read(db, "battery.soc_pct", noon, noon + 30s, Resolution::raw);
    REQUIRE(soc.points.size() == 1);
    CHECK(soc.points[0].value == doctest::Approx(65.33));
    CHECK(soc.unit == "%");
}

TEST_CASE("power needs a value from each source") {
    Connection db = new_schema();
    RawRows rows(30s, 100);
    for (const Utc at : {noon, noon + 30s}) rows.add(sol_ark(5220, 4000), at);
    SourceReading system = battery(5230, "victron.system");
    system.pv = 500_W;
    rows.add(system, noon);
    write(rows, db);
    HistoryQuery query{"power.pv_w", noon, noon + 60s, Resolution::raw, {}};
    query.sources.pv = {"sol_ark", "victron.system"};
    const auto both = read_history(db, query, noon);
    REQUIRE(both.ok());
    REQUIRE(both.value().points.size() == 1);
    CHECK(both.value().points[0].value == 4500);
    CHECK(read(db, "power.pv_w", noon, noon + 60s, Resolution::raw).points.size() == 2);
}

TEST_CASE("orders and runs start with the value in force") {
    Connection db = new_schema();
    const auto decide = [&](Utc at, const char* load, const char* from, const char* to) {
        REQUIRE(write_row(db, DecisionRow{at, load, from, to, "voltage", "it says", "{}", "[]"}).ok());
    };
    decide(noon - 3h, "m", "off", "on");
    decide(noon + 10min, "m", "on", "off");
    decide(noon + 20min, "heat-room/fan", "3", "7");
    decide(noon + 2h, "m", "off", "on");
    const History wanted = read(db, "miner/m.wanted", noon, noon + 1h);
    REQUIRE(wanted.points.size() == 2);
    CHECK(wanted.points[0].at_s == noon_s);
    CHECK(wanted.points[0].word == "on");
    CHECK(wanted.points[1].value == 0);
    CHECK(wanted.step_s == 0);
    const History fan = read(db, "zone/heat-room.fan_wanted", noon, noon + 1h);
    REQUIRE(fan.points.size() == 1);
    CHECK(fan.points[0].value == 7);
    REQUIRE(write_row(db, RunRow{"m", noon - 1h, noon + 5min, "running", "voltage", 100}).ok());
    REQUIRE(write_row(db, RunRow{"m", noon + 30min, std::nullopt, "running", "", std::nullopt}).ok());
    const History running = read(db, "miner/m.running", noon, noon + 1h);
    REQUIRE(running.points.size() == 3);
    CHECK(running.points[0].word == "on");
    CHECK(running.points[1].word == "off");
    CHECK(running.points[2].at_s == noon_s + 1800);
}

TEST_CASE("an unknown series is refused with a list") {
    Connection db = new_schema();
    CHECK(refusal(db, "miner/m.power_w").find("of a miner: wanted, running") != std::string::npos);
    CHECK(refusal(db, "zone/z.temperature_c").find("fan_wanted") != std::string::npos);
    CHECK(refusal(db, "power.excess_w").find("pv_w") != std::string::npos);
    CHECK(refusal(db, "battery").find("<topic>.<key>") != std::string::npos);
    CHECK(refusal(db, "source/x.y").find("pv_voltage_v") != std::string::npos);
    CHECK(refusal(db, "battery.voltage_v'; DROP TABLE events;--").find("no series") != std::string::npos);
}

TEST_CASE("the list names series with data") {
    Connection db = two_days();
    const auto names = list_series(db);
    REQUIRE(names.ok());
    const auto has = [&](const char* name) {
        return std::find(names.value().begin(), names.value().end(), name) != names.value().end();
    };
    CHECK(has("battery.voltage_v"));
    CHECK(has("source/victron.battery.voltage_v"));
    CHECK(has("source/sol_ark.pv_w"));
    CHECK_FALSE(has("source/victron.battery.pv_w"));
    CHECK(has("miner/primary-s21-revenue.running"));
    CHECK(has("zone/heat-room.fan_wanted"));
    for (const std::string& name : names.value()) CHECK_MESSAGE(refusal(db, name).empty(), name);
}

TEST_CASE("decisions: newest first, by load, reason and time") {
    Connection db = new_schema();
    for (int i = 0; i < 10; ++i)
        REQUIRE(write_row(db, DecisionRow{noon + i * 1min, i % 2 == 0 ? "m" : "heat-room/fan", "a", std::to_string(i),
                                          i < 5 ? "voltage" : "hold", "t", R"({"v":1})", "[]"})
                    .ok());
    const auto find = [&](const DecisionQuery& query) {
        const auto rows = read_decisions(db, query);
        REQUIRE(rows.ok());
        std::string order;
        for (const DecisionRow& row : rows.value()) order += row.to;
        return order;
    };
    CHECK(find({}) == "9876543210");
    CHECK(find({.load = "m", .reason = "", .from = {}, .to = {}, .limit = 3}) == "864");
    CHECK(find({.load = "heat-room", .reason = "voltage", .from = {}, .to = {}}) == "31");
    CHECK(find({.load = "", .reason = "", .from = noon + 3min, .to = noon + 5min}) == "43");
    CHECK(find({.load = "x", .reason = "", .from = {}, .to = {}}).empty());
}

TEST_CASE("a reader opens voltd's file, and refuses a foreign one") {
    const TempDir dir;
    CHECK(open_reader(dir.file()).failure().fault == Fault::absent);
    Connection db = open_file(dir.file());
    must(db, "PRAGMA journal_mode = WAL; CREATE TABLE other (x)");
    CHECK(open_reader(dir.file()).failure().fault == Fault::refused);
    const TempDir good;
    Connection writer = open_file(good.file());
    must(writer, "PRAGMA journal_mode = WAL");
    REQUIRE(migrate(writer, built_in_migrations()).ok());
    must(writer, "BEGIN IMMEDIATE");
    Result<Connection> reader = open_reader(good.file());
    REQUIRE_MESSAGE(reader.ok(), (reader ? "" : reader.failure().text));
    CHECK(reader.value().number("SELECT count(*) FROM miner_profiles") == 2);
    CHECK_FALSE(reader.value().execute("DELETE FROM miner_profiles").ok());
}

TEST_CASE("keeps a quarter of an hour in memory at full rate") {
    Recent recent;
    for (int i = 0; i < 2000; ++i) recent.add(battery(5000 + i), noon + i * 1s);
    CHECK(recent.size() == 900);
    const auto part = read_recent(recent, {"battery.voltage_v", noon + 1990s, noon + 3000s, Resolution::raw, {}});
    REQUIRE(part.ok());
    REQUIRE(part.value().points.size() == 10);
    CHECK(part.value().points.back().value == doctest::Approx(69.99));
    for (int i = 0; i < 10000; ++i) recent.add(battery(5000, "fast"), noon + i * 50ms);
    CHECK(recent.size() == 900 + Recent::most_samples);
    for (int i = 0; i < 100; ++i) recent.add(battery(5000, ("s" + std::to_string(i)).c_str()), noon);
    CHECK(recent.size() == 900 + Recent::most_samples + Recent::most_sources - 2);
    recent.add(battery(5000, "fast"), noon - 1h);
    CHECK(recent.read("fast", RawField::voltage).size() == 1);
    CHECK_FALSE(read_recent(recent, {"miner/m.wanted", noon, noon + 1h, Resolution::raw, {}}).ok());
}

TEST_CASE("a sum in memory also needs all its recent parts") {
    Recent recent;
    SourceReading system = battery(5200, "victron.system");
    system.pv = 500_W;
    recent.add(system, noon);
    for (int i = 0; i < 12; ++i) recent.add(sol_ark(5200, 4000), noon + i * 5s);
    HistoryQuery query{"power.pv_w", noon, noon + 1h, Resolution::raw, {}};
    query.sources.pv = {"sol_ark", "victron.system"};
    const auto sum = read_recent(recent, query);
    REQUIRE(sum.ok());
    CHECK(sum.value().points.size() == 7);
    CHECK(sum.value().points.front().value == 4500);
}

TEST_CASE("sums shares of the battery, and never shows one alone") {
    Connection db = new_schema();
    RawRows rows(30s, 20000);
    for (std::int64_t t = noon_s - 600; t < noon_s; t += 30) {
        for (const auto& [name, power] : {std::pair{"sol_ark", 1000}, {"sol_ark_2", 250}, {"victron.battery", 1300}}) {
            SourceReading r = battery(5200, name);
            r.battery_power = Watts{power};
            r.battery_current = Amps{power * 2};
            rows.add(r, Utc{t * 1000});
        }
    }
    write(rows, db);
    const auto first = [&](const char* series, std::vector<std::string> voltage) {
        SeriesSources sources;
        sources.voltage = std::move(voltage);
        sources.battery = {"sol_ark", "sol_ark_2"};
        const auto history = read_history(db, {series, noon - 10min, noon, Resolution::raw, sources}, noon);
        REQUIRE(history.ok());
        REQUIRE_FALSE(history.value().points.empty());
        return history.value().points.front().value;
    };
    CHECK(first("battery.power_w", {"sol_ark", "sol_ark_2"}) == 1250);
    CHECK(first("battery.current_a", {"sol_ark", "sol_ark_2"}) == 25);
    CHECK(first("battery.power_w", {"sol_ark_2", "victron.battery"}) == 1250);
    CHECK(first("battery.power_w", {"victron.battery", "sol_ark"}) == 1300);
    CHECK(first("battery.power_w", {"victron.system", "sol_ark", "victron.battery"}) == 1300);
    CHECK(first("battery.voltage_v", {"sol_ark", "sol_ark_2"}) == 52);
    CHECK(first("source/sol_ark_2.power_w", {"sol_ark", "sol_ark_2"}) == 250);
}

}  // namespace history_reader_test
