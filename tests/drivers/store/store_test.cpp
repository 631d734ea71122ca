// The whole store on real files: records arrive, settings change, and it recovers.
#include "drivers/store/store.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/telemetry/recent.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/opened.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace {

constexpr Utc noon{1'750'507'200'000};

StoreOptions quick() {
    StoreOptions options;
    options.check_every = 5ms;
    options.slot = 10s;
    options.first_retry = 10ms;
    options.longest_retry = 50ms;
    options.database.busy_ms = 20;
    return options;
}

OpenedStore open(const std::string& path, const StoreOptions& options = quick()) { return must_open(path, options); }

EventRow event(const std::string& message) { return {noon, "info", "daemon", "", message, ""}; }

SourceReading reading(std::int64_t centivolts) {
    SourceReading r;
    r.name = "victron.battery";
    r.voltage = Volts{centivolts};
    return r;
}

std::int64_t count(const std::string& path, const std::string& table) {
    Connection db = open_file(path, OpenMode::read_only);
    return db.number("SELECT count(*) FROM " + table).value_or(-1);
}

}  // namespace

TEST_CASE("history and rule state are in the file at once") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    CHECK_FALSE(opened.rule_state.has_value());
    Store& store = *opened.store;
    store.record(DecisionRow{noon, "m", "off", "on", "running", "text", "", ""});
    store.record(event("hello"));
    store.record(CommandRow{noon, "o", "on", "running", true, 1, 90ms});
    store.record(RunRow{"m", noon, std::nullopt, "running", "", std::nullopt});
    store.save_rule_state("{\"v\":1}", noon, false);
    CHECK(holds_soon([&] {
        return count(dir.file(), "decisions") + count(dir.file(), "events") + count(dir.file(), "relay_commands") +
                   count(dir.file(), "load_runs") + count(dir.file(), "rule_state") ==
               5;
    }));
    CHECK(holds_soon([&] { return store.health().rows_written == 5; }));
    const StoreHealth health = store.health();
    CHECK_FALSE(health.failing);
    CHECK((health.commits >= 1 && health.commits <= 5));
    CHECK((health.longest_commit > 0us && health.commit_time >= health.longest_commit));
    store.close(5s);
    CHECK(open(dir.file()).rule_state == "{\"v\":1}");
}

TEST_CASE("keeps proofs of relays, and returns the newest at start") {
    TempDir dir;
    {
        OpenedStore opened = must_open(dir.file(), quick());
        CHECK(opened.output_proofs.empty());
        opened.store->record(OutputProofRow{noon, "a", "tasmota", 60s, 60400ms});
        opened.store->record(OutputProofRow{noon + 1h, "b", "shelly-gen2", 30s, 29001ms});
        opened.store->record(OutputProofRow{noon - 1h, "a", "tasmota", 300s, 299999ms});  // the clock was set back meanwhile
        CHECK(holds_soon([&] {
            Connection db = open_file(dir.file(), OpenMode::read_only);
            return db.number("SELECT count(*) FROM output_proofs") == 3;
        }));
        opened.store->close(5s);
    }
    const OpenedStore opened = must_open(dir.file(), quick());
    REQUIRE(opened.output_proofs.size() == 2);
    const OutputProofRow& a = opened.output_proofs[0];
    CHECK(a.output == "a");
    CHECK(a.at == noon - 1h);
    CHECK(a.lease == 300s);
    CHECK(a.measured == 299999ms);
    CHECK(opened.output_proofs[1].dialect == "shelly-gen2");
    CHECK(opened.output_proofs[1].measured == 29001ms);
}

TEST_CASE("a rule state waits for the batch unless history comes") {
    TempDir dir;
    StoreOptions options = quick();
    options.state_follows = 0ms;
    options.gather = 300ms;
    OpenedStore opened = open(dir.file(), options);
    opened.store->save_rule_state("{\"v\":1}", noon, false);
    CHECK(holds_soon([&] { return opened.store->health().queued == 1; }));
    opened.store->metric("m", 1, noon);
    CHECK(holds_soon([&] { return opened.store->health().queued == 1; }));
    CHECK(count(dir.file(), "rule_state") == 0);
    opened.store->record(event("a change"));
    opened.store->save_rule_state("{\"v\":2}", noon, false);
    CHECK(holds_soon([&] { return count(dir.file(), "rule_state") == 1; }));
    CHECK(holds_soon([&] { return opened.store->health().queued == 0; }));
    opened.store->save_rule_state("{\"v\":3}", noon, false);
    opened.store->close(5s);
    CHECK(open(dir.file()).rule_state == "{\"v\":3}");
}

