#include "daemon/api/routes/whatif_routes.hpp"

#include <doctest/doctest.h>
#include <sched.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "drivers/store/store.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;
using nlohmann::json;

namespace whatif_routes_test {

namespace {

constexpr std::int64_t now_s = 1'750'507'200;  // 2025-06-21T12:00:00Z

Config wiring() {
    Config config;
    config.site = "shed";
    config.sol_ark = SolArkConfig{};
    config.voltage_sources = {"sol_ark"};
    config.power_sources = {{"sol_ark"}, {"sol_ark"}, {"sol_ark"}};
    return config;
}

/// Route over a database with `hours` of rows before the present.
struct Asked {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    std::atomic<bool> give_up = false;
    Router router;

    explicit Asked(std::int64_t hours, Duration limit = 3600s, bool idle = false) {
        open_store(path).value().store->close(Duration{5000});
        auto db = Connection::open(path, OpenMode::read_write);
        RawRows rows(30s, 10'000);
        for (std::int64_t t = now_s - hours * 3600; t < now_s; t += 30) {
            SourceReading reading;
            reading.name = "sol_ark";
            reading.voltage = Volts{5230};
            reading.load = reading.pv = Watts{1000};
            rows.add(reading, Utc{t * 1000});
        }
        rows.finish();
        REQUIRE(rows.write(db.value()).ok());
        router.add(whatif_routes(
            {path, [] { return std::optional(wiring()); }, [] { return Utc{now_s * 1000}; }, limit, idle, 3600s}, give_up));
    }
    HttpAnswer ask(const std::string& body, Role role = Role::operate) const {
        return router.answer({.method = "POST", .path = "/api/whatif", .body = body, .caller = {role, false, "x"}});
    }
    json read(const std::string& body) const { return json::parse(ask(body).body, nullptr, false); }
};

}  // namespace

TEST_CASE("allows proposers but not viewers to ask") {
    const Asked asked(2);
    CHECK(asked.ask("{}", Role::view).status == 403);
    const HttpAnswer answer = asked.ask(R"({"hours":2})", Role::propose);
    CHECK(answer.status == 200);
    const json body = json::parse(answer.body);
    CHECK(body["covered_pct"] == 100.0);
    CHECK(body["covered_to"] == body["to"]);
    CHECK(body["loads"].size() == 2);
}

TEST_CASE("explains bad input, a long range and no rows") {
    const Asked asked(1);
    const json impossible = asked.read(R"({"changes":{"miners":{"dump-load-s19-1":{"stop_voltage":55}}}})");
    CHECK(impossible["field"] == "stop_voltage");
    CHECK(impossible["need"] == "< start_voltage (54.5)");
    CHECK(asked.ask(R"({"changes":{"miners":{"dump-load-s19-1":{"stop_voltage":55}}}})").status == 400);
    CHECK(asked.ask(R"({"changes":{"miners":{"nothing":{"stop_voltage":50}}}})").status == 404);
    CHECK(asked.ask(R"({"hours":73})").status == 400);
    CHECK(asked.ask("[").status == 400);
    const json none = asked.read(R"({"from":"2025-01-01T00:00:00Z","to":"2025-01-02T00:00:00Z"})");
    CHECK(none["covered_pct"] == 0);
    CHECK(none["agreement_pct"].is_null());
}

TEST_CASE("answers for the part finished within its time") {
    const Asked asked(24, 0s);
    const json answer = asked.read("{}");
    CHECK(answer["covered_to"] == answer["from"]);
    CHECK(answer["covered_pct"] == 0);
}

TEST_CASE("answers 409 for a second question at a time") {
    const Asked asked(24);
    HttpAnswer first;
    std::atomic<bool> done = false;
    std::thread other([&] {
        do first = asked.ask(R"({"hours":4,"changes":{"preferences":{"reserve_voltage":51}}})");
        while (first.status == 409);
        done = true;
    });
    bool refused = false;
    while (!refused && !done) refused = asked.ask(R"({"from":"2025-01-01T00:00:00Z","to":"2025-01-02T00:00:00Z"})").status == 409;
    other.join();
    CHECK(refused);
    CHECK(first.status == 200);
}

/// Returns true if a thread of this process named "what-if" runs with SCHED_IDLE now.
bool idle_thread_runs() {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream name(entry.path() / "comm");
        std::string word;
        if (name >> word && word == "what-if" && ::sched_getscheduler(std::stoi(entry.path().filename())) == SCHED_IDLE)
            return true;
    }
    return false;
}

TEST_CASE("replays only while the processor is idle") {
    const Asked asked(72, 3600s, true);
    HttpAnswer answer;
    std::atomic<bool> done = false;
    std::thread client([&] {
        answer = asked.ask(R"({"hours":72,"changes":{"preferences":{"reserve_voltage":51}}})");
        done = true;
    });
    bool seen = false;
    while (!seen && !done) seen = idle_thread_runs();
    client.join();
    CHECK(seen);
    CHECK(answer.status == 200);
}

TEST_CASE("ends a replay with the server") {
    Asked asked(24);
    asked.give_up = true;
    const json answer = asked.read(R"({"hours":24})");
    CHECK((answer.contains("error") || answer["covered_pct"] == 0));
}

}  // namespace whatif_routes_test
