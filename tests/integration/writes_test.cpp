// The card: the real voltd from start to end, watched by strace. It opens for writing, makes, renames or removes only its
// database and files in memory (the token).
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <set>

#include "tests/integration/site.hpp"

using namespace volt::testing;

namespace {

/// Returns the paths in a line of strace whose call may write, none for reads.
std::vector<std::string> written(const std::string& line) {
    static const std::regex call(
        R"(\b(open|openat|openat2|creat|mkdir|mkdirat|rename|renameat|renameat2|unlink|unlinkat|link|linkat|symlink|symlinkat|truncate|chmod|fchmodat|chown|fchownat|mknod|mknodat)\()");
    static const std::regex path(R"lit("([^"]*)")lit");
    std::smatch found;
    if (!std::regex_search(line, found, call)) return {};
    const bool opens = found[1].str().rfind("open", 0) == 0;
    if (opens && line.find("O_WRONLY") == std::string::npos && line.find("O_RDWR") == std::string::npos &&
        line.find("O_CREAT") == std::string::npos)
        return {};
    std::vector<std::string> paths;
    for (std::sregex_iterator at(line.begin(), line.end(), path), end; at != end; ++at) paths.push_back((*at)[1]);
    return paths;
}

bool strace_works(const std::string& log) {
    return shell("strace -f --seccomp-bpf -z -e trace=%file -o " + log + " /bin/true").code == 0;
}

}  // namespace

TEST_CASE("writes only the database and files in memory") {
    CHECK(written(R"(7 openat(AT_FDCWD, "/etc/x", O_RDONLY|O_CLOEXEC) = 3)").empty());
    CHECK(written(R"(7 openat(AT_FDCWD, "/etc/x", O_RDWR|O_CREAT, 0644) = 3)") == std::vector<std::string>{"/etc/x"});
    CHECK(written(R"(7 rename("/a", "/b") = 0)").size() == 2);
    Site site;
    const std::string log = site.dir / "strace";
    if (!strace_works(log)) {
        MESSAGE("SKIPPED: strace may not look at a process here");
        return;
    }
    site.write_config();
    site.start_devices();
    // The leak checker at the end is also a tracer, and only one is possible. -D: voltd is our child, strace is not.
    site.voltd_under = {
        "env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-D", "-f", "--seccomp-bpf", "-z", "-s", "300", "-e", "trace=%file", "-o",
        log};
    site.start_voltd();
    site.quicken();
    REQUIRE_MESSAGE(site.wait_for_command("miner1", "ON"), site.voltd->text());
    site.publish("voltd/solar-shack/mode/set", "off");
    REQUIRE(site.wait_for_command("miner1", "OFF"));
    REQUIRE(eventually([&] { return site.sql("SELECT operating_mode FROM user_preferences") == "off\n"; }));
    site.voltd->signal(SIGHUP);
    REQUIRE(site.voltd->wait_for("was reloaded"));
    site.voltd->signal(SIGTERM);
    REQUIRE(site.voltd->wait() == 0);

    std::set<std::string> seen;
    std::ifstream lines(log);
    for (std::string line; std::getline(lines, line);)
        for (std::string& path : written(line)) seen.insert(std::move(path));
    CHECK(seen.count(site.database_path()) == 1);
    CHECK(seen.count(site.dir / "token") == 1);
    const std::string socket = site.dir / "api.sock";  // next to the token, if there is no runtime directory
    for (const std::string& path : seen) {
        CAPTURE(path);
        const bool database = path.rfind(site.database_path(), 0) == 0, token = path.rfind(site.dir / "token", 0) == 0;
        CHECK((database || token || path.rfind(socket, 0) == 0 || path == "/dev/null"));
    }
}