TEST_CASE("telemetry waits for its batch, and is flushed at close") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    for (int i = 0; i < 25; ++i) opened.store->record(reading(5230 + i), noon + i * 1s);
    SourceHealth health;
    health.name = "victron.battery";
    health.state = SourceState::ok;
    opened.store->record(health, noon);
    opened.store->metric("loop_ms", 3, noon);
    CHECK(holds_soon([&] { return opened.store->health().queued == 2; }));  // two finished slots
    CHECK(count(dir.file(), "victron_battery_readings") == 0);
    opened.store->close(5s);
    CHECK(count(dir.file(), "victron_battery_readings") == 3);
    CHECK(count(dir.file(), "polling_status") == 1);
    CHECK(count(dir.file(), "performance_metrics") == 2);  // plus the bytes written
    opened.store->close(5s);                               // a second close does nothing
}

TEST_CASE("writes a batch on time, and a state change sooner") {
    TempDir dir;
    StoreOptions options = quick();
    options.batch = 50ms;
    OpenedStore opened = open(dir.file(), options);
    opened.store->record(reading(5230), noon);
    opened.store->record(reading(5231), noon + 11s);
    CHECK(holds_soon([&] { return count(dir.file(), "victron_battery_readings") == 2; }));  // including the open slot

    TempDir other;
    options.batch = 3600s;
    options.polling = 20ms;
    OpenedStore seldom = open(other.file(), options);
    SourceHealth health;
    health.name = "sol_ark";
    health.state = SourceState::failing;
    seldom.store->record(health, noon);
    CHECK(holds_soon([&] { return count(other.file(), "polling_status") == 1; }));
}

TEST_CASE("old telemetry is committed with a decision") {
    TempDir dir;
    StoreOptions options = quick();
    options.ride = 0s;
    OpenedStore opened = open(dir.file(), options);
    opened.store->record(reading(5230), noon);
    opened.store->record(DecisionRow{noon, "m", "off", "on", "running", "text", "", ""});
    CHECK(holds_soon([&] { return count(dir.file(), "decisions") == 1; }));
    CHECK(count(dir.file(), "victron_battery_readings") == 1);
    options.ride = 3600s;
    TempDir other;
    OpenedStore apart = open(other.file(), options);
    apart.store->record(reading(5230), noon);
    apart.store->record(DecisionRow{noon, "m", "off", "on", "running", "text", "", ""});
    CHECK(holds_soon([&] { return count(other.file(), "decisions") == 1; }));
    CHECK(count(other.file(), "victron_battery_readings") == 0);
}

TEST_CASE("notices an edit by another program at once") {
    TempDir dir;
    StoreOptions options = quick();
    options.check_every = 60s;
    options.gather = 200ms;  // the edit below is complete by then
    OpenedStore opened = open(dir.file(), options);
    {
        Connection hand = open_file(dir.file());
        REQUIRE(hand.execute("UPDATE user_preferences SET operating_mode = 'off'").ok());
    }
    std::shared_ptr<const Settings> heard;
    CHECK(holds_soon([&] { return (heard = opened.store->take_new_settings()) != nullptr; }));
    REQUIRE(heard != nullptr);
    CHECK(heard->preferences.mode == SiteMode::off);
}

TEST_CASE("the last quarter of an hour is readable from memory") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    for (int i = 0; i < 20; ++i) opened.store->record(reading(5230 + i), noon + i * 1s);
    const Recent* recent = opened.store->recent();
    REQUIRE(recent != nullptr);
    CHECK(recent->read("victron.battery", RawField::voltage).size() == 20);
    CHECK(count(dir.file(), "victron_battery_readings") == 0);
}

TEST_CASE("virtual time: a power cut loses under ten minutes of telemetry") {
    TempDir dir;
    Result<OpenedDatabase> database = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE(database.ok());
    Writer writer(dir.file(), StoreOptions{}, std::make_shared<const Settings>(default_settings()));
    writer.adopt(std::move(database.value()));
    const auto begin = std::chrono::steady_clock::now();
    std::int64_t longest_s = 0;
    Connection reader = open_file(dir.file(), OpenMode::read_only);
    for (std::int64_t second = 5; second < 5 * 900; second += 5) {
        writer.queue().put(TelemetryReading{reading(5230), noon + std::chrono::seconds(second)});
        writer.turn_at(begin + std::chrono::seconds(second));
        if (second < 600) continue;
        const auto newest = reader.number("SELECT max(id) / 256 FROM victron_battery_readings");
        REQUIRE(newest.has_value());
        longest_s = std::max(longest_s, noon.count() / 1000 + second - *newest);
    }
    CHECK(longest_s > 500);
    CHECK(longest_s <= 600 + 30);  // a slot is identified by its start
    CHECK(reader.number("SELECT count(*) FROM victron_battery_minutes") >= 60);
}

