#include "daemon/api/routes/backup_routes.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "drivers/store/store.hpp"
#include "tests/daemon/api/api_fixture.hpp"

using namespace volt;
using namespace volt::api;
using nlohmann::json;

namespace {

/// Routes over a separate database, with a controllable clock.
struct Vault {
    fixture::TempDir directory;
    std::string path = directory.path + "/voltd.db";
    std::atomic<bool> give_up = false;
    Time now{5'000'000};
    Router router;
    Vault() {
        open_store(path).value().store->close(Duration{5000});
        router.add(backup_routes(
            path, [this] { return now; }, give_up));
    }
    HttpAnswer answer(const std::string& method, const std::string& what = "") const {
        HttpRequest request{.method = method, .path = "/api/backup", .caller = {Role::operate, false, "x", "s1"}};
        if (!what.empty()) request.query["what"] = what;
        return router.answer(request);
    }
    json get(const std::string& what) const { return json::parse(answer("GET", what).body, nullptr, false); }
    /// Waits until no copy is running.
    std::string end() const {
        while (get("state")["state"] == "making") std::this_thread::sleep_for(10ms);
        return get("state")["state"];
    }
};

}  // namespace

TEST_CASE("returns the settings in one answer") {
    const Vault vault;
    const json settings = vault.get("settings");
    CHECK(settings["version"] == VOLT_VERSION);
    CHECK(settings["preferences"].size() == 1);
    CHECK(settings["miners"].size() >= 1);
    CHECK(settings["hvac_zones"].size() >= 1);
    CHECK(settings["miners"][0].contains("start_voltage"));
    CHECK(vault.answer("GET").status == 400);
    CHECK(vault.answer("GET", "everything").status == 400);
    CHECK(vault.get("everything")["field"] == "what");
}

TEST_CASE("offers a verified copy without anyone's sign-in") {
    const Vault vault;
    CHECK(vault.answer("GET", "all").status == 404);
    CHECK(vault.get("state")["state"] == "none");
    {
        auto db = Connection::open(vault.path, OpenMode::read_write);
        REQUIRE(db);
        REQUIRE(db.value()
                    .execute("INSERT INTO web_sessions (id, secret_sha256, kind, role, name, expires_at) VALUES "
                             "('c0000000-0000-0000-0000-000000000009', printf('%064d', 1), 'program', 'view', 'x', "
                             "'2099-01-01T00:00:00Z')")
                    .ok());
    }
    const int begun = vault.answer("POST").status;
    CHECK((begun == 200 || begun == 202));
    REQUIRE(vault.end() == "ready");
    CHECK(vault.get("state")["bytes"].get<std::uint64_t>() > 0);
    const HttpAnswer whole = vault.answer("GET", "all");
    REQUIRE(whole.status == 200);
    CHECK(whole.type == "application/vnd.sqlite3");
    auto copy = Connection::open(whole.download, OpenMode::read_only);
    REQUIRE(copy);
    CHECK(copy.value().number("SELECT count(*) FROM web_sessions") == 0);
    CHECK(copy.value().number("SELECT count(*) FROM miner_profiles").value_or(0) > 0);
    CHECK(copy.value().text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("allows one copy an hour") {
    Vault vault;
    vault.now = monotonic_now();
    vault.answer("POST");
    REQUIRE(vault.end() == "ready");
    vault.now = monotonic_now();
    const HttpAnswer again = vault.answer("POST");
    CHECK(again.status == 429);
    CHECK(again.retry_after > std::chrono::minutes{50});
    CHECK(vault.answer("GET", "all").status == 200);
    vault.now += 1h;
    CHECK(vault.answer("POST").status != 429);
    CHECK(vault.end() == "ready");
}

TEST_CASE("explains a failed copy and allows another at once") {
    const Vault vault;
    std::filesystem::remove(vault.path);
    std::filesystem::remove(vault.path + "-wal");
    CHECK(vault.answer("POST").status == 503);
    CHECK(vault.end() == "failed");
    CHECK(vault.answer("GET", "all").status == 409);
    CHECK(vault.get("state")["text"].get<std::string>().find("file not found") != std::string::npos);
    CHECK(vault.answer("POST").status == 503);
}

TEST_CASE("removes leftovers of an earlier process") {
    fixture::TempDir directory;
    const std::string path = directory.path + "/voltd.db";
    std::ofstream(path + ".backup") << "old";
    std::ofstream(path + ".backup.tmp") << "half";
    const std::atomic<bool> give_up = false;
    backup_routes(
        path, [] { return Time{}; }, give_up);
    CHECK(!std::filesystem::exists(path + ".backup"));
    CHECK(!std::filesystem::exists(path + ".backup.tmp"));
}
