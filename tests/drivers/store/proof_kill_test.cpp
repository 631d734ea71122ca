// kill -9 at random moments, and at each statement: in settings changes, telemetry, migrations, rescues and restores. Each time
// the files open, are sound, and have the old or the new state, never one in between.
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/schema/difference.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/proof.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace proof_kill_test {

namespace {

constexpr Utc noon{1'750'507'200'000};

/// A child that does `work` and ends by kill -9, `after_us` from its start or from its first report.
class Child {
public:
    /// Reports a number to the parent; passed to `work`.
    using Tell = std::function<void(std::uint64_t)>;
    explicit Child(const std::function<void(const Tell&)>& work) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::close(ends[0]);
            work([&](std::uint64_t number) {
                if (::write(ends[1], &number, sizeof number) != static_cast<ssize_t>(sizeof number)) ::_exit(4);
            });
            ::_exit(0);
        }
        ::close(ends[1]);
        pipe_ = ends[0];
    }
    /// Kills after `us`, counted from the first number if `from_first_word`. Returns the last number, and if it was killed.
    std::uint64_t kill_after(std::uint64_t us, bool from_first_word) {
        std::uint64_t told = 0, number = 0;
        if (from_first_word && ::read(pipe_, &number, sizeof number) == static_cast<ssize_t>(sizeof number)) told = number;
        ::usleep(static_cast<useconds_t>(us));
        ::kill(pid_, SIGKILL);
        while (::read(pipe_, &number, sizeof number) == static_cast<ssize_t>(sizeof number)) told = number;
        ::close(pipe_);
        ::waitpid(pid_, &status_, 0);
        return told;
    }
    /// Waits for its own end.
    void wait() {
        ::close(pipe_);
        ::waitpid(pid_, &status_, 0);
    }
    bool was_killed() const { return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL; }
    int code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

private:
    pid_t pid_ = -1;
    int pipe_ = -1, status_ = 0;
};

StoreOptions busy() {
    StoreOptions options;
    options.check_every = 1ms;
    options.batch = 5ms;
    options.polling = 5ms;
    options.gather = 1ms;
    options.retention.raw = 2h;
    return options;
}

std::int64_t number(Connection& db, const std::string& sql) {
    const auto found = db.number(sql);
    REQUIRE_MESSAGE(found.has_value(), sql, ": ", db.status().text);
    return *found;
}

void check_sound(Connection& db) {
    CHECK(db.text("PRAGMA integrity_check") == "ok");
    const auto complaints = verify(db, built_in_migrations());
    REQUIRE_MESSAGE(complaints.ok(), (complaints ? "" : complaints.failure().text));
    for (const std::string& complaint : complaints.value()) FAIL_CHECK(complaint);
}

/// Returns the owner's edit number `n`: two rows of two tables that belong together.
std::int64_t centivolts(std::uint64_t n) { return 4600 + static_cast<std::int64_t>(n % 89); }

void edit_settings_for_ever(const std::string& path, std::uint64_t from, const Child::Tell& tell) {
    Result<OpenedStore> opened = open_store(path, busy());
    if (!opened || opened.value().store->health().failing) ::_exit(3);
    Result<Connection> owner = Connection::open(path, OpenMode::read_write);
    if (!owner) ::_exit(3);
    owner.value().busy_timeout(5000);
    for (std::uint64_t n = from;; ++n) {
        const std::string volts = std::to_string(centivolts(n)) + " / 100.0";
        const SqlStatus done = owner.value().execute("BEGIN IMMEDIATE; UPDATE user_preferences SET voltage_low = " + volts +
                                                     "; UPDATE miner_profiles SET stop_voltage = " + volts +
                                                     " WHERE slug = 'primary-s21-revenue'; COMMIT");
        if (!done.ok()) ::_exit(5);
        opened.value().store->set_mode(n % 2 == 0 ? SiteMode::off : SiteMode::balanced, "owner");
        tell(n);
        ::usleep(static_cast<useconds_t>(n % 7 * 300));  // some commits follow at once, some let the writer in
    }
}

void check_pair(Connection& db, std::uint64_t told) {
    const std::int64_t low = number(db, "SELECT CAST(round(voltage_low * 100) AS INTEGER) FROM user_preferences");
    CHECK(low == number(db, "SELECT CAST(round(stop_voltage * 100) AS INTEGER) FROM miner_profiles WHERE id LIKE 'd%1'"));
    const bool old_or_new = low == centivolts(told) || low == centivolts(told + 1);
    CHECK_MESSAGE(old_or_new, low, " after edit ", told);
}