TEST_CASE("virtual time: telemetry and rule state share one commit in ten minutes") {
    TempDir dir;
    Result<OpenedDatabase> database = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE(database.ok());
    Writer writer(dir.file(), StoreOptions{}, std::make_shared<const Settings>(default_settings()));
    writer.adopt(std::move(database.value()));
    const auto begin = std::chrono::steady_clock::now();
    Connection reader = open_file(dir.file(), OpenMode::read_only);
    std::int64_t commits = 0, version = reader.data_version().value_or(0);
    for (std::int64_t second = 5; second <= 4 * 3600; second += 5) {
        writer.queue().put(TelemetryReading{reading(5230), noon + std::chrono::seconds(second)});
        if (second % 600 == 0) writer.queue().put(SavedRuleState{std::to_string(second), noon + std::chrono::seconds(second)});
        writer.turn_at(begin + std::chrono::seconds(second));
        const std::int64_t now = reader.data_version().value_or(0);
        commits += now != version ? 1 : 0;
        version = now;
    }
    CHECK(commits >= 24);
    CHECK(commits <= 25);
    CHECK(reader.number("SELECT count(*) FROM victron_battery_minutes") >= 180);
    CHECK(reader.number("SELECT at FROM rule_state").value_or(0) >= noon.count() + (4 * 3600 - 1200) * 1000);
}

TEST_CASE("virtual time: does not write a flapping source each minute") {
    TempDir dir;
    Result<OpenedDatabase> database = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE(database.ok());
    Writer writer(dir.file(), StoreOptions{}, std::make_shared<const Settings>(default_settings()));
    writer.adopt(std::move(database.value()));
    const auto begin = std::chrono::steady_clock::now();
    Connection reader = open_file(dir.file(), OpenMode::read_only);
    for (std::int64_t second = 30; second <= 3600; second += 30) {
        SourceHealth health;
        health.name = "sol_ark";
        health.state = second / 60 % 2 == 0 ? SourceState::ok : SourceState::failing;
        writer.queue().put(TelemetryHealth{health, noon + std::chrono::seconds(second)});
        writer.turn_at(begin + std::chrono::seconds(second));
        if (second == 120) CHECK(reader.number("SELECT count(*) FROM health_checks") == 1);  // the first one is not late
    }
    CHECK(reader.number("SELECT count(*) FROM health_checks").value_or(0) <= 8);
    writer.queue().close();
    writer.turn_at(begin + 3601s);
    CHECK(reader.text("SELECT state FROM polling_status") == "ok");
}

TEST_CASE("reads the newest settings changed by another connection") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    CHECK(opened.store->take_new_settings() == nullptr);
    Connection owner = open_file(dir.file());
    must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] { return (found = opened.store->take_new_settings()) != nullptr; }));
    CHECK(found->preferences.low == 4750_cV);
    CHECK(found->revision > opened.settings->revision);
    CHECK(opened.store->take_new_settings() == nullptr);
    // A write that is not a setting brings none.
    must(owner, "INSERT INTO events (at, level, kind, message) VALUES (1, 'info', 'x', 'x')");
    must(owner, "UPDATE user_preferences SET voltage_low = 47.6");
    must(owner, "UPDATE user_preferences SET voltage_low = 47.7");
    CHECK(holds_soon([&] {
        auto next = opened.store->take_new_settings();
        if (next) found = next;
        return found->preferences.low == 4770_cV;
    }));
}

TEST_CASE("writes the mode, and returns it as new settings") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    opened.store->record(event("the writer has looked at the settings once"));
    CHECK(holds_soon([&] { return opened.store->health().rows_written == 1; }));
    opened.store->set_mode(SiteMode::off, "owner");
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] { return (found = opened.store->take_new_settings()) != nullptr; }));
    CHECK(found->preferences.mode == SiteMode::off);
    CHECK(found->miners.size() == 2);
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT operating_mode FROM user_preferences") == "off");
    CHECK(db.text("SELECT who FROM settings_history ORDER BY id DESC LIMIT 1") == "owner");
    opened.store->close(5s);
    Connection copy = open_file(settings_copy_of(dir.file()));
    CHECK(copy.text("SELECT operating_mode FROM user_preferences") == "off");
}

