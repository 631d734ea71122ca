// The real voltd on a disk that fills up: the site keeps earning, voltd reports it, and it recovers.
#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/integration/site.hpp"

using namespace volt::testing;

namespace {

bool mount_small(const std::string& path) {
    std::filesystem::create_directory(path);
    return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("none", path.c_str(), "tmpfs", 0, "size=8m") == 0;
}

void fill(const std::string& file) {
    std::ofstream ballast(file, std::ios::binary);
    const std::string some(4096, 'b');
    while (ballast.write(some.data(), static_cast<std::streamsize>(some.size())).flush()) {}
}

std::string sql(const std::string& database, const std::string& text) {
    Process tool({"sqlite3", "-cmd", ".timeout 5000", database, text});
    tool.wait();
    return tool.text();
}

}  // namespace

TEST_CASE("full disk: raises an alarm, still switches loads, and recovers") {
    Site site;
    const std::string disk = site.dir / "disk", database = disk + "/voltd.db";
    if (!mount_small(disk)) {
        MESSAGE("SKIPPED: mounting a tmpfs is not allowed here (", std::strerror(errno), ")");
        return;
    }
    site.write_config();
    std::string config = read_file(site.config_path());
    config.replace(config.find(site.database_path()), site.database_path().size(), database);
    write_file(site.config_path(), config);
    site.start_devices();
    site.start_voltd();
    REQUIRE(eventually(
        [&] { return sql(database, "UPDATE miner_profiles SET min_on_s = 1, min_off_s = 1; SELECT 'done'").find("done") == 0; }));
    REQUIRE(site.wait_for_command("miner1", "ON"));

    fill(disk + "/ballast");
    site.publish("voltd/solar-shack/mode/set", "off");
    CHECK_MESSAGE(site.wait_for_command("miner1", "OFF"), site.voltd->text());
    CHECK(eventually([&] { return !site.state("alarm/disk_full").empty(); }));
    const std::size_t before = site.commands("miner1").size();
    site.publish("voltd/solar-shack/mode/set", "balanced");
    CHECK(site.wait_for_command("miner1", "ON", before));

    std::remove((disk + "/ballast").c_str());
    CHECK(eventually([&] { return site.state("alarm/disk_full").empty(); }));
    CHECK(eventually([&] { return sql(database, "SELECT operating_mode FROM user_preferences") == "balanced\n"; }));
    CHECK(eventually([&] { return sql(database, "SELECT count(*) > 1 FROM decisions WHERE load LIKE 'primary%'") == "1\n"; }));
    site.voltd->signal(SIGTERM);
    CHECK(site.voltd->wait() == 0);
    CHECK(sql(database, "PRAGMA integrity_check") == "ok\n");
    site.voltd.reset();
    ::umount2(disk.c_str(), MNT_DETACH);
}
