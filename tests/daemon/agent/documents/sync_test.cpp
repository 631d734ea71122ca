// Tests of a sync's file: its lock, its history, and its repair.
#include "daemon/agent/documents/sync.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "drivers/store/sqlite/lock.hpp"
#include "tests/daemon/agent/documents/documents_site.hpp"

using namespace volt;
using namespace volt::agent;
using volt::agent::testing::DocumentsSite;

namespace sync_test {

TEST_CASE("runs one sync at a time and names it") {
    DocumentsSite at;
    const auto lock = DatabaseLock::take(at.database);
    REQUIRE(lock);
    const SyncReport report = at.documents().sync({});
    CHECK(report.busy);
    CHECK(report.failed());
    CHECK_MESSAGE(report.error.find("process " + std::to_string(::getpid()) + " (") != std::string::npos, report.error);
}

TEST_CASE("leaves one history row a day if nothing changes") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.documents().sync({});
    Documents open = at.documents();
    CHECK(open.history(10).value().size() == 2);  // the manual and the folder
    for (int i = 0; i < 3; ++i) open.sync({});
    CHECK(open.history(10).value().size() == 2);
    at.write("a.md", "beta");
    open.sync({});
    const auto rows = open.history(10).value();
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].changed == 1);
    CHECK(open.history_of(rows[0].id).value().items.size() == 1);
    CHECK(open.history_of(99).failure().fault == Fault::absent);
}

TEST_CASE("moves a broken file aside once and rebuilds it") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    CHECK(at.documents().sync({}).note == "");
    const std::string broken[] = {"", "DROP TRIGGER kb_chunks_update; UPDATE kb_chunks SET body = 'other'",
                                  "PRAGMA user_version = 1"};
    for (const std::string& sql : broken) {
        if (sql.empty()) {
            std::ofstream(at.database) << "not a database at all, but long enough for its header to be looked at by anybody";
        } else {
            auto db = Connection::open(at.database, OpenMode::read_write);
            REQUIRE(db.value().execute(sql).ok());
        }
        const SyncReport report = at.documents().sync({});
        CHECK(report.error == "");
        CHECK_MESSAGE(report.note.starts_with("knowledge.db was rebuilt"), sql);
        CHECK(at.found("alpha").size() == 1);
        CHECK(std::filesystem::exists(at.database + ".broken"));
    }
}

TEST_CASE("removes a source that is no longer configured") {
    DocumentsSite at;
    at.write("a.md", "alpha");
    at.documents().sync({});
    CHECK(at.found("alpha").size() == 1);
    at.settings.sources[0].id = "other";
    at.documents().sync({});
    CHECK(at.found("alpha") == volt::agent::testing::Lines{"other/a.md:1-1"});
    CHECK(Documents(at.settings, at.directory / "none").sync({}).failed());
    CHECK_FALSE(std::filesystem::exists(at.directory / "none"));
    CHECK(at.documents().sync({"sites", "hand", false, {}}).error.starts_with("there is no source 'sites'; choose from: "));
}

}  // namespace sync_test