TEST_CASE("a tool's lock is reported and loses nothing") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    Connection tool = open_file(dir.file());
    must(tool, "BEGIN IMMEDIATE");
    opened.store->record(event("while locked"));
    opened.store->set_mode(SiteMode::off, "owner");
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK_FALSE(opened.store->health().disk_full);
    CHECK(opened.store->health().text.find("locked") != std::string::npos);
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] { return (found = opened.store->take_new_settings()) != nullptr; }));
    CHECK(found->preferences.mode == SiteMode::off);
    must(tool, "ROLLBACK");
    CHECK(holds_soon([&] { return !opened.store->health().failing; }));
    CHECK(count(dir.file(), "events") == 1);
    CHECK(tool.text("SELECT operating_mode FROM user_preferences") == "off");
}

TEST_CASE("a waiting mode yields to one saved meanwhile") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    Connection tool = open_file(dir.file());
    must(tool, "BEGIN IMMEDIATE");
    const std::uint64_t order = opened.store->set_mode(SiteMode::aggressive, "owner");
    CHECK(order == 1);
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] { return (found = opened.store->take_new_settings()) != nullptr; }));
    CHECK(found->preferences.mode == SiteMode::aggressive);  // in force, though not written
    CHECK(found->mode_order == order);
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    must(tool, "UPDATE user_preferences SET operating_mode = 'off'");
    must(tool, "COMMIT");
    CHECK(holds_soon([&] {
        auto next = opened.store->take_new_settings();
        return next != nullptr && next->preferences.mode == SiteMode::off && next->mode_order == order;
    }));
    CHECK(holds_soon([&] { return !opened.store->health().failing; }));
    CHECK(tool.text("SELECT operating_mode FROM user_preferences") == "off");
    CHECK(opened.store->set_mode(SiteMode::balanced, "owner") == 2);
    CHECK(holds_soon([&] { return tool.text("SELECT operating_mode FROM user_preferences") == "balanced"; }));
}

TEST_CASE("an urgent rule state is written without history") {
    TempDir dir;
    StoreOptions options = quick();
    options.state_follows = 0ms;
    OpenedStore opened = open(dir.file(), options);
    CHECK(opened.store->save_rule_state("{\"v\":1}", noon, true) == 1);
    CHECK(opened.store->save_rule_state("{\"v\":2}", noon, false) == 2);
    CHECK(holds_soon([&] { return opened.store->health().rule_state >= 1; }));  // or 1 was written before 2 came
    opened.store->save_rule_state("{\"v\":3}", noon, false);
    opened.store->save_rule_state("{\"v\":4}", noon, true);
    CHECK(holds_soon([&] { return opened.store->health().rule_state == 4; }));
}

TEST_CASE("makes no new file in an empty unmounted directory") {
    TempDir dir;
    fs::create_directory(dir.file("state"));
    OpenedStore opened = open(dir.file("state/voltd.db"));
    opened.store->record(event("before"));
    CHECK(holds_soon([&] { return opened.store->health().rows_written == 1; }));
    fs::rename(dir.file("state"), dir.file("away"));
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK_FALSE(fs::exists(dir.file("state")));
    fs::create_directory(dir.file("state"));
    CHECK(holds_soon([&] { return opened.store->health().text.find("no longer mounted") != std::string::npos; }));
    CHECK(fs::is_empty(dir.file("state")));
    opened.store->record(event("meanwhile"));
    fs::remove(dir.file("state"));
    fs::rename(dir.file("away"), dir.file("state"));
    CHECK(holds_soon([&] { return !opened.store->health().failing; }));
    CHECK(holds_soon([&] { return count(dir.file("state/voltd.db"), "events") == 2; }));
}

TEST_CASE("reports an active note from the start") {
    TempDir dir;
    { open(dir.file()).store->close(5s); }
    {
        Connection db = open_file(dir.file());
        note_restore(db, "What was lost.");
    }
    OpenedStore opened = open(dir.file());
    CHECK(opened.store->health().restored);
    CHECK(opened.store->health().text == "What was lost.");
}

TEST_CASE("removes the oldest telemetry at the page cap") {
    TempDir dir;
    { open(dir.file()).store->close(5s); }
    {
        Connection db = open_file(dir.file());
        must(db,
             "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO "
             "victron_battery_readings (id, voltage) SELECT (1750000000 + i * 10) * 256 + 1, 5000 FROM n");
    }
    StoreOptions options = quick();
    options.database.most_pages = 1;  // SQLite takes the current size: not one page more
    OpenedStore opened = open(dir.file(), options);
    const std::int64_t before = count(dir.file(), "victron_battery_readings");
    bool seen_full = false;
    const std::string text(30000, 'x');
    opened.store->record(event(text));
    CHECK(holds_soon([&] {
        seen_full = seen_full || opened.store->health().disk_full;
        return count(dir.file(), "events") == 1;
    }));
    CHECK(holds_soon([&] { return !opened.store->health().failing; }));
    CHECK(count(dir.file(), "victron_battery_readings") < before);
    opened.store->close(5s);
    Connection db = open_file(dir.file());
    CHECK(db.text("PRAGMA quick_check") == "ok");
}

