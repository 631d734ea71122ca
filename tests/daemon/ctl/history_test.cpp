// Tests of history and decisions: times, plots and tables, and voltctl as a process on a real database.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "daemon/ctl/views/history_view.hpp"
#include "daemon/ctl/views/plot.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "drivers/store/writer/history_rows.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::ctl;

namespace history_test {

using volt::testing::Ended;
using volt::testing::shell;

namespace {

constexpr std::int64_t noon_s = 1'750'507'200;  // 2025-06-21T12:00:00Z

/// Time zone of the process for one test.
struct LocalZone {
    explicit LocalZone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~LocalZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    LocalZone(const LocalZone&) = delete;
    LocalZone& operator=(const LocalZone&) = delete;
};

History wave(std::int64_t count, std::int64_t step_s) {
    History history{.series = "battery.voltage_v", .unit = "V", .resolution = Resolution::minute, .step_s = step_s, .points = {}};
    for (std::int64_t i = 0; i < count; ++i)
        history.points.push_back({noon_s + i * step_s, 52 + 3 * std::sin(static_cast<double>(i) / 60), ""});
    return history;
}

bool is_ascii(const std::string& text) {
    for (const char byte : text)
        if (static_cast<unsigned char>(byte) > 126) return false;
    return true;
}

/// Database with the last two hours of the battery and two decisions.
struct Kept {
    volt::testing::TempDir directory;
    Kept() {
        auto db = Connection::open(path(), OpenMode::create);
        REQUIRE(db.ok());
        REQUIRE(migrate(db.value(), built_in_migrations()).ok());
        RawRows rows(30s, 1000);
        const std::int64_t now_s = std::time(nullptr);
        for (std::int64_t t = now_s - 7200; t < now_s; t += 30) {
            SourceReading reading;
            reading.name = "victron.battery";
            reading.voltage = Volts{5230};
            rows.add(reading, Utc{t * 1000});
        }
        rows.finish();
        REQUIRE(rows.write(db.value()).ok());
        for (const char* load : {"primary-s21-revenue", "heat-room/fan"})
            REQUIRE(
                write_row(db.value(), DecisionRow{Utc{(now_s - 60) * 1000}, load, "off", "on", "running", "It starts, so it does",
                                                  R"([{"name":"victron.battery","value":52.3}])", R"([{"gate":"voltage"}])"})
                    .ok());
    }
    std::string path() const { return directory / "voltd.db"; }
    Ended call(const std::string& arguments) const { return shell(VOLTCTL + (" " + arguments) + " --database " + path()); }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("parses durations") {
    CHECK(parse_span("90s") == 90);
    CHECK(parse_span("30m") == 1800);
    CHECK(parse_span("6h") == 21600);
    CHECK(parse_span("7d") == 604800);
    CHECK(parse_span("2w") == 1209600);
    for (const char* bad : {"", "h", "0h", "-1h", "6", "6hh", "6 h", "1.5h", "99999999999d"})
        CHECK_MESSAGE(!parse_span(bad), bad);
}

TEST_CASE("parses local and UTC times across a clock change") {
    const LocalZone zone("America/Los_Angeles");
    CHECK(parse_moment("now", noon_s) == noon_s);
    CHECK(parse_moment("-6h", noon_s) == noon_s - 21600);
    CHECK(parse_moment("2025-06-21T12:00:00Z", 0) == noon_s);
    CHECK(parse_moment("2025-06-21T12:00Z", 0) == noon_s);
    CHECK(parse_moment("2025-06-21T05:00", 0) == noon_s);
    CHECK(parse_moment("2025-06-21 05:00:30", 0) == noon_s + 30);
    CHECK(parse_moment("2025-06-21", 0) == noon_s - 5 * 3600);
    CHECK(parse_moment("05:00", noon_s + 3600) == noon_s);
    CHECK(parse_moment("2025-12-21T05:00", 0) == noon_s + 183 * 86400 + 3600);
    for (const char* bad : {"", "tomorrow", "2025-06", "2025-06-31", "2025-06-21T25:00", "2025-06-21x", "-6", "12:00Z"})
        CHECK_MESSAGE(!parse_moment(bad, noon_s), bad);
    CHECK(local_text(noon_s, "%H:%M") == "05:00");
}

TEST_CASE("fits a plot to its width, with or without UTF-8") {
    const LocalZone zone("UTC");
    for (const std::size_t width : {30u, 80u, 200u})
        for (const bool braille : {true, false}) {
            PlotOptions options{
                .width = width, .height = 16, .braille = braille, .from_s = noon_s, .to_s = noon_s + 86400, .paint = {}};
            const auto lines = plot(wave(1440, 60), options);
            CHECK(lines.size() == 15);
            for (std::size_t i = 1; i < lines.size() - 1; ++i) CHECK(width_of(lines[i]) <= width);
            if (!braille)
                for (const std::string& line : lines) CHECK(is_ascii(line));
            options.paint.on = true;
            CHECK(has(plot(wave(1440, 60), options)[3], "\033["));
        }
}

TEST_CASE("labels a plot's axes and leaves gaps open") {
    const LocalZone zone("UTC");
    PlotOptions options{.width = 80, .height = 20, .braille = false, .from_s = noon_s, .to_s = noon_s + 86400, .paint = {}};
    History history = wave(1440, 60);
    const auto whole = plot(history, options);
    CHECK(has(whole.front(), "battery.voltage_v (V), 2025-06-21 12:00 to 2025-06-22 12:00 UTC, minute"));
    CHECK(has(whole[whole.size() - 2], "15:00"));
    CHECK(has(whole.back(), "min 49.00 V"));
    std::string labels;
    for (const std::string& line : whole) labels += line.substr(0, 4) + "\n";
    CHECK(has(labels, "48 +"));
    CHECK(has(labels, "56 +"));
    history.points.erase(history.points.begin() + 400, history.points.begin() + 1000);
    const auto gap = plot(history, options);
    const auto stars_at = [&](const std::vector<std::string>& lines, std::size_t column) {
        std::size_t stars = 0;
        for (std::size_t i = 1; i + 2 < lines.size(); ++i) stars += lines[i].size() > column && lines[i][column] == '*' ? 1U : 0U;
        return stars;
    };
    CHECK(stars_at(whole, 40) > 0);
    CHECK(stars_at(gap, 40) == 0);
    history.points.clear();
    CHECK(plot(history, options).back() == "no data in this time");
}

TEST_CASE("plots a constant value and text values") {
    const LocalZone zone("UTC");
    PlotOptions options{.width = 60, .height = 12, .braille = false, .from_s = noon_s, .to_s = noon_s + 3600, .paint = {}};
    History flat = wave(1, 60);
    CHECK(plot(flat, options).size() == 11);
    History words{.series = "miner/m.running", .unit = "", .resolution = Resolution::automatic, .step_s = 0, .points = {}};
    words.points = {{noon_s, 1, "on"}, {noon_s + 1800, 0, "off"}};
    const auto lines = plot(words, options);
    CHECK(has(lines[1], "*****"));                 // on for the first half
    CHECK(has(lines[lines.size() - 3], "*****"));  // off to the end of the range
}

TEST_CASE("chooses round steps") {
    CHECK(round_step(10, 5) == doctest::Approx(2));
    CHECK(round_step(0.9, 5) == doctest::Approx(0.2));
    CHECK(round_step(8123, 4) == doctest::Approx(5000));
}

TEST_CASE("joins series in CSV by time") {
    History a = wave(2, 60), b = wave(2, 120);
    b.series = "x,\"y\"";
    b.points[1].word = "on";
    a.points[1].value = 52.05;
    CHECK(csv_lines({a, b}) == std::vector<std::string>{"time,battery.voltage_v,\"x,\"\"y\"\"\"", "2025-06-21T12:00:00Z,52,52",
                                                        "2025-06-21T12:01:00Z,52.05,", "2025-06-21T12:02:00Z,,on"});
}

TEST_CASE("voltctl history writes CSV, JSON or a plot") {
    const Kept kept;
    const Ended csv = kept.call("history");
    CAPTURE(csv.out);
    CHECK(csv.code == 0);
    CHECK(has(csv.out, "time,battery.voltage_v\n"));
    CHECK(has(csv.out, "Z,52.3\n"));
    const Ended one = kept.call("history battery.voltage_v --last 1h --json");
    CHECK(one.code == 0);
    const auto json = nlohmann::json::parse(one.out);
    CHECK(json["series"] == "battery.voltage_v");
    CHECK(json["resolution"] == "raw");
    CHECK(json["points"].size() > 60);  // 120, minus those that have aged out since
    CHECK(json["points"][0][1] == 52.3);
    CHECK(json["points"][0][0].get<std::string>().back() == 'Z');
    CHECK(nlohmann::json::parse(kept.call("history battery.voltage_v battery.soc_pct --json --last 1h").out).size() == 2);
    const Ended drawn = shell("LC_ALL=C " VOLTCTL " history --plot --last 2h --database " + kept.path());
    CHECK(has(drawn.out, "min 52.30 V"));
    CHECK(is_ascii(drawn.out));
    CHECK(has(kept.call("history --list").out, "source/victron.battery.voltage_v\n"));
}

TEST_CASE("voltctl history returns errors and exit codes") {
    const Kept kept;
    CHECK(kept.call("history power.excess_w").code == 1);
    CHECK(has(kept.call("history miner/m.power_w").out, "wanted, running"));
    CHECK(kept.call("history --from tomorrow").code == 2);
    CHECK(kept.call("history --last 6x").code == 2);
    CHECK(kept.call("history --from now --to -6h").code == 2);
    CHECK(kept.call("history --resolution day").code == 2);
    const Ended absent = shell(VOLTCTL " history --database /nonexistent/voltd.db");
    CHECK(absent.code == 1);
    CHECK(has(absent.out, "file not found"));
}

TEST_CASE("starts the axis of a zero series at 0") {
    History history = wave(60, 60);
    for (Point& point : history.points) point.value = 0;
    PlotOptions options{.width = 60,
                        .height = 12,
                        .braille = false,
                        .from_s = history.points.front().at_s,
                        .to_s = history.points.back().at_s,
                        .paint = {}};
    const auto lines = plot(history, options);
    for (std::size_t i = 1; i < lines.size(); ++i) CHECK_FALSE(has(lines[i], "-0"));
    history.points = {{0, 51.02166667, ""}, {60, 52, ""}, {120, -0.0001, ""}};
    CHECK(csv_lines({history})[1].ends_with(",51.022"));
    CHECK(csv_lines({history})[2].ends_with(",52"));
    CHECK(csv_lines({history})[3].ends_with(",0"));
}

TEST_CASE("voltctl decisions filters, details and prints JSON") {
    const Kept kept;
    const Ended all = kept.call("decisions");
    CAPTURE(all.out);
    CHECK(all.code == 0);
    CHECK(has(all.out, "heat-room/fan  off -> on  running"));
    CHECK(has(all.out, "    It starts, so it does"));
    const std::string newest = nlohmann::json::parse(kept.call("decisions --limit 1 --json").out).at(0).at("load");
    CHECK(all.out.rfind("  " + newest + "  ") > all.out.size() / 2);
    CHECK_FALSE(has(all.out, "what counted"));
    CHECK(has(kept.call("decisions --verbose").out, "name victron.battery value 52.3"));
    const Ended one = kept.call("decisions --load heat-room --since -1h --reason running --limit 5 --json");
    const auto json = nlohmann::json::parse(one.out);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["load"] == "heat-room/fan");
    CHECK(json[0]["inputs"][0]["value"] == 52.3);
    CHECK(kept.call("decisions --load heat-room --reason running --to 2020-01-01 --json").out == "[]\n");
    const Ended no_reason = kept.call("decisions --reason runing");
    CHECK(no_reason.code == 1);
    CHECK(has(no_reason.out, "no stored decision with reason runing; choose from: running"));
    const Ended nobody = kept.call("decisions --load nobody");
    CHECK(nobody.code == 1);
    CHECK(has(nobody.out, "no stored decision for load nobody; choose from:"));
    CHECK(has(nobody.out, "heat-room/fan"));
    CHECK(kept.call("decisions --limit 0").code == 2);
}

}  // namespace history_test
