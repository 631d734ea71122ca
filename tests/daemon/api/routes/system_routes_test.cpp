#include "daemon/api/routes/system_routes.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;
using nlohmann::json;

namespace {

/// Routes over a separate database.
struct Machine {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    StatusBoard board;
    std::atomic<bool> give_up = false;
    int changed = 0;
    Router router;
    Machine() {
        open_store(path).value().store->close(Duration{5000});
        router.add(system_routes(board, {path, "3f9a1c07", [this] { ++changed; }}, give_up));
    }
    std::pair<int, json> ask(const std::string& method, const std::string& where,
                             std::map<std::string, std::string> query = {}) const {
        const HttpAnswer answer = router.answer(
            {.method = method, .path = where, .query = std::move(query), .caller = {Role::operate, false, "x", "s1"}});
        return {answer.status, json::parse(answer.body)};
    }
    void sql(const std::string& text) const {
        auto db = Connection::open(path, OpenMode::read_write);
        REQUIRE(db);
        REQUIRE(db.value().execute(text).ok());
    }
};

}  // namespace

TEST_CASE("shows known system data and null before the first turn") {
    Machine machine;
    const auto [status, body] = machine.ask("GET", "/api/system");
    REQUIRE(status == 200);
    CHECK(body["versions"]["voltd"] == VOLT_VERSION);
    CHECK(body["versions"]["page"] == "3f9a1c07");
    CHECK(body["versions"]["schema"].get<int>() > 0);
    CHECK(body["process"]["memory_bytes"].get<double>() > 0);
    CHECK(body["process"]["uptime_s"].get<int>() >= 0);
    CHECK(!body["process"].contains("turns"));
    CHECK(body["database"]["path"] == machine.path);
    CHECK(body["database"]["bytes"].get<int>() > 0);
    CHECK(body["database"]["last_copy"] == nullptr);
    CHECK(body["database"]["settings_copy"].is_string());
    CHECK(body["database"]["integrity"] == nullptr);
    CHECK(body["disk"]["free_bytes"].get<double>() > 0);
    CHECK(body["flash"]["days"] == json::array());
    for (const char* unknown : {"safe_mode", "clock", "broker", "config"}) CHECK(body[unknown] == nullptr);
}

TEST_CASE("returns the licenses") {
    const Machine machine;
    const auto [status, body] = machine.ask("GET", "/api/system", {{"licenses", "1"}});
    CHECK(status == 200);
    CHECK(body["licenses"].get<std::string>().find("License: ") != std::string::npos);
    CHECK(machine.ask("GET", "/api/system", {{"licenses", "yes"}}).first == 400);
}

TEST_CASE("shows loop, clock, broker, safe mode and database health") {
    Machine machine;
    fixture::Site site;
    StatusSnapshot page = fixture::page_of(site);
    page.store.bytes_written = 4096;
    page.loop.longest_turn = std::chrono::microseconds{1500};
    const auto show = [&] {
        machine.board.post(std::make_shared<const StatusSnapshot>(page));
        return machine.ask("GET", "/api/system").second;
    };
    page.config = {"/etc/voltd/voltd.yaml", page.at};
    const json body = show();
    CHECK(body["config"] == json::parse(R"({"path":"/etc/voltd/voltd.yaml","read_at":"2025-06-21T19:00:00Z"})"));
    page.config.read.reset();
    CHECK(show()["config"]["read_at"] == nullptr);
    CHECK(body["process"]["longest_turn_ms"] == 1.5);
    CHECK(body["clock"] ==
          json::parse(R"({"now":"2025-06-21T19:00:00Z","local":"2025-06-21T12:00:00","source":"system","trusted":true})"));
    CHECK(body["broker"]["state"] == "ok");
    CHECK(body["safe_mode"] == false);
    CHECK(body["flash"]["since_start_bytes"] == 4096);
    CHECK(body["database"]["integrity"] == "sound");
    page.objects.emplace_back("alarm/safe_mode", R"({"text":"five crashes"})");
    page.store.restored = true;
    page.store.text = "replaced by the newest copy";
    CHECK(show()["safe_mode"] == true);
    CHECK(show()["database"]["integrity"] == "restored");
    CHECK(show()["database"]["text"] == "replaced by the newest copy");
    page.store.settings_damaged = "miner_profiles: start_voltage";
    CHECK(show()["database"]["integrity"] == "damaged");
    CHECK(show()["database"]["text"] == "miner_profiles: start_voltage");
    page.store.failing = true;
    CHECK(show()["database"]["integrity"] == "failing");
}

TEST_CASE("shows written bytes of the last 30 days") {
    Machine machine;
    machine.sql(
        "DELETE FROM metric_names; INSERT INTO metric_names (id, name) VALUES (1, 'store_bytes_written'), (2, 'loop_ms');"
        "INSERT INTO performance_metrics VALUES (1750507200, 1, 3, 40000, 1, 1), (1750508100, 1, 3, 60000, 1, 1), "
        "(1750420800, 1, 1, 500000, 1, 1), (1750508100, 2, 900, 2, 1, 3), (1747900000, 1, 1, 7e6, 1, 1)");
    CHECK(machine.ask("GET", "/api/system").second["flash"]["days"] ==
          json::parse(R"([{"day":"2025-06-20","mb":0.5},{"day":"2025-06-21","mb":0.3}])"));
}

TEST_CASE("acknowledges a restored database once") {
    Machine machine;
    const std::string where = "/api/alarms/database_restored/acknowledge";
    CHECK(machine.ask("POST", where).first == 409);
    {
        auto db = Connection::open(machine.path, OpenMode::read_write);
        REQUIRE(db);
        REQUIRE(note_restore(db.value(), "The file was lost").ok());
    }
    CHECK(machine.changed == 0);
    CHECK(machine.ask("POST", where).first == 200);
    CHECK(machine.changed == 1);
    const auto [status, body] = machine.ask("POST", where);
    CHECK(status == 409);
    CHECK(body["error"] == "the alarm database_restored is not active");
}