TEST_CASE("keeps history within its bound on a full disk") {
    TempDir dir;
    { open(dir.file()).store->close(5s); }
    StoreOptions options = quick();
    options.database.most_pages = 1;
    options.history_rows = 10;
    OpenedStore opened = open(dir.file(), options);
    for (int i = 0; i < 30; ++i) opened.store->record(event(std::string(20000, 'x')));
    CHECK(holds_soon([&] { return opened.store->health().dropped == 20; }));
    CHECK(holds_soon([&] { return opened.store->health().disk_full && opened.store->health().failing; }));
    CHECK(opened.store->health().queued == 10);
    opened.store->close(5s);
}

TEST_CASE("an unopenable file gives defaults, retried later") {
    TempDir dir;
    fs::create_directory(dir.file());
    OpenedStore opened = open(dir.file());
    CHECK(opened.settings->miners.size() == 2);
    CHECK(opened.store->health().failing);
    CHECK_FALSE(opened.store->health().text.empty());
    CHECK_FALSE(opened.notes.empty());
    opened.store->record(event("early"));
    opened.store->save_rule_state("{\"v\":3}", noon, false);
    opened.store->set_mode(SiteMode::conservative, "owner");
    CHECK(holds_soon([&] {
        const auto found = opened.store->take_new_settings();
        return found != nullptr && found->preferences.mode == SiteMode::conservative;
    }));
    fs::remove(dir.file());
    CHECK(holds_soon([&] { return !opened.store->health().failing; }));
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    CHECK(count(dir.file(), "events") == 1);
    CHECK(count(dir.file(), "rule_state") == 1);
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT operating_mode FROM user_preferences") == "conservative");
}

TEST_CASE("keeps the file's mode if it was unreadable at start") {
    TempDir dir;
    {
        OpenedStore opened = open(dir.file());
        opened.store->set_mode(SiteMode::off, "owner");
        opened.store->close(5s);
    }
    fs::rename(dir.file(), dir.file("away"));
    fs::create_directory(dir.file());
    CHECK(open(dir.file()).settings->preferences.mode == SiteMode::off);  // uses the copy of the settings
    fs::remove(settings_copy_of(dir.file()));
    OpenedStore opened = open(dir.file());
    CHECK(opened.settings->preferences.mode == SiteMode::balanced);
    CHECK(opened.store->health().failing);
    fs::remove(dir.file());
    fs::rename(dir.file("away"), dir.file());
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] { return (found = opened.store->take_new_settings()) != nullptr; }));
    CHECK(found->preferences.mode == SiteMode::off);
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT operating_mode FROM user_preferences") == "off");
}

TEST_CASE("replaces a removed file from the settings copy") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    opened.store->record(event("before"));
    opened.store->save_rule_state("{\"v\":4}", noon, false);
    CHECK(holds_soon([&] { return count(dir.file(), "rule_state") == 1; }));
    {
        Connection owner = open_file(dir.file());
        must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
        REQUIRE(holds_soon([&] { return settings_copy_revision(dir.file()) == settings_revision(owner); }));
    }
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(dir.file() + part);
    CHECK(holds_soon([&] { return opened.store->health().restored && !opened.store->health().failing; }));
    opened.store->record(event("after"));
    CHECK(holds_soon([&] { return count(dir.file(), "events") == 1 && count(dir.file(), "rule_state") == 1; }));
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT voltage_low FROM user_preferences") == "47.5");
    REQUIRE(acknowledge_restore(dir.file(), built_in_migrations()).value() >= 1);
    CHECK(holds_soon([&] { return !opened.store->health().restored; }));
    opened.store->close(5s);
    CHECK_FALSE(open(dir.file()).store->health().restored);
}

TEST_CASE("a removed WAL loses nothing, and edits are noticed again") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    {
        Connection owner = open_file(dir.file());
        must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    }
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    for (const char* part : {"-wal", "-shm"}) fs::remove(dir.file() + part);
    CHECK(holds_soon([&] { return file_exists(dir.file() + "-wal") && !opened.store->health().failing; }));
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT voltage_low FROM user_preferences") == "47.5");
    while (opened.store->take_new_settings() != nullptr) {}
    must(db, "UPDATE user_preferences SET voltage_low = 47.6");
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] {
        if (auto settings = opened.store->take_new_settings()) found = settings;
        return found != nullptr && found->preferences.low == 4760_cV;
    }));
}