/// Records telemetry 40 s apart, so that roll-up and retention run often, and reports the number of rows written.
void record_for_ever(const std::string& path, std::uint64_t from, const Child::Tell& tell) {
    Result<OpenedStore> opened = open_store(path, busy());
    if (!opened || opened.value().store->health().failing) ::_exit(3);
    Store& store = *opened.value().store;
    std::uint64_t told = 0;
    for (std::uint64_t n = from;; ++n) {
        const Utc at = noon + static_cast<std::int64_t>(n) * 40s;
        for (const char* name : {"victron.system", "victron.battery", "sol_ark"}) {
            SourceReading reading;
            reading.name = name;
            reading.voltage = Volts{5000 + static_cast<std::int64_t>(n % 100)};
            store.record(reading, at);
        }
        SourceHealth health;
        health.name = "sol_ark";
        health.state = n % 50 < 25 ? SourceState::ok : SourceState::failing;
        store.record(health, at);
        store.metric("loop_ms", 3, at);
        if (n % 10 == 0) store.record(EventRow{at, "info", "n", std::to_string(n), "event", ""});
        ::usleep(300);
        if (const std::uint64_t written = store.health().rows_written; written != told) tell(told = written);
    }
}

/// Returns the file of a database at `version` with rows of the owner, as bytes.
std::string old_database(const std::string& path, std::size_t version) {
    const auto& all = built_in_migrations();
    Connection db = open_file(path);
    must(db, "PRAGMA journal_mode = WAL");
    REQUIRE(migrate(db, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(version)}).ok());
    if (version >= 2) must(db, "UPDATE user_preferences SET voltage_low = 47.77");
    if (version >= 4)
        must(db,
             "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO events "
             "(at, level, kind, message) SELECT i, 'info', 'x', 'something that takes some room' FROM n");
    must(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    return bytes_of(path);
}

std::string schema_text(Connection& db) {
    std::string text;
    for (const SchemaObject& it : schema_of(db)) text += it.type + " " + it.name + " " + it.sql + "\n";
    return text;
}

/// Checks a migration from `version` to the latest that was interrupted: the schema is one of the versions in between, complete,
/// with the same record, and the next start completes it, with all the owner's data.
void check_migrated(const std::string& path, std::size_t version, const std::vector<std::string>& schemas) {
    {
        Connection db = open_file(path, OpenMode::read_write);
        CHECK(db.text("PRAGMA integrity_check") == "ok");
        const Result<SchemaStatus> status = schema_status(db, built_in_migrations());
        REQUIRE_MESSAGE(status.ok(), (status ? "" : status.failure().text));
        const auto at = static_cast<std::size_t>(status.value().version);
        CHECK(at >= version);
        CHECK(schema_text(db) == schemas.at(at));
    }
    Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
    Connection& db = opened.value().connection;
    CHECK_FALSE(opened.value().restored);
    CHECK(schema_text(db) == schemas.back());
    check_sound(db);
    if (version >= 2) CHECK(number(db, "SELECT CAST(round(voltage_low * 100) AS INTEGER) FROM user_preferences") == 4777);
    if (version >= 4) CHECK(number(db, "SELECT count(*) FROM events") == 2001);
    for (const std::string& file : files_beside(path, ".copy-")) CHECK(file.ends_with("Z"));
    for (const std::string& copy : copies_of(path)) {
        Connection whole = open_file(copy, OpenMode::read_only);
        CHECK(whole.text("PRAGMA integrity_check") == "ok");
    }
}

std::vector<std::string> schemas_of_versions() {
    Connection db = open_file(":memory:");
    std::vector<std::string> schemas{""};
    const auto& all = built_in_migrations();
    for (auto end = all.begin() + 1; end <= all.end(); ++end) {
        REQUIRE(migrate(db, {all.begin(), end}).ok());
        schemas.push_back(schema_text(db));
    }
    return schemas;
}

void clear(const std::string& path) {
    for (const std::string& file : files_beside(path, "")) remove_file(file);
}

void open_once(const std::string& path) {
    if (!open_database(path, built_in_migrations(), {})) ::_exit(3);
}

/// Returns the duration of `work` in a separate child, in us.
std::uint64_t time_of(const std::function<void()>& work) {
    const auto begun = std::chrono::steady_clock::now();
    Child child([&](const Child::Tell&) { work(); });
    child.wait();
    CHECK(child.code() == 0);
    return static_cast<std::uint64_t>((std::chrono::steady_clock::now() - begun) / std::chrono::microseconds{1});
}

