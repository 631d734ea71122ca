// Disks that fill, become read-only or disappear, and programs that lock the file: control and settings continue from memory,
// voltd reports it, and everything recovers. Uses real file systems if the test may mount, in a separate mount namespace.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/sqlite/files.hpp"
#include "drivers/store/writer/open.hpp"
#include "tests/drivers/store/opened.hpp"
#include "tests/drivers/store/proof.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace proof_disk_test {

namespace {

constexpr Utc noon{1'750'507'200'000};

StoreOptions quick() {
    StoreOptions options;
    options.check_every = 2ms;
    options.gather = 0ms;
    options.batch = 10ms;
    options.first_retry = 5ms;
    options.longest_retry = 20ms;
    options.database.busy_ms = 20;
    return options;
}

OpenedStore open(const std::string& path, const StoreOptions& options = quick()) { return must_open(path, options); }

/// A directory that is a small separate tmpfs; `mounted()` is false if that is not allowed.
class SmallDisk {
public:
    explicit SmallDisk(const char* size) : path_(dir_.file("disk")) {
        fs::create_directory(path_);
        mounted_ = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                   ::mount("none", path_.c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0;
        if (!mounted_) MESSAGE("SKIPPED: mounting a tmpfs is not allowed here (", std::strerror(errno), ")");
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }
    std::string file(const std::string& name = "voltd.db") const { return path_ + "/" + name; }
    void read_only(bool yes) const {
        unsigned long flags = MS_REMOUNT;
        if (yes) flags |= MS_RDONLY;
        REQUIRE(::mount(nullptr, path_.c_str(), nullptr, flags, nullptr) == 0);
    }
    /// Fills the disk to the last byte until empty().
    void fill() const {
        std::ofstream ballast(file("ballast"), std::ios::binary);
        const std::string some(4096, 'b');
        while (ballast.write(some.data(), static_cast<std::streamsize>(some.size())).flush()) {}
    }
    void empty() const { remove_file(file("ballast")); }

private:
    TempDir dir_;
    std::string path_;
    bool mounted_ = false;
};

EventRow event(const std::string& message) { return {noon, "info", "daemon", "", message, ""}; }

std::int64_t count(const std::string& path, const std::string& table) {
    Connection db = open_file(path, OpenMode::read_only);
    return db.number("SELECT count(*) FROM " + table).value_or(-1);
}

/// Makes a database with the owner's settings, closed in order.
void make_used(const std::string& path) {
    OpenedStore opened = open(path);
    Connection owner = open_file(path);
    must(owner, "UPDATE user_preferences SET voltage_low = 47.77");
    CHECK(holds_soon([&] { return opened.store->take_new_settings() != nullptr; }));
    opened.store->close(5s);
}

/// Returns true once the mode is in the settings in force.
bool mode_comes(Store& store, SiteMode mode) {
    store.set_mode(mode, "owner");
    return holds_soon([&] {
        const auto found = store.take_new_settings();
        return found != nullptr && found->preferences.mode == mode && found->preferences.low == 4777_cV;
    });
}

void check_sound(const std::string& path) {
    Connection db = open_file(path);
    CHECK(db.text("PRAGMA integrity_check") == "ok");
    CHECK(verify(db, built_in_migrations()).value().empty());
}

}  // namespace

TEST_CASE("survives a disk that fills while voltd runs") {
    const SmallDisk disk("4m");
    if (!disk.mounted()) return;
    make_used(disk.file());
    OpenedStore opened = open(disk.file());
    disk.fill();
    const std::string text(20'000, 'x');
    for (int i = 0; i < 20; ++i) opened.store->record(event(text));
    CHECK(holds_soon([&] { return opened.store->health().disk_full && opened.store->health().failing; }));
    CHECK(mode_comes(*opened.store, SiteMode::off));
    CHECK(opened.store->health().disk_full);
    disk.empty();
    CHECK(holds_soon([&] { return !opened.store->health().failing && !opened.store->health().disk_full; }));
    CHECK(holds_soon([&] { return count(disk.file(), "events") == 20; }));
    opened.store->close(5s);
    CHECK(open(disk.file()).settings->preferences.mode == SiteMode::off);
    check_sound(disk.file());
}

TEST_CASE("starts on a full disk with the owner's settings") {
    const SmallDisk disk("4m");
    if (!disk.mounted()) return;
    make_used(disk.file());
    disk.fill();
    OpenedStore opened = open(disk.file());
    CHECK(opened.settings->preferences.low == 4777_cV);
    opened.store->record(event("early"));
    CHECK(holds_soon([&] { return opened.store->health().disk_full; }));
    CHECK(mode_comes(*opened.store, SiteMode::off));
    disk.empty();
    CHECK(holds_soon([&] { return !opened.store->health().failing && count(disk.file(), "events") == 1; }));
    opened.store->close(5s);
    CHECK_FALSE(open(disk.file()).store->health().restored);
    check_sound(disk.file());
}

TEST_CASE("rescues a broken file once a full disk has room") {
    const SmallDisk disk("4m");
    if (!disk.mounted()) return;
    make_used(disk.file());
    put_bytes(disk.file(), std::string(8192, 'x'));
    disk.fill();
    OpenedStore opened = open(disk.file());
    CHECK(opened.settings->preferences.low == 4777_cV);
    CHECK(opened.store->health().disk_full);
    disk.empty();
    CHECK(holds_soon([&] { return !opened.store->health().failing; }));
    CHECK(opened.store->health().restored);
    opened.store->close(5s);
    CHECK(open(disk.file()).settings->preferences.low == 4777_cV);
    check_sound(disk.file());
}

TEST_CASE("starts on a read-only disk, and recovers") {
    const SmallDisk disk("4m");
    if (!disk.mounted()) return;
    make_used(disk.file());
    disk.read_only(true);
    OpenedStore opened = open(disk.file());
    CHECK(opened.settings->preferences.low == 4777_cV);
    opened.store->record(event("early"));
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK_FALSE(opened.store->health().disk_full);
    CHECK(mode_comes(*opened.store, SiteMode::off));
    disk.read_only(false);
    CHECK(holds_soon([&] { return !opened.store->health().failing && count(disk.file(), "events") == 1; }));
    opened.store->close(5s);
    CHECK(open(disk.file()).settings->preferences.mode == SiteMode::off);
    check_sound(disk.file());
}

TEST_CASE("reads the WAL of a killed voltd on a read-only disk") {
    const SmallDisk disk("4m");
    if (!disk.mounted()) return;
    make_used(disk.file());
    {
        Connection owner = open_file(disk.file());
        must(owner, "UPDATE user_preferences SET voltage_restart = 49.99");
        for (const char* part : {"", "-wal", "-shm"}) fs::copy_file(disk.file() + part, disk.file(std::string("kept") + part));
    }
    for (const char* part : {"", "-wal", "-shm"}) fs::rename(disk.file(std::string("kept") + part), disk.file() + part);
    disk.read_only(true);
    OpenedStore opened = open(disk.file());
    CHECK(opened.settings->preferences.low == 4777_cV);
    CHECK(opened.settings->preferences.restart == 4999_cV);
    CHECK(opened.store->health().failing);
    opened.store->close(5s);
    disk.read_only(false);
}

TEST_CASE("survives a disk that becomes read-only like a dying card") {
    TempDir dir;
    const SmallDisk probe("1m");
    const std::string image = dir.file("image"), at = dir.file("card");
    fs::create_directory(at);
    const std::string make = "truncate -s 8M " + image + " && mke2fs -q -t ext4 " + image + " >/dev/null 2>&1 && mount -o loop " +
                             image + " " + at + " 2>/dev/null";
    if (!probe.mounted() || std::system(make.c_str()) != 0) {
        MESSAGE("SKIPPED: a loop device is not allowed here");
        return;
    }
    const std::string path = at + "/voltd.db";
    make_used(path);
    OpenedStore opened = open(path);
    opened.store->record(event("before"));
    CHECK(holds_soon([&] { return opened.store->health().rows_written == 1; }));
    REQUIRE(std::system(("mount -o remount,abort " + at + " 2>/dev/null").c_str()) >= 0);
    opened.store->record(event("lost in the file, kept in memory"));
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK(mode_comes(*opened.store, SiteMode::off));
    CHECK_FALSE(opened.store->health().text.empty());
    CHECK(opened.store->health().queued > 0);
    opened.store->close(5s);
    opened.store.reset();
    CHECK(std::system(("umount " + at).c_str()) == 0);
}

TEST_CASE("treats the limit of a file's size like a full disk") {
    ::signal(SIGXFSZ, SIG_IGN);  // like voltd
    TempDir dir;
    make_used(dir.file());
    OpenedStore opened = open(dir.file());
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    rlimit small = before;
    small.rlim_cur = 100'000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    for (int i = 0; i < 30; ++i) opened.store->record(event(std::string(20'000, 'x')));
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK(mode_comes(*opened.store, SiteMode::off));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(holds_soon([&] { return !opened.store->health().failing && count(dir.file(), "events") == 30; }));
    opened.store->close(5s);
    check_sound(dir.file());
}