TEST_CASE("rewrites all settings if file and copies are removed") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    std::string before;
    const char* const everything =
        "SELECT (SELECT group_concat(voltage_low || operating_mode || created_at) FROM user_preferences) || (SELECT "
        "group_concat(name || coalesce(model, '') || coalesce(hashrate_ths, '') || start_voltage) FROM miner_profiles) || "
        "(SELECT group_concat(zone_name || zone_type || temp_too_hot) FROM hvac_zones) || (SELECT group_concat(email) FROM "
        "users)";
    std::int64_t revision = 0;
    {
        Connection owner = open_file(dir.file());
        must(owner,
             "UPDATE users SET email = 'owner@example.org'; UPDATE user_preferences SET voltage_low = 47.5, operating_mode = "
             "'off'; UPDATE miner_profiles SET start_voltage = 55, model = 'Another' WHERE slug = 'dump-load-s19-1'; DELETE "
             "FROM miner_profiles WHERE slug = 'primary-s21-revenue'; UPDATE hvac_zones SET zone_type = 'workshop'");
        before = owner.text(everything).value();
        revision = owner.number("SELECT revision FROM settings_revision").value();
    }
    std::shared_ptr<const Settings> seen;
    CHECK(holds_soon([&] {
        if (auto more = opened.store->take_new_settings()) seen = more;
        return seen != nullptr && seen->revision == revision;
    }));
    for (const auto& file : fs::directory_iterator(fs::path(dir.file()).parent_path())) fs::remove(file.path());
    CHECK(holds_soon([&] { return opened.store->health().restored && !opened.store->health().failing; }));
    CHECK(opened.store->health().text == "The file was lost while voltd ran: the settings in force were written to the new one.");
    CHECK(holds_soon([&] {
        if (auto more = opened.store->take_new_settings()) seen = more;
        return seen->revision > revision;
    }));
    CHECK((seen->preferences.mode == SiteMode::off && seen->miners.size() == 1 && seen->problems.empty()));
    {
        Connection db = open_file(dir.file());
        CHECK(db.text(everything) == before);
        CHECK(db.number("SELECT count(*) FROM database_restores WHERE acknowledged_at IS NULL") >= 1);
        must(db, "UPDATE user_preferences SET voltage_low = 47.6");
    }
    CHECK(holds_soon([&] {
        if (auto more = opened.store->take_new_settings()) seen = more;
        return seen->preferences.low == 4760_cV;
    }));
    opened.store->close(5s);
    const OpenedStore again = open(dir.file());
    CHECK(again.store->health().restored);
    CHECK(again.settings->preferences.low == 4760_cV);
}

TEST_CASE("settings in force win over copies for a broken file") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    {
        Connection owner = open_file(dir.file());
        must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    }
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    // An older copy of the settings is next to it; the file is replaced by garbage.
    CHECK(fs::exists(settings_copy_of(dir.file())));
    for (const char* part : {"-wal", "-shm"}) fs::remove(dir.file() + part);
    std::ofstream(dir.file("rubbish")) << std::string(20000, 'x');
    fs::rename(dir.file("rubbish"), dir.file());
    CHECK(holds_soon([&] { return opened.store->health().restored && !opened.store->health().failing; }));
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT voltage_low FROM user_preferences") == "47.5");
}

TEST_CASE("an older file gets the newer settings of the copy") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    const std::string older = dir.file("older.db");
    {
        Connection owner = open_file(dir.file());
        REQUIRE(copy_database_to(owner, older).ok());
        must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    }
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    for (const char* part : {"-wal", "-shm"}) fs::remove(dir.file() + part);
    fs::rename(older, dir.file());
    CHECK(holds_soon([&] { return opened.store->health().restored && !opened.store->health().failing; }));
    CHECK(opened.store->health().text.find("it was replaced by an older file") != std::string::npos);
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT voltage_low FROM user_preferences") == "47.5");
}

