// Tests of voltctl backup and restore as processes.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/fakes/process.hpp"

namespace fs = std::filesystem;
using volt::testing::Ended;
using volt::testing::shell;
using volt::testing::write_file;

namespace backup_commands_test {

namespace {

struct Site {
    volt::testing::TempDir dir;
    std::string config = dir / "voltd.yaml", database = dir / "voltd.db", stick = dir / "stick";

    Site() {
        fs::create_directory(stick);
        write_config("");
        REQUIRE(shell(VOLTCTL " db migrate --database " + database).code == 0);
    }
    void write_config(const std::string& more) const {
        write_file(config, "site: shack\ndatabase: " + database +
                               "\nvictron: { host: 127.0.0.1 }\nmqtt: { url: \"mqtt://127.0.0.1:1\" }\napi: { token_file: " +
                               (dir / "run/token") + " }\n" + more);
    }
    Ended run(const std::string& arguments) const { return shell(VOLTCTL " --config " + config + " " + arguments); }
    std::string only_file() const {
        std::string name;
        for (const auto& it : fs::directory_iterator(stick)) name = it.path();
        return name;
    }
};

#define RUNS(call, wanted, part)                          \
    do {                                                  \
        const Ended ended = (call);                       \
        CAPTURE(ended.out);                               \
        CHECK(ended.code == (wanted));                    \
        CHECK(ended.out.find(part) != std::string::npos); \
    } while (false)

}  // namespace

TEST_CASE("backs up and restores from the command line") {
    const Site at;
    RUNS(at.run("backup"), 2, "no directory given");
    RUNS(at.run("backup --keep 0 " + at.stick), 2, "--keep");
    RUNS(at.run("backup " + at.stick + "/none/"), 1, "is the stick mounted?");
    RUNS(at.run("backup " + at.stick), 0, "checked: voltd.yaml, settings.json, voltd.db");
    const std::string file = at.only_file();
    RUNS(at.run("restore"), 2, "FILE is missing");
    RUNS(at.run("restore " + at.stick + "/none"), 1, "nothing was changed");
    RUNS(at.run("restore " + file), 1, "--replace");
    RUNS(at.run("restore --replace --dry-run " + file), 0, "this was a dry run");
    RUNS(at.run("--url http://127.0.0.1:1 restore " + file), 2, "--url");
    fs::remove(at.config);
    fs::remove(at.database);
    RUNS(at.run("restore " + file), 0, "sign in again: voltctl login; keys: voltctl key list");
    CHECK(fs::exists(at.config));
    RUNS(at.run("db verify"), 0, ": ok");
    RUNS(at.run("config check"), 0, "no problems");
    RUNS(at.run("restore --replace " + file), 0, "config.wired");
}

TEST_CASE("runs the weekly backup only if configured") {
    const Site at;
    RUNS(at.run("backup --scheduled"), 0, "");
    CHECK(at.only_file().empty());
    at.write_config("backup: { to: " + at.stick + ", keep: 2 }\n");
    for (const char* day : {"2020-01-01", "2020-01-08"}) write_file(at.stick + "/voltd-shack-" + day + ".tar.gz", "old");
    RUNS(at.run("backup --scheduled"), 0, "removed voltd-shack-2020-01-01.tar.gz");
    CHECK(std::distance(fs::directory_iterator(at.stick), {}) == 2);
    at.write_config("backup: { to: " + at.stick + "/gone }\n");
    RUNS(at.run("backup --scheduled"), 1, "there is no directory");
    RUNS(at.run("backup --scheduled"), 1, "nothing was written");
    CHECK_FALSE(fs::exists(at.stick + "/gone"));
    RUNS(at.run("doctor database"), 0, "the last two backups failed: there is no directory");
}

TEST_CASE("names the users to sign in again after db restore") {
    const Site at;
    RUNS(at.run("db backup " + at.stick + "/b.db"), 0, "checked");
    RUNS(at.run("db restore " + at.stick + "/b.db"), 0, "sign in again: voltctl login");
}

}  // namespace backup_commands_test
