// Tests of init's output: complete or nothing, and never over an existing file.
#include "daemon/ctl/init/writing.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>

#include "daemon/ctl/init/answers.hpp"
#include "daemon/ctl/talk/whole_file.hpp"
#include "drivers/store/settings/accounts.hpp"
#include "drivers/store/settings/read_only.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::ctl::init;
using volt::testing::read_file;
using volt::testing::TempDir;
using volt::testing::write_file;

namespace writing_test {

namespace {

namespace fs = std::filesystem;

struct Place {
    TempDir dir;
    Targets targets{dir / "voltd.yaml", dir / "voltd.db", "", false};

    Draft draft() const {
        const std::string path = VOLT_SOURCE_DIR "/tests/daemon/ctl/init/bank24.yaml";
        return draft_of(read_answers(read_file(path), path).answers, {"2025-06-21", "1", {}, {}}, targets, true);
    }
    std::size_t files() const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& it : fs::directory_iterator(dir.path())) ++count;
        return count;
    }
};

/// Lets no file grow while it exists.
struct FullDisk {
    rlimit before{};
    FullDisk() {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before);
        rlimit none = before;
        none.rlim_cur = 1;
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before); }
};

}  // namespace

TEST_CASE("writes only file and database for a new site") {
    const Place place;
    const Draft draft = place.draft();
    const Written written = write_site(draft, place.targets);
    CHECK(written.failure == "");
    CHECK(written.path == place.targets.output);
    CHECK(place.files() == 2);
    CHECK(read_file(written.path) == draft.file);
    struct stat facts {};
    CHECK(::stat(written.path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0644);
    const auto settings = peek_settings(place.targets.database);
    REQUIRE((settings && settings.value()));
    CHECK(settings.value()->miners.size() == 1);
    CHECK(settings.value()->zones.empty());
    Result<Connection> db = Connection::open(place.targets.database, OpenMode::read_only);
    REQUIRE(db);
    CHECK(read_users(db.value()).value().at(0).email == "owner@cabin.local");
}

TEST_CASE("writes beside an existing file and lists differences") {
    const Place place;
    CHECK(write_site(place.draft(), place.targets).failure == "");
    write_file(place.targets.output, "site: mine\n");
    const auto before = fs::last_write_time(place.targets.database);
    const Written again = write_site(place.draft(), place.targets);
    CHECK(again.failure == "");
    CHECK(again.path == place.targets.output + ".new");
    CHECK(read_file(place.targets.output) == "site: mine\n");
    CHECK(read_file(again.path) == place.draft().file);
    CHECK(fs::last_write_time(place.targets.database) == before);
    std::string notes;
    for (const std::string& it : again.notes) notes += it + "\n";
    CAPTURE(notes);
    CHECK(notes.find("site:") != std::string::npos);
}

TEST_CASE("names differing settings beside an existing file") {
    const Place place;
    Draft draft = place.draft();
    CHECK(write_site(draft, place.targets).failure == "");
    write_file(place.targets.output, "site: mine\ndatabase: " + place.targets.database + "\n");
    draft.rows.preferences = {{"voltage_low", FieldValue(23.61)}};
    draft.rows.miners.clear();
    const std::string output = place.targets.output;
    for (int number = 1; number <= 9; ++number) {
        const Written again = write_site(draft, place.targets);
        CHECK(again.failure == "");
        CHECK(again.beside);
        CHECK(again.path == output + ".new" + (number == 1 ? "" : "." + std::to_string(number)));
        std::string notes;
        for (const std::string& it : again.notes) notes += it + "\n";
        CAPTURE(notes);
        CHECK(notes.find("voltage_low: 23.5") != std::string::npos);
        CHECK(notes.find(" -> 23.61 V") != std::string::npos);
        CHECK(notes.find(": removed") != std::string::npos);
        CHECK(notes.find("voltctl prefs set") != std::string::npos);
        write_file(again.path, "kept");
    }
    CHECK(write_site(draft, place.targets).failure.find("already exist") != std::string::npos);
    CHECK(read_file(output + ".new") == "kept");
    CHECK(peek_settings(place.targets.database).value()->miners.size() == 1);
}

TEST_CASE("creates no directory and compares only regular files") {
    Place place;
    place.targets.as_service = true;
    place.targets.output = place.dir / "missing/voltd.yaml";
    CHECK(write_site(place.draft(), place.targets).failure.find("there is no directory") != std::string::npos);
    place.targets.output = place.dir / "voltd.yaml";
    place.targets.database = place.dir / "missing/voltd.db";
    CHECK(write_site(place.draft(), place.targets).failure.find("there is no directory") != std::string::npos);
    CHECK(place.files() == 0);
    for (const char* output : {"/dev/full", "/dev/null", "/tmp"}) {
        place.targets.output = output;
        CHECK(write_site(place.draft(), place.targets).failure.find("is no file") != std::string::npos);
    }
    CHECK(place.files() == 0);
    place.targets.output = place.dir / "large";
    write_file(place.targets.output, std::string(300'000, '#'));
    CHECK(write_site(place.draft(), place.targets).failure.find("256 kB") != std::string::npos);
    CHECK(place.files() == 1);
}

TEST_CASE("leaves settings of an existing database unchanged") {
    const Place place;
    write_file(place.targets.database, "something");
    const Written written = write_site(place.draft(), place.targets);
    CHECK(written.failure == "");
    CHECK(read_file(place.targets.database) == "something");
    CHECK(written.notes.at(0).find("its settings are not changed") != std::string::npos);
}

TEST_CASE("leaves no partial file on failure") {
    Place place;
    {
        const FullDisk full;
        CHECK(volt::ctl::write_file_whole(place.dir / "a", "text", 0644) != "");
    }
    CHECK(place.files() == 0);
    place.targets.output = place.dir / "missing/voltd.yaml";
    const Written written = write_site(place.draft(), place.targets);
    CHECK(written.failure.find("there is no directory") != std::string::npos);
    CHECK(place.files() == 0);
    place.targets.output = place.dir / "voltd.yaml";
    place.targets.database = place.dir / "missing/voltd.db";
    CHECK(write_site(place.draft(), place.targets).failure != "");
    CHECK(place.files() == 0);
}

TEST_CASE("shows the commands to move files without root") {
    Place place;
    place.targets.draft_database = place.dir / "draft.db";
    const Written written = write_site(place.draft(), place.targets);
    CHECK(written.failure == "");
    CHECK(fs::exists(place.targets.draft_database));
    CHECK_FALSE(fs::exists(place.targets.database));
    CHECK(written.notes.back().find("sudo install -o voltd -g voltd -m 660 ") != std::string::npos);
}

TEST_CASE("uses full paths and matching commands for a custom site") {
    Place place;
    const std::string here = fs::current_path().string();
    place.targets = {};
    place.targets.output = "voltd.yaml";
    use_database(place.targets, "voltd.db");
    const std::string file = place.draft().file;
    CAPTURE(file);
    CHECK(file.find("\ndatabase: \"" + here + "/voltd.db\"") != std::string::npos);
    CHECK(file.find("  token_file: \"" + here + "/token\"") != std::string::npos);
    CHECK(next_commands(place.targets, "build/voltctl") ==
          std::vector<std::string>{"build/voltd --config voltd.yaml", "build/voltctl --config voltd.yaml status"});
    for (const std::string& it : place.draft().warnings) CHECK_MESSAGE(it.find("relative") == std::string::npos, it);
}

TEST_CASE("keeps the service's token for the service's file") {
    Place place;
    place.targets = {};
    CHECK(next_commands(place.targets, "voltctl").front() == "sudo systemctl start voltd");
    use_database(place.targets, place.dir / "voltd.db");
    CHECK(place.draft().file.find("token_file") == std::string::npos);
    CHECK(next_commands(place.targets, "voltctl").front() == "sudo systemctl start voltd");
}

}  // namespace writing_test