TEST_CASE("an older file without a copy keeps the settings in force") {
    TempDir dir;
    fs::create_directory(settings_copy_of(dir.file()) + ".tmp");  // no copy can be made here
    OpenedStore opened = open(dir.file());
    Store& store = *opened.store;
    const std::string older = dir.file("older.db");
    Connection owner = open_file(dir.file());
    REQUIRE(copy_database_to(owner, older).ok());
    must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    CHECK(holds_soon([&] { return store.take_new_settings() != nullptr; }));
    owner.close();
    for (const char* part : {"-wal", "-shm"}) fs::remove(dir.file() + part);
    fs::rename(older, dir.file());
    CHECK(holds_soon([&] { return store.health().restored && !store.health().failing; }));
    CHECK(store.health().text.find("keeps the settings in force from memory") != std::string::npos);
    CHECK(open_file(dir.file()).text("SELECT voltage_low FROM user_preferences") == "47.0");
    CHECK(store.take_new_settings() == nullptr);
}

TEST_CASE("restores settings from the copy after a lost WAL") {
    TempDir dir;
    {
        OpenedStore opened = open(dir.file());
        opened.store->close(5s);
    }
    const pid_t child = ::fork();
    if (child == 0) {
        OpenedStore opened = open(dir.file());
        Connection owner = open_file(dir.file());
        owner.execute("UPDATE user_preferences SET operating_mode = 'off'");
        const bool copied = holds_soon([&] { return settings_copy_revision(dir.file()) == settings_revision(owner); });
        ::kill(::getpid(), copied ? SIGKILL : SIGABRT);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    for (const char* part : {"-wal", "-shm"}) fs::remove(dir.file() + part);
    REQUIRE(open_file(dir.file()).text("SELECT operating_mode FROM user_preferences") == "balanced");  // otherwise nothing is
                                                                                                       // tested
    for (const char* part : {"-wal", "-shm"}) fs::remove(dir.file() + part);
    for (int start = 0; start < 2; ++start) {
        CAPTURE(start);
        OpenedStore opened = open(dir.file());
        CHECK(opened.settings->preferences.mode == SiteMode::off);
        CHECK(opened.store->health().restored);
        CHECK(holds_soon([&] { return opened.store->health().text.find("its WAL was lost") != std::string::npos; }));
        CHECK(opened.notes.size() == (start == 0 ? 1 : 0));
        opened.store->close(5s);
    }
    CHECK(open_file(dir.file()).number("SELECT count(*) FROM database_restores") == 1);
}

TEST_CASE("copies changing settings at once, then once per gap") {
    TempDir dir;
    StoreOptions options = quick();
    options.copy_gap = 3600s;
    Result<OpenedStore> opened = open_store(dir.file(), options);
    REQUIRE(opened.ok());
    Connection owner = open_file(dir.file());
    const auto change_to = [&](const char* low) {
        must(owner, (std::string("UPDATE user_preferences SET voltage_low = ") + low).c_str());
        CHECK(holds_soon([&] { return opened.value().store->take_new_settings() != nullptr; }));
        return settings_revision(owner);
    };
    const std::int64_t first = change_to("47.1");
    CHECK(holds_soon([&] { return settings_copy_revision(dir.file()) == first; }));
    const std::int64_t second = change_to("47.2");
    CHECK(settings_copy_revision(dir.file()) == first);
    opened.value().store->close(5s);
    CHECK(settings_copy_revision(dir.file()) == second);
}

TEST_CASE("reports edits lost with the WAL before they were copied") {
    TempDir dir;
    {
        OpenedStore opened = open(dir.file());
        opened.store->close(5s);
    }
    StoreOptions options = quick();
    options.copy_gap = 3600s;
    const pid_t child = ::fork();
    if (child == 0) {
        Result<OpenedStore> opened = open_store(dir.file(), options);
        Connection owner = open_file(dir.file());
        owner.execute("UPDATE user_preferences SET voltage_low = 47.1");
        bool done = holds_soon([&] { return settings_copy_revision(dir.file()) == settings_revision(owner); });
        owner.execute("PRAGMA wal_checkpoint(TRUNCATE); UPDATE user_preferences SET voltage_low = 47.2");
        done = done && holds_soon([&] { return noted_settings_revision(dir.file()) == settings_revision(owner); });
        ::kill(::getpid(), done ? SIGKILL : SIGABRT);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    fs::resize_file(dir.file() + "-wal", 0);
    for (int start = 0; start < 2; ++start) {
        OpenedStore opened = open(dir.file());
        CHECK(opened.settings->preferences.low == 4710_cV);
        CHECK(opened.store->health().restored);
        CHECK(opened.store->health().text.starts_with("The last edits of the settings were lost with the file's WAL"));
        opened.store->close(5s);
    }
    CHECK_FALSE(noted_settings_revision(dir.file()));
}

TEST_CASE("replaces and reports a file cut in half") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    {
        Connection owner = open_file(dir.file());
        must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    }
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    fs::resize_file(dir.file(), fs::file_size(dir.file()) / 2);
    CHECK(holds_soon([&] { return opened.store->health().restored && !opened.store->health().failing; }));
    Connection db = open_file(dir.file());
    CHECK(db.text("SELECT voltage_low FROM user_preferences") == "47.5");
    CHECK(db.text("PRAGMA quick_check") == "ok");
}

TEST_CASE("the file is complete after an orderly end") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    Connection owner = open_file(dir.file());
    must(owner, "UPDATE user_preferences SET voltage_low = 47.5");
    opened.store->close(5s);
    fs::copy_file(dir.file(), dir.file("alone"));
    CHECK(open_file(dir.file("alone")).text("SELECT voltage_low FROM user_preferences") == "47.5");
}

