#include "daemon/host/safe_mode.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

/// Simulates `times` runs that start every `gap` and crash. Returns the time of the next start.
Time crash(const TempDir& dir, int times, Duration gap, Time from) {
    for (int i = 0; i < times; ++i, from += gap) SafeMode(dir.path(), from);
    return from;
}

}  // namespace

TEST_CASE("enters safe mode after five crashes in ten minutes") {
    TempDir dir;
    // The first start finds nothing. Each later one finds a run without an orderly end.
    const Time fifth = crash(dir, 5, 2min, 1h);
    SafeMode at_fifth(dir.path(), fifth);
    CHECK(at_fifth.active(fifth));
    CHECK(at_fifth.text(fifth).find("5 times within 10 min") != std::string::npos);

    TempDir other;
    const Time fourth = crash(other, 4, 2min, 1h);
    SafeMode at_fourth(other.path(), fourth);
    CHECK_FALSE(at_fourth.active(fourth));
    CHECK(at_fourth.text(fourth).empty());
}

TEST_CASE("ignores five crashes over more than ten minutes") {
    TempDir dir;
    const Time now = crash(dir, 12, 151s, 1h);
    CHECK_FALSE(SafeMode(dir.path(), now).active(now));
    TempDir close;
    const Time then = crash(close, 12, 150s, 1h);
    CHECK(SafeMode(close.path(), then).active(then));
}

TEST_CASE("counts no orderly end but keeps earlier crashes") {
    TempDir dir;
    Time now = crash(dir, 4, 10s, 1h);
    for (int i = 0; i < 10; ++i, now += 10s) {
        SafeMode run(dir.path(), now);
        CHECK_FALSE(run.active(now));
        CHECK(run.ends() == 4);
        run.end_run();
    }
    SafeMode(dir.path(), now += 10s);
    CHECK(SafeMode(dir.path(), now += 10s).active(now));
}

TEST_CASE("keeps safe mode over restarts until an hour without crashes") {
    TempDir dir;
    const Time last = crash(dir, 5, 3s, 1h);
    SafeMode(dir.path(), last).end_run();
    SafeMode restarted(dir.path(), last + 30min);
    CHECK(restarted.active(last + 30min));
    CHECK(restarted.active(last + 59min));
    CHECK_FALSE(restarted.active(last + 60min));
    CHECK_FALSE(restarted.active(last + 59min));
    restarted.end_run();
    CHECK_FALSE(SafeMode(dir.path(), last + 61min).active(last + 61min));
}

TEST_CASE("leaves safe mode at a start an hour later") {
    TempDir dir;
    const Time last = crash(dir, 5, 3s, 1h);
    SafeMode(dir.path(), last).end_run();
    CHECK_FALSE(SafeMode(dir.path(), last + 1h).active(last + 1h));
}

TEST_CASE("restarts the count after the owner ends safe mode") {
    TempDir dir;
    Time now = crash(dir, 5, 3s, 1h);
    SafeMode run(dir.path(), now);
    REQUIRE(run.active(now));
    CHECK(run.end());
    CHECK_FALSE(run.active(now));
    CHECK_FALSE(run.end());
    // This run crashes, too: one crash, not six.
    SafeMode next(dir.path(), now += 3s);
    CHECK(next.ends() == 1);
    CHECK_FALSE(next.active(now));
}

TEST_CASE("counts nothing without a directory and survives a broken file") {
    for (int i = 0; i < 9; ++i) CHECK_FALSE(SafeMode("", Time{1h}).active(1h));
    for (int i = 0; i < 9; ++i) CHECK_FALSE(SafeMode("/nonexistent/place", Time{1h}).active(1h));

    TempDir dir;
    write_file(dir / "unorderly-ends", std::string("end x\nend -5\nend 99999999999999999999\n\0\xff\nrunning", 48));
    SafeMode broken(dir.path(), 1h);
    CHECK(broken.ends() == 1);
    CHECK_FALSE(broken.active(1h));

    // Times of another boot, which are later than now.
    write_file(dir / "unorderly-ends", "safe\nend 7200000\nend 7200001\nend 7200002\nend 7200003\nend 7200004\n");
    CHECK(SafeMode(dir.path(), 1h).ends() == 0);

    std::string many;
    for (int i = 0; i < 100000; ++i) many += "end 3599000\n";
    write_file(dir / "unorderly-ends", many);
    CHECK(SafeMode(dir.path(), 1h).ends() == SafeMode::ends_to_enter);
}

TEST_CASE("returns the first directory that systemd names") {
    setenv("VOLT_TEST_DIRECTORY", "/run/voltd:/run/other", 1);
    CHECK(service_directory("VOLT_TEST_DIRECTORY") == "/run/voltd");
    unsetenv("VOLT_TEST_DIRECTORY");
    CHECK(service_directory("VOLT_TEST_DIRECTORY").empty());
}
