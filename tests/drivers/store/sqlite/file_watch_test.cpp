// The watch on the database's directory, with real files.
#include "drivers/store/sqlite/file_watch.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <fstream>
#include <utility>

#include "drivers/store/writer/write_queue.hpp"
#include "tests/drivers/store/temp_dir.hpp"

using namespace volt;
using namespace volt::test;
namespace fs = std::filesystem;

namespace {

bool is_readable(const FileWatch& watch) {
    pollfd one{watch.descriptor(), POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
}

}  // namespace

TEST_CASE("reports writes, neighbors and removals once") {
    TempDir dir;
    std::ofstream(dir.file()) << "one";
    FileWatch watch(dir.file());
    REQUIRE(watch.works());
    CHECK_FALSE(watch.take());
    std::ofstream(dir.file(), std::ios::app) << "two";
    CHECK(is_readable(watch));
    CHECK(watch.take());
    CHECK_FALSE(is_readable(watch));
    CHECK_FALSE(watch.take());
    std::ofstream(dir.file("voltd.db-wal")) << "frames";
    CHECK(watch.take());
    fs::rename(dir.file(), dir.file("moved"));
    CHECK(watch.take());
    fs::remove(dir.file("moved"));
    CHECK(watch.take());
    CHECK(watch.works());
    FileWatch other = std::move(watch);
    std::ofstream(dir.file()) << "again";
    CHECK(other.take());
}

TEST_CASE("follows a link to the database's directory") {
    TempDir dir, elsewhere;
    std::ofstream(elsewhere.file()) << "one";
    fs::create_symlink(elsewhere.file(), dir.file());
    FileWatch watch(dir.file());
    std::ofstream(elsewhere.file("voltd.db-wal")) << "frames";
    CHECK(watch.take());
}

TEST_CASE("reports that a missing directory cannot be watched") {
    TempDir dir;
    CHECK_FALSE(FileWatch(dir.file("none/voltd.db")).works());
    CHECK_FALSE(FileWatch().works());
    fs::create_directory(dir.file("gone"));
    FileWatch watch(dir.file("gone/voltd.db"));
    REQUIRE(watch.works());
    fs::remove(dir.file("gone"));
    CHECK(watch.take());
    CHECK_FALSE(watch.works());
    CHECK_FALSE(watch.take());

    fs::create_directory(dir.file("here"));
    FileWatch moved(dir.file("here/voltd.db"));
    fs::rename(dir.file("here"), dir.file("there"));
    CHECK(moved.take());
    CHECK_FALSE(moved.works());
}

TEST_CASE("the watch wakes a waiting queue") {
    TempDir dir;
    WriteQueue queue(4);
    const FileWatch watch(dir.file());
    std::ofstream(dir.file()) << "one";
    const auto far = std::chrono::steady_clock::now() + std::chrono::hours(1);
    CHECK(queue.take(far, &watch).history.empty());
    CHECK(std::chrono::steady_clock::now() < far);
}