TEST_CASE("copies a mode at once, regardless of the gap") {
    TempDir dir;
    StoreOptions options = quick();
    options.copy_gap = 3600s;
    Result<OpenedStore> opened = open_store(dir.file(), options);
    REQUIRE(opened.ok());
    Connection owner = open_file(dir.file());
    const auto copied = [&] { return settings_copy_revision(dir.file()) == settings_revision(owner); };
    must(owner, "UPDATE user_preferences SET voltage_low = 47.1");
    REQUIRE(holds_soon(copied));
    SUBCASE("edited in the file") { must(owner, "UPDATE user_preferences SET operating_mode = 'off'"); }
    SUBCASE("set through the daemon") {
        opened.value().store->set_mode(SiteMode::off, "owner");
        REQUIRE(holds_soon([&] { return owner.text("SELECT operating_mode FROM user_preferences") == "off"; }));
    }
    CHECK(holds_soon(copied));
}

TEST_CASE("a broken file at start is restored, a refused one is not") {
    TempDir dir;
    { open(dir.file()).store->close(5s); }
    fs::resize_file(dir.file(), 5000);
    {
        OpenedStore opened = open(dir.file());
        CHECK(opened.store->health().restored);
        CHECK_FALSE(opened.store->health().failing);
        opened.store->close(5s);
    }
    {
        Connection db = open_file(dir.file());
        must(db, "UPDATE schema_migrations SET sha256 = 'x' WHERE number = 3");
    }
    const Result<OpenedStore> refused = open_store(dir.file());
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().fault == Fault::refused);
    CHECK(refused.failure().text.find("003_telemetry") != std::string::npos);
}

TEST_CASE("reports bad settings in notes and in new settings") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    Connection db = open_file(dir.file());
    must(db,
         "PRAGMA ignore_check_constraints = ON; UPDATE miner_profiles SET priority_level = 77 WHERE slug = "
         "'dump-load-s19-1'");
    std::shared_ptr<const Settings> found;
    CHECK(holds_soon([&] { return (found = opened.store->take_new_settings()) != nullptr; }));
    REQUIRE(found->problems.size() == 1);
    CHECK(found->problems[0].find("priority_level is 77; need 1..10; using the last good row") != std::string::npos);
    opened.store->close(5s);
    OpenedStore again = open(dir.file());
    REQUIRE(again.notes.size() == 1);
    CHECK(again.notes[0].find("or the default one") != std::string::npos);
}

TEST_CASE("counts an invalid row and continues with the next") {
    TempDir dir;
    OpenedStore opened = open(dir.file());
    EventRow bad = event("bad");
    bad.level = "shouting";
    opened.store->record(bad);
    opened.store->record(event("good"));
    CHECK(holds_soon([&] { return count(dir.file(), "events") == 1; }));
    CHECK(holds_soon([&] { return opened.store->health().dropped == 1; }));
    CHECK_FALSE(opened.store->health().failing);
}

TEST_CASE("close keeps its limit while another holds the lock") {
    TempDir dir;
    StoreOptions options = quick();
    options.database.busy_ms = 3000;
    OpenedStore opened = open(dir.file(), options);
    Connection tool = open_file(dir.file());
    must(tool, "BEGIN IMMEDIATE");
    opened.store->record(event("late"));
    const auto begun = std::chrono::steady_clock::now();
    opened.store->close(200ms);
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
    must(tool, "ROLLBACK");
    // The abandoned thread ends by itself; the directory waits for it.
    CHECK(holds_soon([&] { return count(dir.file(), "events") == 1; }));
    CHECK(holds_soon(
        [&] { return !file_exists(dir.file("voltd.db-wal")) || tool.execute("PRAGMA wal_checkpoint(TRUNCATE)").ok(); }));
}
