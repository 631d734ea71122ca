// kill -9 in the middle of writing: the file opens, is sound, and has every row that was reported as written.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;

namespace kill_test {

namespace {

constexpr Utc noon{1'750'507'200'000};

/// Runs in the child: writes events, readings, modes and rule state without end, and reports written rows over the pipe.
[[noreturn]] void write_for_ever(const std::string& path, const std::string& kind, int pipe) {
    StoreOptions options;
    options.check_every = 1ms;
    options.batch = 5ms;
    options.polling = 5ms;
    Result<OpenedStore> opened = open_store(path, options);
    if (!opened || opened.value().store->health().failing) _exit(3);
    Store& store = *opened.value().store;
    for (std::uint64_t told = 0, i = 0;; ++i) {
        store.record(EventRow{noon, "info", kind, "", std::string(500, 'e'), ""});
        SourceReading reading;
        reading.name = "victron.battery";
        reading.voltage = Volts{5000 + static_cast<std::int64_t>(i % 100)};
        store.record(reading, noon + i * 10s);
        store.save_rule_state("{\"n\":" + std::to_string(i) + "}", noon, false);
        if (i % 20 == 0) store.set_mode(i % 40 == 0 ? SiteMode::off : SiteMode::balanced, "owner");
        ::usleep(200);
        const std::uint64_t written = store.health().rows_written;
        if (written == told) continue;
        told = written;
        if (::write(pipe, &told, sizeof told) != static_cast<ssize_t>(sizeof told)) _exit(4);
    }
}

/// Reads the child's reports until `rows`, kills it, and reads the rest. Returns the last number, or 0 if it ended by itself.
std::uint64_t kill_after(pid_t child, int pipe, std::uint64_t rows) {
    std::uint64_t told = 0, number = 0;
    while (told < rows && ::read(pipe, &number, sizeof number) == static_cast<ssize_t>(sizeof number)) told = number;
    ::kill(child, SIGKILL);
    while (::read(pipe, &number, sizeof number) == static_cast<ssize_t>(sizeof number)) told = number;
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? told : 0;
}

}  // namespace

TEST_CASE("loses no reported row in thirty kill -9") {
    TempDir dir;
    std::int64_t before = 0;
    for (std::uint64_t round = 0; round < 30; ++round) {
        const std::string kind = "round " + std::to_string(round);
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            write_for_ever(dir.file(), kind, ends[1]);
        }
        ::close(ends[1]);
        const std::uint64_t told = kill_after(child, ends[0], 1 + round * 4);
        ::close(ends[0]);
        CAPTURE(round);
        REQUIRE(told > 0);
        Connection db = open_file(dir.file(), OpenMode::read_write);
        CHECK(db.text("PRAGMA quick_check") == "ok");
        CHECK(verify(db, built_in_migrations()).value().empty());
        // A turn of the child is an event, then at most one reading and one rule state. It reports after the commit.
        const std::int64_t events = db.number("SELECT count(*) FROM events WHERE kind = " + sql_quoted(kind)).value();
        CHECK(events * 3 >= static_cast<std::int64_t>(told));
        // The rule state of a turn is never in the file before its event.
        CHECK(events > db.number("SELECT json_extract(state, '$.n') FROM rule_state").value());
        const std::int64_t all = db.number("SELECT count(*) FROM events").value();
        CHECK(all == before + events);
        before = all;
    }
    Result<OpenedStore> last = open_store(dir.file(), {});
    REQUIRE(last.ok());
    CHECK_FALSE(last.value().store->health().restored);
    CHECK(last.value().rule_state.has_value());
}

}  // namespace kill_test
