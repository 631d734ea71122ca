// Power cuts at any moment, failed allocations, a stalled card: settings are old or new and never half, and only the writer
// waits.
#include <cstdlib>

#include "drivers/store/recovery/database.hpp"
#include "drivers/store/settings/log.hpp"
#include "drivers/store/settings/sum.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/settings_fixture.hpp"
#include "tests/drivers/store/shim_vfs.hpp"

using namespace volt;
using namespace volt::test;

namespace {

bool thorough() { return std::getenv("VOLT_STORE_LONG") != nullptr; }

Edit<Edited> set_low(Connection& db, int hundredths) {
    return change_record(db, SettingsTable::preferences, "", {{"voltage_low", 45.5 + hundredths / 100.0}}, by_test);
}

std::int64_t low_of(Connection& db) {
    return db.number("SELECT CAST(round(voltage_low * 100) AS INTEGER) - 4550 FROM user_preferences").value_or(-1);
}

// Memory for SQLite that fails once, at the N-th request.
sqlite3_mem_methods plain_memory;
std::uint64_t requests = 0, refused_at = 0;

void* give(int bytes) { return ++requests == refused_at ? nullptr : plain_memory.xMalloc(bytes); }
void* give_again(void* old, int bytes) { return ++requests == refused_at ? nullptr : plain_memory.xRealloc(old, bytes); }

/// Makes SQLite's memory fail while it exists. No connection may be open when it starts or ends.
struct ScarceMemory {
    ScarceMemory() {
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain_memory);
        sqlite3_mem_methods scarce = plain_memory;
        scarce.xMalloc = give;
        scarce.xRealloc = give_again;
        sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce);
        sqlite3_initialize();
    }
    ~ScarceMemory() {
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_MALLOC, &plain_memory);
        sqlite3_initialize();
    }
};

/// Runs once with memory for `n` - 1 requests. Returns true if one failed.
bool live_with(const std::string& path, std::uint64_t n, int low) {
    requests = 0;
    refused_at = n;
    {
        Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
        if (opened) {
            Connection& db = opened.value().connection;
            read_checked_settings(db, {});
            set_low(db, low);
            Writer writer(path, StoreOptions{}, std::make_shared<const Settings>());
            writer.adopt(std::move(opened.value()));
            writer.queue().put(HistoryRow(EventRow{Utc{1}, "info", "x", "", "x", ""}));
            writer.queue().close();
            writer.run();
        }
    }
    refused_at = 0;
    return requests >= n;
}

}  // namespace

TEST_CASE("a power cut keeps saved settings whole") {
    std::mt19937 dice(5);
    TempDir dir;
    ShimVfs shim;
    Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
    REQUIRE(opened.ok());
    Connection& db = opened.value().connection;
    const int edits = thorough() ? 2000 : 30;
    for (int n = 1; n <= edits; ++n) {
        const int before = n - 1, low = n % 100;
        // Telemetry and history in between, and a checkpoint now and then.
        must(db,
             "INSERT INTO events (at, level, kind, message) VALUES (" + std::to_string(n) + ", 'info', 'x', 'some words of it')");
        if (n % 7 == 0) must(db, "PRAGMA wal_checkpoint(PASSIVE)");
        if (n % 2 == 0) {
            REQUIRE(set_low(db, low).ok());
        } else {
            // in the middle of an edit
            must(db, "BEGIN IMMEDIATE; UPDATE user_preferences SET voltage_low = " + std::to_string(45.5 + low / 100.0));
        }
        TempDir after;
        shim.cut(dir.file(), directory_of(after.file()), dice);
        if (n % 2 != 0) must(db, "COMMIT");
        Result<OpenedDatabase> again = open_database(after.file(), built_in_migrations(), {});
        REQUIRE_MESSAGE(again.ok(), (again ? "" : again.failure().text));
        Connection& found = again.value().connection;
        CAPTURE(n);
        CHECK_FALSE(again.value().restored);
        CHECK(found.text("PRAGMA integrity_check") == "ok");
        const Result<CheckedSettings> settings = read_checked_settings(found, {});
        REQUIRE(settings.ok());
        CHECK(settings.value().damage.empty());
        // A commit is durable before it is answered. The interrupted one has no effect.
        CHECK(low_of(found) == (n % 2 == 0 ? low : n == 1 ? 150 : before % 100));
    }
}

TEST_CASE("settings are old or new after any failed allocation") {
    ScarceMemory memory;
    TempDir dir;
    {
        Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
        REQUIRE(opened.ok());
        REQUIRE(set_low(opened.value().connection, 1).ok());
    }
    CHECK_FALSE(live_with(dir.file(), ~std::uint64_t{0}, 2));
    const std::uint64_t all = requests, lives = thorough() ? all : 40;
    std::mt19937 dice(3);
    int low = 2;
    for (std::uint64_t life = 1; life <= lives; ++life) {
        // The first ones, which begin the most, and some of all others.
        const std::uint64_t n = thorough() || life <= 10 ? life : 1 + dice() % all;
        const int before = low, wanted = before == 1 ? 2 : 1;
        live_with(dir.file(), n, wanted);
        Connection db = open_file(dir.file());
        CAPTURE(n);
        low = static_cast<int>(low_of(db));
        CHECK((low == before || low == wanted));
        CHECK(db.text("SELECT who || coalesce(change, '') FROM settings_revision") == "");
    }
    CHECK(files_beside(dir.file(), ".broken-").empty());
    const int last = low == 1 ? 2 : 1;
    CHECK_FALSE(live_with(dir.file(), ~std::uint64_t{0}, last));
    Connection db = open_file(dir.file());
    CHECK(low_of(db) == last);
    CHECK(db.text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("only the writer waits for a stalled card") {
    TempDir dir;
    ShimVfs shim;
    StoreOptions options;
    options.stalled = 50ms;
    options.queue = options.history_rows = 100;
    auto opened = open_store(dir.file(), options);
    REQUIRE(opened.ok());
    Store& store = *opened.value().store;
    CHECK(holds_soon([&] { return store.health().queued == 0; }));
    shim.stalled = true;
    for (int i = 0; i < 1000; ++i) store.record(EventRow{Utc{i}, "info", "x", "", "x", ""});
    CHECK(holds_soon([&] { return store.health().failing; }));
    for (int i = 0; i < 1000; ++i) store.record(EventRow{Utc{i}, "info", "x", "", "x", ""});
    const StoreHealth health = store.health();
    CHECK(health.text.find("does not finish") != std::string::npos);
    CHECK(health.queued <= 200);
    CHECK(health.dropped >= 800);  // rows that came during the stall; how many of the first ones were written depends on the
                                   // machine
    shim.stalled = false;
    CHECK(holds_soon([&] { return !store.health().failing && store.health().queued == 0; }));
    store.close(20s);
}