TEST_CASE("starts while a tool locks the file, using copied settings") {
    TempDir dir;
    make_used(dir.file());
    Connection tool = open_file(dir.file());
    must(tool, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE user_preferences SET voltage_low = 47.77");
    OpenedStore opened = open(dir.file());
    CHECK(opened.settings->preferences.low == 4777_cV);
    CHECK(opened.store->health().failing);
    opened.store->record(event("waits"));
    tool.execute("ROLLBACK");
    tool.close();
    CHECK(holds_soon([&] { return !opened.store->health().failing && count(dir.file(), "events") == 1; }));
    CHECK_FALSE(opened.store->health().restored);
}

TEST_CASE("survives a directory that disappears and returns") {
    TempDir dir;
    fs::create_directory(dir.file("var"));
    const std::string path = dir.file("var/voltd.db");
    make_used(path);
    OpenedStore opened = open(path);
    opened.store->record(event("before"));
    CHECK(holds_soon([&] { return opened.store->health().rows_written == 1; }));
    fs::rename(dir.file("var"), dir.file("away"));
    put_bytes(dir.file("var"), "a file where the directory was");
    opened.store->record(event("meanwhile"));
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK(mode_comes(*opened.store, SiteMode::off));
    fs::remove(dir.file("var"));
    fs::rename(dir.file("away"), dir.file("var"));
    CHECK(holds_soon([&] { return !opened.store->health().failing && count(path, "events") == 2; }));
    opened.store->close(5s);
    CHECK(open(path).settings->preferences.mode == SiteMode::off);
}

TEST_CASE("bounds a WAL that a reader holds, and recovers") {
    TempDir dir;
    make_used(dir.file());
    StoreOptions options = quick();
    options.most_wal = 300'000;
    options.slot = 10s;
    options.ride = 50ms;  // rows that must be durable at once take no telemetry along
    OpenedStore opened = open(dir.file(), options);
    Connection reader = open_file(dir.file());
    must(reader, "BEGIN; SELECT count(*) FROM events");
    const std::string text(20'000, 'x');
    for (int i = 0; i < 30; ++i) opened.store->record(event(text));
    CHECK(holds_soon([&] { return opened.store->health().failing; }));
    CHECK(opened.store->health().text.find("close that program") != std::string::npos);
    SourceReading reading;
    reading.name = "victron.battery";
    reading.voltage = 5230_cV;
    for (int i = 0; i < 30; ++i) opened.store->record(reading, noon + i * 10s);
    opened.store->record(event("an alarm"));
    CHECK(holds_soon([&] { return count(dir.file(), "events") == 31; }));
    CHECK(holds_soon([&] { return opened.store->health().queued == 29; }));
    CHECK(count(dir.file(), "victron_battery_readings") == 0);
    must(reader, "COMMIT");
    CHECK(holds_soon([&] {
        return !opened.store->health().failing && count(dir.file(), "victron_battery_readings") == 30;
    }));  // including the open slot
    // The next commits restart the WAL instead of growing it.
    const std::uint64_t size = file_size(dir.file("voltd.db-wal"));
    opened.store->record(event(text));
    CHECK(holds_soon([&] { return count(dir.file(), "events") == 32; }));
    CHECK(file_size(dir.file("voltd.db-wal")) <= size);
}

}  // namespace proof_disk_test
