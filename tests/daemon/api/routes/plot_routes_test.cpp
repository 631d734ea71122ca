#include "daemon/api/routes/plot_routes.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;
using nlohmann::json;

namespace {

constexpr std::int64_t plot_now_s = 1'750'532'400;  // 2025-06-21T19:00:00Z

/// Route over a separate database. Its clock is stopped.
struct Plotted {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    OpenedStore opened = std::move(open_store(path).value());
    std::atomic<bool> give_up = false;
    Router router;
    Plotted() {
        router.add(history_routes(
            path,
            [] {
                return HistoryContext{Utc{std::chrono::seconds{plot_now_s}}, {}};
            },
            opened.store->recent(), give_up));
    }
    ~Plotted() { opened.store->close(Duration{2000}); }

    /// Stores a reading of the GX from `age_s` before now.
    void read(std::int64_t age_s, Volts voltage, Watts power) const {
        SourceReading reading;
        reading.name = "victron.battery";
        reading.voltage = voltage;
        reading.battery_power = power;
        opened.store->record(reading, Utc{std::chrono::seconds{plot_now_s - age_s}});
    }
    std::pair<int, json> plot(std::map<std::string, std::string> query) const {
        const HttpAnswer answer = router.answer(
            {.method = "GET", .path = "/api/plot", .query = std::move(query), .caller = {Role::view, false, "x", "s1"}});
        return {answer.status, json::parse(answer.body)};
    }
};

}  // namespace

TEST_CASE("plots newest samples with extremes and gaps") {
    Plotted site;
    site.read(55, 5230_cV, 100_W);
    site.read(53, 5250_cV, 200_W);
    site.read(25, 5100_cV, 300_W);
    const auto [status, body] = site.plot({{"series", "battery.voltage_v,battery.power_w"}, {"from", "2025-06-21T18:59:00Z"}});
    REQUIRE(status == 200);
    CHECK(body["from"] == "2025-06-21T18:59:00Z");
    CHECK(body["to"] == "2025-06-21T19:00:01Z");
    CHECK(body["step_s"] == 10);
    CHECK(body["resolution"] == "raw");
    CHECK(body["t"][0] == plot_now_s - 60);
    CHECK(body["t"].size() == 7);
    const json& voltage = body["series"]["battery.voltage_v"];
    CHECK(voltage["unit"] == "V");
    CHECK(voltage["mean"] == json::parse("[52.4,null,null,51.0,null,null,null]"));
    CHECK(voltage["min"][0] == 52.3);
    CHECK(voltage["max"][0] == 52.5);
    const json& power = body["series"]["battery.power_w"];
    CHECK(power["unit"] == "W");
    CHECK(power["mean"] == json::parse("[150.0,null,null,300.0,null,null,null]"));
    CHECK(!power.contains("min"));
}

TEST_CASE("plots gaps of an empty database beside memory") {
    Plotted site;
    site.read(25, 5100_cV, 300_W);
    const auto [status, body] = site.plot({{"series", "battery.voltage_v"}});
    REQUIRE(status == 200);
    CHECK(body["step_s"] == 180);
    const json& mean = body["series"]["battery.voltage_v"]["mean"];
    CHECK(mean.size() == body["t"].size());
    CHECK(std::count_if(mean.begin(), mean.end(), [](const json& it) { return !it.is_null(); }) == 1);
    CHECK(mean[mean.size() - 2] == 51.0);
}

TEST_CASE("rejects an invalid plot by name") {
    const Plotted site;
    const std::string nine = "a.1,a.2,a.3,a.4,a.5,a.6,a.7,a.8,a.9";
    const struct {
        std::map<std::string, std::string> query;
        const char* field;
    } rows[] = {
        {{}, "series"},
        {{{"series", ""}}, "series"},
        {{{"series", "battery.voltage_v,"}}, "series"},
        {{{"series", nine}}, "series"},
        {{{"series", "battery.voltage_v,battery.voltage_v"}}, "series"},
        {{{"series", "battery.nothing"}}, "series"},
        {{{"series", "charge.order"}}, "series"},
        {{{"series", "miner/x.running"}}, "series"},
        {{{"series", "battery.voltage_v"}, {"points", "1e9"}}, "points"},
        {{{"series", "battery.voltage_v"}, {"points", "49"}}, "points"},
        {{{"series", "battery.voltage_v"}, {"points", "2001"}}, "points"},
        {{{"series", "battery.voltage_v"}, {"from", "yesterday"}}, "from"},
        {{{"series", "battery.voltage_v"}, {"to", "2025-13-01T00:00:00Z"}}, "to"},
        {{{"series", "battery.voltage_v"}, {"from", "2025-06-21T19:00:00Z"}, {"to", "2025-06-21T18:00:00Z"}}, "from"},
        {{{"series", "battery.voltage_v"}, {"resolution", "raw"}}, "resolution"},
    };
    for (const auto& row : rows) {
        const auto [status, body] = site.plot(row.query);
        CHECK(status == 400);
        CHECK(body["field"] == row.field);
        CHECK(body.contains("need"));
    }
}
