#include "daemon/ctl/backup/making.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/store/recovery/backup_log.hpp"
#include "tests/daemon/ctl/backup/site_files.hpp"

using namespace volt;
using namespace volt::ctl::backup;
using namespace volt::testing;

namespace making_test {

namespace {

namespace fs = std::filesystem;

std::size_t files_in(const std::string& directory) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), {}));
}

std::string refusal(const BackupRequest& request) {
    const auto made = make_backup(request);
    return made ? "" : made.failure().text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string member(const std::string& archive, const std::string& name) { return shell("tar -xzOf " + archive + " " + name).out; }

}  // namespace

TEST_CASE("packs database, voltd.yaml, settings and manifest without sessions") {
    const SiteFiles site;
    site.sql(
        "INSERT INTO web_sessions (id, secret_sha256, kind, role, name, expires_at) VALUES "
        "('00000000-0000-4000-8000-000000000001', '" +
        std::string(64, 'b') + "', 'program', 'view', 'prometheus', '2099-01-01T00:00:00Z')");
    write_file(site.dir / "etc/notify.yaml", "to: []\n");
    const auto made = make_backup(site.request());
    REQUIRE_MESSAGE(made, (made ? "" : made.failure().text));
    const BackupMade& it = made.value();
    CHECK(fs::path(it.file).filename().string().size() == std::string("voltd-shack-2026-11-22.tar.gz").size());
    CHECK(files_in(site.stick) == 1);
    CHECK(it.bytes == fs::file_size(it.file));
    CHECK(it.names == std::vector<std::string>{"voltd.yaml", "notify.yaml", "settings.json", "voltd.db"});
    CHECK(shell("tar -tzf " + it.file).out == "MANIFEST\nvoltd.yaml\nnotify.yaml\nsettings.json\nvoltd.db\n");
    CHECK(member(it.file, "voltd.yaml") == read_file(site.config));
    CHECK(has(member(it.file, "settings.json"), "\"primary-s21-revenue\""));
    CHECK_FALSE(has(member(it.file, "voltd.db"), std::string(64, 'b')));
    CHECK(has(member(it.file, "MANIFEST"), "\"site\": \"shack\""));
    REQUIRE(it.notes.size() == 1);
    CHECK(has(it.notes[0], "on the disk of the database"));
    struct stat found {};
    REQUIRE(::stat(it.file.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0640);
}

TEST_CASE("replaces a backup of the same day, keeping the newest") {
    const SiteFiles site;
    for (const char* day : {"2020-01-01", "2020-01-08", "2020-01-15"})
        write_file(site.stick + "/voltd-shack-" + day + ".tar.gz", "old");
    write_file(site.stick + "/voltd-barn-2020-01-01.tar.gz", "of another site");
    BackupRequest request = site.request();
    request.keep = 2;
    const auto made = make_backup(request);
    REQUIRE(made);
    CHECK(made.value().removed == std::vector<std::string>{"voltd-shack-2020-01-08.tar.gz", "voltd-shack-2020-01-01.tar.gz"});
    CHECK(make_backup(request));
    CHECK(files_in(site.stick) == 3);
}

TEST_CASE("never removes itself despite backups dated in the future") {
    const SiteFiles site;
    for (int day = 10; day < 18; ++day) write_file(site.stick + "/voltd-shack-2099-01-" + std::to_string(day) + ".tar.gz", "x");
    const auto made = make_backup(site.request());
    REQUIRE(made);
    CHECK(fs::exists(made.value().file));
    CHECK(made.value().removed == std::vector<std::string>{"voltd-shack-2099-01-10.tar.gz"});
}

TEST_CASE("never overwrites a file chosen by the owner") {
    const SiteFiles site;
    BackupRequest request = site.request();
    request.target = site.stick + "/site.tar.gz";
    REQUIRE(make_backup(request));
    CHECK(has(refusal(request), "already exists"));
}

TEST_CASE("fails cleanly on a missing, read-only or full stick") {
    const SiteFiles site;
    BackupRequest request = site.request();
    request.target = site.dir / "media/stick";
    CHECK(has(refusal(request), "is the stick mounted?"));
    CHECK_FALSE(fs::exists(site.dir / "media"));
    request.target = site.stick + "/voltd";
    CHECK(has(refusal(request), "is the stick mounted?"));
    CHECK(files_in(site.stick) == 0);
    request.target = "/proc/voltd";
    CHECK(has(refusal(request), "/proc"));
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    for (const rlim_t most : {rlim_t{1}, rlim_t{20'000}, rlim_t{100'000}}) {
        CAPTURE(most);
        rlimit little = before;
        little.rlim_cur = most;
        ::setrlimit(RLIMIT_FSIZE, &little);
        const std::string why = refusal(site.request());
        ::setrlimit(RLIMIT_FSIZE, &before);
        CHECK_FALSE(why.empty());
        CHECK(files_in(site.stick) == 0);
    }
}

TEST_CASE("cleans up after an interruption and isolates two runs") {
    const SiteFiles site;
    fs::create_directory(site.stick + "/.voltd-backup");
    write_file(site.stick + "/.voltd-backup/voltd.db", "half");
    {
        const auto other = Workshop::open(site.stick, "backup");
        REQUIRE(other);
        CHECK(has(refusal(site.request()), "another voltctl"));
    }
    CHECK(make_backup(site.request()));
    CHECK(files_in(site.stick) == 1);
}

TEST_CASE("includes the password only on request, with private rights") {
    const SiteFiles site;
    const std::string text = read_file(site.config);
    write_file(site.config, text + "log_level: info\n");
    BackupRequest request = site.request();
    request.secrets = true;
    std::string with_file = text;
    with_file.replace(with_file.find(" }\napi"), 2, ", username: voltd, password_file: " + (site.dir / "etc/secret") + " }");
    write_file(site.config, with_file);
    CHECK(has(refusal(request), "password cannot be read"));
    write_file(site.dir / "etc/secret", "sesame\n");
    const auto plain = make_backup(site.request());
    REQUIRE(plain);
    CHECK_FALSE(has(shell("tar -tzf " + plain.value().file).out, "mqtt.password"));
    if (::geteuid() != 0) return;
    const auto made = make_backup(request);
    REQUIRE_MESSAGE(made, (made ? "" : made.failure().text));
    CHECK(member(made.value().file, "mqtt.password") == "sesame\n");
    struct stat found {};
    REQUIRE(::stat(made.value().file.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0600);
}

TEST_CASE("backs up an invalid voltd.yaml but not without a site") {
    const SiteFiles site;
    write_file(site.config, "site: shack\nnonsense: [\n");
    CHECK(make_backup(site.request()));
    write_file(site.config, "nonsense: 1\n");
    CHECK(has(refusal(site.request()), "names no site"));
    fs::remove(site.config);
    CHECK(has(refusal(site.request()), "cannot be read"));
}

TEST_CASE("records the result in the database") {
    const SiteFiles site;
    CHECK(note_backup(site.database, site.stick, make_backup(site.request())).empty());
    CHECK(note_backup(site.database, site.stick, Failure{Fault::refused, "the stick is gone"}).empty());
    CHECK(site.asked("SELECT group_concat((bytes > 0) || ' ' || coalesce(error, '-')) FROM backups") ==
          "1 -,0 the stick is gone");
    CHECK(has(note_backup(site.dir / "none.db", site.stick, Failure{}), "there is no database"));
    CHECK_FALSE(fs::exists(site.dir / "none.db"));
}

}  // namespace making_test
