// Tests of voltctl db as a process, on real files, with and without a program that holds the database.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "drivers/store/sqlite/lock.hpp"
#include "tests/fakes/process.hpp"

namespace fs = std::filesystem;
using volt::testing::Ended;
using volt::testing::shell;

namespace {

struct Place {
    volt::testing::TempDir dir;
    std::string file(const std::string& name = "voltd.db") const { return dir / name; }
    Ended db(const std::string& arguments) const { return shell(VOLTCTL + (" db " + arguments) + " --database " + file()); }
};

bool has(const Ended& ended, const std::string& part) { return ended.out.find(part) != std::string::npos; }

#define ENDS(call, wanted, part)       \
    do {                               \
        const Ended ended = (call);    \
        CAPTURE(ended.out);            \
        CHECK(ended.code == (wanted)); \
        CHECK(has(ended, part));       \
    } while (false)

}  // namespace

TEST_CASE("migrates, backs up, restores and rolls back") {
    const Place at;
    ENDS(at.db("status"), 0, "does not exist yet");
    ENDS(at.db("verify"), 1, "there is no database");
    ENDS(at.db("migrate --dry-run"), 0, "+ CREATE TABLE users (");
    CHECK_FALSE(fs::exists(at.file()));
    ENDS(at.db("migrate"), 0, "applied 010_first_hour");
    ENDS(at.db("migrate"), 0, "Nothing to do");
    ENDS(at.db("status"), 0, "10, the latest");
    ENDS(at.db("status --json"), 0, "\"checksums_ok\": true");
    ENDS(at.db("verify"), 0, ": ok");
    ENDS(at.db("backup " + at.file("b.db")), 0, "schema 10, checked");
    ENDS(at.db("backup " + at.file("b.db")), 1, "--force");
    ENDS(at.db("backup --force --json " + at.file("b.db")), 0, "\"version\": 10");
    ENDS(at.db("rollback --to 9"), 0, "undone 010_first_hour");
    ENDS(at.db("status"), 0, "9 of 10; pending: 010_first_hour");
    ENDS(at.db("status --json"), 0, ".copy-");
    ENDS(at.db("migrate --dry-run --json"), 0, "\"would_apply\": [\n    \"010_first_hour\"");
    ENDS(at.db("restore " + at.file("b.db")), 0, "the previous file is " + at.file() + ".replaced-");
    ENDS(at.db("status"), 0, "10, the latest");
    ENDS(at.db("rollback --to 11"), 1, "cannot go back to 11");
    ENDS(at.db("rollback"), 2, "--to");
    ENDS(at.db("rollback --to -1"), 2, "--to");
    ENDS(at.db(""), 2, "missing command of db");
    ENDS(at.db("--help"), 0, "Examples:");
}

TEST_CASE("names a backup after the site and the day") {
    const Place at;
    REQUIRE(at.db("migrate").code == 0);
    const std::string stick = at.file("stick");
    fs::create_directory(stick);
    const auto only = [&] {
        std::string name;
        for (const auto& entry : fs::directory_iterator(stick)) name = entry.path().filename();
        CHECK(std::distance(fs::directory_iterator(stick), {}) == 1);
        return name;
    };
    const auto fits = [&](const std::string& name, const std::string& before) {
        CAPTURE(name);
        return name.size() == before.size() + 13 && name.starts_with(before) && name.ends_with(".db");
    };
    ENDS(at.db("backup " + stick), 0, "schema 10, checked");
    const std::string plain = only();
    CHECK(fits(plain, "voltd-"));                        // voltd-2025-06-21.db
    ENDS(at.db("backup " + stick + "/"), 1, "--force");  // on the same day
    ENDS(at.db("backup --force " + stick), 0, "checked");
    fs::remove(stick + "/" + plain);
    volt::testing::write_file(at.file("voltd.yaml"),
                              "site: solar-shack\nmqtt: { url: mqtt://127.0.0.1:1883 }\nvictron: { host: 127.0.0.1 }\n");
    ENDS(shell(VOLTCTL " --config " + at.file("voltd.yaml") + " db backup " + stick + " --database " + at.file()), 0, "checked");
    CHECK(fits(only(), "voltd-solar-shack-"));
}

TEST_CASE("refuses only changes while voltd uses the database") {
    const Place at;
    REQUIRE(at.db("migrate").code == 0);
    const auto voltd = volt::DatabaseLock::take(at.file());
    REQUIRE(voltd.has_value());
    ENDS(at.db("status"), 0, "in use by voltd");
    ENDS(at.db("verify"), 0, ": ok");
    ENDS(at.db("migrate"), 0, "Nothing to do");
    ENDS(at.db("backup " + at.file("b.db")), 0, "checked");
    ENDS(at.db("restore " + at.file("b.db")), 1, "systemctl stop voltd");
    ENDS(at.db("rollback --to 4"), 1, "systemctl stop voltd");
}

TEST_CASE("reports damage and foreign files") {
    const Place at;
    REQUIRE(at.db("migrate").code == 0);
    fs::resize_file(at.file(), fs::file_size(at.file()) - 4096 * 3);
    ENDS(at.db("verify"), 1, "integrity_check");
    ENDS(at.db("migrate"), 1, "damaged");
    std::ofstream(at.file(), std::ios::trunc) << "no database at all, whatever it is called";
    ENDS(at.db("status"), 1, "not a SQLite database");
    ENDS(at.db("backup " + at.file("b.db")), 1, "not a SQLite database");
    CHECK_FALSE(fs::exists(at.file("b.db")));
}