// Counts statements on every connection, and ends the process at one of them.
std::uint64_t statements = 0, last_statement = 0;

int count_statement(unsigned, void*, void*, void*) {
    if (++statements == last_statement) ::raise(SIGKILL);
    return 0;
}

int watch_connection(sqlite3* db, char**, const struct sqlite3_api_routines*) {
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_statement, nullptr);
    return SQLITE_OK;
}

void watch_statements(std::uint64_t last) {
    statements = 0;
    last_statement = last;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_connection));
}

}  // namespace

TEST_CASE("survives kill -9 in changes of settings") {
    TempDir dir;
    Dice dice;
    INFO("VOLT_SEED=", dice.seed);
    std::uint64_t n = 0;
    const int all = rounds(8, 350);
    for (int round = 0; round < all; ++round) {
        CAPTURE(round);
        Child child([&](const Child::Tell& tell) { edit_settings_for_ever(dir.file(), n + 1, tell); });
        n = child.kill_after(dice.below(20'000), true);
        REQUIRE(child.was_killed());
        Connection db = open_file(dir.file(), OpenMode::read_write);
        check_sound(db);
        check_pair(db, n);
        // One row of history for each changed row, with the values after it.
        CHECK(number(db, "SELECT count(*) FROM settings_history WHERE json_valid(after) = 0") == 0);
        if (file_exists(settings_copy_of(dir.file()))) {
            Connection copy = open_file(settings_copy_of(dir.file()), OpenMode::read_only);
            CHECK(copy.text("PRAGMA integrity_check") == "ok");
            CHECK(number(copy,
                         "SELECT count(*) FROM user_preferences p, miner_profiles m WHERE m.id LIKE 'd%1' AND "
                         "(p.voltage_low = m.stop_voltage OR p.voltage_low = 47)") == 1);
        }
        if (number(db, "SELECT CAST(round(voltage_low * 100) AS INTEGER) FROM user_preferences") == centivolts(n + 1)) ++n;
    }
    MESSAGE(all, " kills in ", n, " changes of settings");
}

TEST_CASE("survives kill -9 in telemetry, roll-up and retention") {
    TempDir dir;
    Dice dice;
    INFO("VOLT_SEED=", dice.seed);
    std::uint64_t written = 0;
    const int all = rounds(6, 250);
    for (int round = 0; round < all; ++round) {
        CAPTURE(round);
        const std::uint64_t from = static_cast<std::uint64_t>(round) * 10'000;
        Child child([&](const Child::Tell& tell) { record_for_ever(dir.file(), from, tell); });
        const std::uint64_t told = child.kill_after(dice.below(60'000), true);
        REQUIRE(child.was_killed());
        written += told;
        Connection db = open_file(dir.file(), OpenMode::read_write);
        check_sound(db);
        // A rolled-up minute is complete: every raw row before the last one has its minute.
        CHECK(number(db,
                     "SELECT count(*) FROM victron_battery_readings WHERE id < (SELECT max(id) FROM "
                     "victron_battery_minutes) AND id / 15360 * 15360 + id % 256 NOT IN (SELECT id FROM "
                     "victron_battery_minutes)") == 0);
        CHECK(number(db, "SELECT count(*) FROM victron_battery_readings WHERE voltage IS NULL") == 0);
    }
    MESSAGE(all, " kills in ", written, " rows told as written");
}

TEST_CASE("survives kill -9 in migrations") {
    TempDir dir;
    Dice dice;
    INFO("VOLT_SEED=", dice.seed);
    const auto schemas = schemas_of_versions();
    std::vector<std::string> old{""};
    for (std::size_t version = 1; version <= 4; ++version)
        old.push_back(old_database(dir.file("old" + std::to_string(version)), version));
    const std::uint64_t takes = time_of([&] { open_once(dir.file("timed.db")); });
    const int all = rounds(10, 250);
    int cut = 0;
    for (int round = 0; round < all; ++round) {
        const std::size_t version = dice.below(5);
        CAPTURE(round);
        CAPTURE(version);
        clear(dir.file());
        if (version > 0) put_bytes(dir.file(), old[version]);
        Child child([&](const Child::Tell&) { open_once(dir.file()); });
        child.kill_after(dice.below(takes * 11 / 10), false);
        cut += child.was_killed() ? 1 : 0;
        REQUIRE((child.was_killed() || child.code() == 0));
        if (file_size(dir.file()) == 0 && version == 0) continue;
        check_migrated(dir.file(), version, schemas);
    }
    CHECK(cut > 0);
    MESSAGE(cut, " of ", all, " migrations were cut, each within ", takes, " us");
}

TEST_CASE("survives a cut at each statement of a migration") {
    TempDir dir;
    const auto schemas = schemas_of_versions();
    std::uint64_t cuts = 0;
    for (const std::size_t version : {std::size_t{0}, std::size_t{4}}) {
        const std::string old = version > 0 ? old_database(dir.file("old"), version) : "";
        const auto run = [&](std::uint64_t last) {
            clear(dir.file());
            if (version > 0) put_bytes(dir.file(), old);
            Child child([&](const Child::Tell&) {
                watch_statements(last);
                open_once(dir.file());
            });
            child.wait();
            return child;
        };
        const std::uint64_t stride = long_run() ? 1U : 53U;
        std::uint64_t n = 1;
        for (;; n += stride) {
            CAPTURE(version);
            CAPTURE(n);
            const Child child = run(n);
            if (!child.was_killed()) {
                CHECK(child.code() == 0);
                break;
            }
            ++cuts;
            if (file_size(dir.file()) > 0) check_migrated(dir.file(), version, schemas);
        }
        CHECK(n > 53);
    }
    MESSAGE(cuts, " cuts");
}

TEST_CASE("survives kill -9 in a rescue with the owner's settings") {
    TempDir dir;
    Dice dice;
    INFO("VOLT_SEED=", dice.seed);
    {
        Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
        REQUIRE(opened.ok());
        must(opened.value().connection, "UPDATE user_preferences SET voltage_low = 47.77");
        REQUIRE(write_settings_copy(opened.value().connection, dir.file()).ok());
    }
    const std::string copy = bytes_of(settings_copy_of(dir.file()));
    const auto break_it = [&] {
        clear(dir.file());
        put_bytes(dir.file(), std::string(20'000, 'x'));
        put_bytes(settings_copy_of(dir.file()), copy);
    };
    break_it();
    const std::uint64_t takes = time_of([&] { open_once(dir.file()); });
    const int all = rounds(5, 75);
    int cut = 0;
    for (int round = 0; round < all; ++round) {
        CAPTURE(round);
        break_it();
        Child child([&](const Child::Tell&) { open_once(dir.file()); });
        child.kill_after(dice.below(takes * 11 / 10), false);
        cut += child.was_killed() ? 1 : 0;
        Result<OpenedDatabase> opened = open_database(dir.file(), built_in_migrations(), {});
        REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
        CHECK(opened.value().restored);
        check_sound(opened.value().connection);
        CHECK(number(opened.value().connection, "SELECT CAST(round(voltage_low * 100) AS INTEGER) FROM user_preferences") ==
              4777);
        CHECK_FALSE(aside_of(dir.file()).empty());
    }
    CHECK(cut > 0);
}

TEST_CASE("survives kill -9 in a restore with either database") {
    TempDir dir;
    Dice dice;
    INFO("VOLT_SEED=", dice.seed);
    const auto& all_migrations = built_in_migrations();
    {
        Result<OpenedDatabase> opened = open_database(dir.file(), all_migrations, {});
        REQUIRE(opened.ok());
        must(opened.value().connection, "UPDATE user_preferences SET voltage_low = 46.5");
        REQUIRE(back_up_database(dir.file(), all_migrations, dir.file("backup"), false).ok());
        must(opened.value().connection, "UPDATE user_preferences SET voltage_low = 47.77");
    }
    const std::string before = bytes_of(dir.file());
    const auto put_back = [&] {
        clear(dir.file());
        put_bytes(dir.file(), before);
    };
    const auto restore = [&] {
        if (!restore_database(dir.file(), all_migrations, dir.file("backup"))) ::_exit(3);
    };
    put_back();
    const std::uint64_t takes = time_of(restore);
    const int all = rounds(5, 75);
    int restored = 0;
    for (int round = 0; round < all; ++round) {
        CAPTURE(round);
        put_back();
        Child child([&](const Child::Tell&) { restore(); });
        child.kill_after(dice.below(takes * 11 / 10), false);
        Result<OpenedDatabase> opened = open_database(dir.file(), all_migrations, {});
        REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.failure().text));
        CHECK_FALSE(opened.value().restored);
        check_sound(opened.value().connection);
        const std::int64_t low =
            number(opened.value().connection, "SELECT CAST(round(voltage_low * 100) AS INTEGER) FROM user_preferences");
        CHECK((low == 4650 || low == 4777));
        restored += low == 4650 ? 1 : 0;
    }
    MESSAGE(restored, " of ", all, " were restored before the kill");
}

}  // namespace proof_kill_test
