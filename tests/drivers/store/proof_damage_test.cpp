// Every file of the database, truncated and damaged in many places: voltd starts, reports the damage, and never uses defaults if
// a good copy of the settings exists.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/proof.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace {

constexpr Utc noon{1'750'507'200'000};

StoreOptions quick() {
    StoreOptions options;
    options.check_every = 1ms;
    options.gather = 0ms;
    options.first_retry = 5ms;
    options.longest_retry = 20ms;
    options.database.busy_ms = 100;
    return options;
}

/// Files of a voltd that was killed: the owner's `low` is everywhere, the newest edit (`restart`) in the WAL and the copy of the
/// settings, history in the file, a whole copy next to.
using Files = std::map<std::string, std::string>;

void leave_behind(const std::string& path) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        Result<OpenedDatabase> opened = open_database(path, built_in_migrations(), {});
        if (!opened) ::_exit(3);
        Connection& db = opened.value().connection;
        const bool done =
            db.execute(
                  "UPDATE user_preferences SET voltage_low = 47.77; WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT "
                  "i + 1 FROM n WHERE i < 800) INSERT INTO events (at, level, kind, message) SELECT i, 'info', 'x', "
                  "'something that takes some room' FROM n; PRAGMA wal_checkpoint(TRUNCATE)")
                .ok() &&
            copy_database(db, path).ok() && db.execute("UPDATE user_preferences SET voltage_restart = 49.99").ok() &&
            write_settings_copy(db, path).ok();
        if (done) ::raise(SIGKILL);
        ::_exit(4);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
}

Files read_all(const std::string& path) {
    Files files;
    for (const std::string& file : files_beside(path, "")) files[file] = bytes_of(file);
    return files;
}

void put_back(const std::string& path, const Files& files) {
    for (const std::string& file : files_beside(path, "")) remove_file(file);
    for (const auto& [name, bytes] : files) put_bytes(name, bytes);
}

struct Count {
    int cases = 0, restored = 0, told = 0, refused = 0, silent = 0;
};

std::string text_of(const Count& count) {
    return std::to_string(count.cases) + " cases: " + std::to_string(count.restored) + " restored, " +
           std::to_string(count.told) + " with bad rows told, " + std::to_string(count.refused) + " refused, " +
           std::to_string(count.silent) + " not to be seen";
}

/// Starts on damaged files. `content`: bytes within rows may have changed, which SQLite cannot notice. `copy`: the copy of the
/// settings is damaged, so it cannot show the file's expected content.
void start(const std::string& path, bool content, bool copy, Count& count) {
    ++count.cases;
    Result<OpenedStore> opened = open_store(path, quick());
    if (!opened) {
        // A changed record of migrations: voltd must not touch it, and must report it.
        CHECK(content);
        CHECK(opened.failure().fault == Fault::refused);
        CHECK(opened.failure().text.size() > 40);
        ++count.refused;
        return;
    }
    OpenedStore& store = opened.value();
    const bool restored = store.store->health().restored;
    const Preferences& now = store.settings->preferences;
    if (restored) {
        ++count.restored;
        CHECK_FALSE(store.notes.empty());
    } else if (!store.settings->problems.empty()) {
        ++count.told;
    } else if (now.low != 4777_cV || now.restart != 4999_cV) {
        ++count.silent;
    }
    if (!content) CHECK((now.low == 4777_cV && (now.restart == 4999_cV || copy)));
    store.store->record(EventRow{noon, "info", "after", "", "after", ""});
    CHECK(holds_soon([&] { return store.store->health().rows_written > 0; }));
    store.store->close(5s);
    Result<OpenedStore> again = open_store(path, quick());
    REQUIRE_MESSAGE(again.ok(), (again ? "" : again.failure().text));
    CHECK(again.value().store->health().restored == restored);
    if (!content) CHECK(again.value().settings->preferences.low == 4777_cV);
}

enum class Harm { cut, zeros, noise, flip };

std::string harmed(std::string bytes, std::size_t at, Harm harm, Dice& dice) {
    switch (harm) {
        case Harm::cut: bytes.resize(at); break;
        case Harm::zeros: bytes.replace(at, 512, std::string(std::min<std::size_t>(512, bytes.size() - at), '\0')); break;
        case Harm::noise:
            for (std::size_t i = at; i < bytes.size() && i < at + 64; ++i) bytes[i] = static_cast<char>(dice.below(256));
            break;
        case Harm::flip: bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.below(8))); break;
    }
    return bytes;
}

}  // namespace

TEST_CASE("starts on every file truncated or damaged anywhere") {
    TempDir dir;
    leave_behind(dir.file());
    const Files whole = read_all(dir.file());
    REQUIRE(whole.size() == 5);  // database, WAL, shared memory, copy of the settings, whole copy
    Dice dice;
    INFO("VOLT_SEED=", dice.seed);
    const Harm harms[] = {Harm::cut, Harm::zeros, Harm::noise, Harm::flip};
    const int places = rounds(3, 250);
    for (const auto& [name, bytes] : whole) {
        Count count;
        for (const Harm harm : harms)
            for (int place = 0; place < places; ++place) {
                // Evenly spread, the first always at the very start, not always at a page boundary.
                const std::size_t step = bytes.size() / static_cast<std::size_t>(places);
                const std::size_t at = place == 0 ? 0 : static_cast<std::size_t>(place) * step + dice.below(step);
                const std::string file = name;
                CAPTURE(file);
                CAPTURE(static_cast<int>(harm));
                CAPTURE(at);
                put_back(dir.file(), whole);
                put_bytes(name, harmed(bytes, at, harm, dice));
                start(dir.file(), name == dir.file() && harm != Harm::cut, name == settings_copy_of(dir.file()), count);
            }
        MESSAGE(name.substr(dir.file().size() - 8), ": ", text_of(count));
        if (name == dir.file()) CHECK(count.restored >= places);
        if (name.ends_with(".settings") || name.ends_with("Z")) CHECK(count.restored == 0);
    }
}

TEST_CASE("database and one copy broken: uses the other copy") {
    TempDir dir;
    leave_behind(dir.file());
    const Files whole = read_all(dir.file());
    for (const auto& [name, bytes] : whole) {
        if (!name.ends_with(".settings") && !name.ends_with("Z")) continue;
        for (const std::size_t left : {std::size_t{0}, std::size_t{100}, std::size_t{4096}, bytes.size() / 2}) {
            const std::string file = name;
            CAPTURE(file);
            CAPTURE(left);
            put_back(dir.file(), whole);
            put_bytes(dir.file(), std::string(8192, 'x'));
            put_bytes(name, bytes.substr(0, left));
            Result<OpenedStore> opened = open_store(dir.file(), quick());
            REQUIRE(opened.ok());
            CHECK(opened.value().store->health().restored);
            CHECK(opened.value().settings->preferences.low == 4777_cV);
            // The broken file is kept with its WAL.
            const auto aside = aside_of(dir.file());
            REQUIRE(aside.size() == 1);
            CHECK(file_exists(aside.front() + "-wal"));
        }
    }
}
