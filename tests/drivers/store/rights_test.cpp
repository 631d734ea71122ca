// Owner and mode of the files, with a real second user if the tests run as root.
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "drivers/store/recovery/backup.hpp"
#include "drivers/store/recovery/maintenance.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/open.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/settings_fixture.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace {

constexpr uid_t voltd_user = 64123, pi_user = 64124;
constexpr gid_t voltd_group = 64200;

struct stat about(const std::string& path) {
    struct stat found {};
    REQUIRE_MESSAGE(::lstat(path.c_str(), &found) == 0, path);
    return found;
}

void check_rights(const std::string& path, mode_t mode) {
    CAPTURE(path);
    const struct stat found = about(path);
    CHECK((found.st_mode & 07777) == mode);
    if (::geteuid() != 0) return;
    CHECK(found.st_uid == voltd_user);
    CHECK(found.st_gid == voltd_group);
}

/// Returns the result of `work` as another user.
int as(uid_t user, const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(voltd_group) != 0 || ::setuid(user) != 0)) ::_exit(100);
        ::_exit(work());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

/// A directory as systemd makes it for voltd.
struct StateDirectory {
    StateDirectory() {
        const std::string place = directory_of(dir.file());
        if (::geteuid() == 0) REQUIRE(::chown(place.c_str(), voltd_user, voltd_group) == 0);
        REQUIRE(::chmod(place.c_str(), 02770) == 0);
        mask = ::umask(0022);  // from a root shell
    }
    ~StateDirectory() { ::umask(mask); }
    TempDir dir;
    mode_t mask;
};

int edit_one(const std::string& path) {
    Edit<Connection> db = open_settings(path, true);
    if (!db) return 2;
    return change_record(db.value(), SettingsTable::preferences, "", {{"voltage_low", 47.2}}, by_test) ? 0 : 3;
}

}  // namespace

TEST_CASE("restore, migrate and rollback by root keep group access") {
    StateDirectory at;
    const std::string path = at.dir.file();
    REQUIRE(migrate_database(path, built_in_migrations()).ok());
    check_rights(path, 0660);
    const std::string backup = at.dir.file("b.db");
    REQUIRE(back_up_database(path, built_in_migrations(), backup, false).ok());
    check_rights(backup, 0640);
    REQUIRE(::chmod(backup.c_str(), 0600) == 0);
    REQUIRE(restore_database(path, built_in_migrations(), backup).ok());
    check_rights(path, 0660);
    check_rights(settings_copy_of(path), 0640);
    CHECK(as(pi_user, [&] { return edit_one(path); }) == 0);
    const int before = built_in_migrations().back().number - 1;
    REQUIRE(roll_back_database(path, built_in_migrations(), before).ok());
    REQUIRE(migrate_database(path, built_in_migrations()).ok());
    check_rights(path, 0660);
    for (const std::string& copy : copies_of(path)) check_rights(copy, 0640);
    check_rights(path + ".lock", 0660);
    CHECK(verify_database(path, built_in_migrations()).ok());
    for (const char* part : {"-wal", "-shm"})
        if (file_exists(path + part)) check_rights(path + part, 0660);
    CHECK(as(pi_user, [&] { return edit_one(path); }) == 0);
}

TEST_CASE("opens a closed database to the group at the next start") {
    StateDirectory at;
    const std::string path = at.dir.file();
    REQUIRE(migrate_database(path, built_in_migrations()).ok());
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    if (::geteuid() == 0) CHECK(as(pi_user, [&] { return edit_one(path); }) == 2);
    const int code = as(voltd_user, [&] {
        auto opened = open_store(path, StoreOptions{});
        if (!opened) return 4;
        const bool fine = !opened.value().store->health().failing;
        opened.value().store->close(20s);
        return fine ? 0 : 5;
    });
    CHECK(code == 0);
    check_rights(path, 0660);
    CHECK(as(pi_user, [&] { return edit_one(path); }) == 0);
}

TEST_CASE("never gives rights through a link or second name") {
    StateDirectory at;
    const std::string victim = at.dir.file("victim"), name = at.dir.file("voltd.db-wal");
    std::ofstream(victim) << "x";
    REQUIRE(::chmod(victim.c_str(), 0600) == 0);
    SUBCASE("symbolic link") { REQUIRE(::symlink(victim.c_str(), name.c_str()) == 0); }
    SUBCASE("hard link") { REQUIRE(::link(victim.c_str(), name.c_str()) == 0); }
    give_rights(name, Rights::data);
    CHECK((about(victim).st_mode & 0777) == 0600);
    CHECK(about(victim).st_uid == ::geteuid());
}

TEST_CASE("refuses a foreign hard link, but not a restore's") {
    StateDirectory at;
    const std::string path = at.dir.file();
    REQUIRE(migrate_database(path, built_in_migrations()).ok());
    REQUIRE(::link(path.c_str(), (path + ".replaced-20250621T053000.123Z").c_str()) == 0);
    {
        auto opened = open_store(path, StoreOptions{});
        REQUIRE(opened.ok());
        opened.value().store->close(20s);
    }
    REQUIRE(::link(path.c_str(), at.dir.file("twin").c_str()) == 0);
    const auto refused = open_store(path, StoreOptions{});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().fault == Fault::refused);
    CHECK(refused.failure().text.find("-samefile") != std::string::npos);
}

TEST_CASE("names a file system in memory, but not one on disk") {
    if (fs::is_directory("/dev/shm")) {
        CHECK(memory_file_system("/dev/shm/voltd.db") == "tmpfs");
        CHECK(memory_file_system("/dev/shm/not/there/yet/voltd.db") == "tmpfs");
    }
    if (::geteuid() != 0) return;
    // A private mount namespace: an overlay with its upper layer in memory, like on a read-only card.
    const int code = as(0, [] {
        char place[] = "/tmp/voltd-overlay-XXXXXX";
        if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 77;
        if (::mkdtemp(place) == nullptr || ::mount("tmpfs", place, "tmpfs", 0, nullptr) != 0) return 77;
        const std::string at = place;
        for (const char* part : {"/lower", "/upper", "/work", "/seen"}) ::mkdir((at + part).c_str(), 0700);
        const std::string how = "lowerdir=" + at + "/lower,upperdir=" + at + "/upper,workdir=" + at + "/work";
        if (::mount("overlay", (at + "/seen").c_str(), "overlay", 0, how.c_str()) != 0) return 77;
        return memory_file_system(at + "/seen/voltd.db") == "overlay" ? 0 : 1;
    });
    if (code == 77) MESSAGE("no overlay can be mounted here");
    else CHECK(code == 0);
}
