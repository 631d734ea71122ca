// What a confined process can still do, each tried in a child of its own; and the parent's side.
#include "drivers/documents/sandbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>

#include "tests/fakes/process.hpp"

using namespace volt::documents;
using namespace std::chrono_literals;

namespace sandbox_test {

namespace {

constexpr int refused = 42, allowed = 43, not_confined = 44;

/// Whether a confined child is refused `act` (true: it could do it).
int in_child(Confinement how, const std::function<bool()>& act) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (!confine(how).empty()) ::_exit(not_confined);
        ::_exit(act() ? allowed : refused);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string output_of(const std::vector<std::string>& command, ReaderExit& exit, std::chrono::milliseconds limit = 30s) {
    std::string text;
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    exit = run_reader(
        command, input,
        [&](std::string_view bytes) {
            text += bytes;
            return text.size() < 1'000'000;
        },
        limit);
    ::close(input);
    return text;
}

bool can_open(int flags) { return ::open("/tmp/volt-sandbox-test", flags, 0600) >= 0 || errno == ENOENT; }

}  // namespace

TEST_CASE("no network for any reader; files to read and programs only for one that needs them") {
    for (const Confinement how : {Confinement::alone, Confinement::starts_program}) {
        CHECK(in_child(how, [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }) == refused);
        CHECK(in_child(how, [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }) == refused);
        CHECK(in_child(how, [] { return ::unlink("/tmp/volt-sandbox-test-none") == 0 || errno == ENOENT; }) == refused);
        CHECK(in_child(how, [] { return can_open(O_WRONLY); }) == refused);
        CHECK(in_child(how, [] { return can_open(O_RDONLY | O_CREAT); }) == refused);
        CHECK(in_child(how, [] { return ::getpid() > 0; }) == allowed);
    }
    CHECK(in_child(Confinement::alone, [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }) == refused);
    CHECK(in_child(Confinement::starts_program, [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }) == allowed);
    CHECK(in_child(Confinement::alone, [] { return ::fork() >= 0; }) == refused);
    CHECK(in_child(Confinement::alone, [] { return ::execl("/bin/true", "true", nullptr) == 0; }) == refused);
}

TEST_CASE("the parent reads to the end, and says how it ended") {
    ReaderExit exit;
    CHECK(output_of({"/bin/sh", "-c", "echo one; echo two; exit 3"}, exit) == "one\ntwo\n");
    CHECK(exit.end == ReaderEnd::ended);
    CHECK(exit.code == 3);
    output_of({"/bin/sh", "-c", "kill -SEGV $$"}, exit);
    CHECK(exit.end == ReaderEnd::crashed);
    CHECK(exit.signal == SIGSEGV);
    output_of({"/bin/sh", "-c", "kill -XCPU $$"}, exit);
    CHECK(exit.end == ReaderEnd::cpu_limit);
    output_of({"/nowhere"}, exit);
    CHECK(exit.end == ReaderEnd::not_started);
}

TEST_CASE("one that does not end is killed with what it started; so is one that prints without end") {
    ReaderExit exit;
    const volt::testing::TempDir directory;
    const std::string note = directory / "pid";
    output_of({"/bin/sh", "-c", "sleep 1000 & echo $! > " + note + "; wait"}, exit, 500ms);
    CHECK(exit.end == ReaderEnd::time_limit);
    const int grandchild = std::stoi(volt::testing::read_file(note));
    CHECK(volt::testing::eventually([&] {
        return ::kill(grandchild, 0) != 0 ||
               volt::testing::read_file("/proc/" + std::to_string(grandchild) + "/stat").find(") Z") != std::string::npos;
    }));
    output_of({"/bin/sh", "-c", "exec >&-; sleep 1000"}, exit, 500ms);
    CHECK(exit.end == ReaderEnd::time_limit);
    output_of({"/bin/sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"}, exit);
    CHECK(exit.end == ReaderEnd::stopped);
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const auto all = run_reader({"/usr/bin/head", "-c", "40000000", "/dev/zero"}, input, [](std::string_view) { return true; });
    CHECK(all.end == ReaderEnd::output_limit);
    ::close(input);
}

}  // namespace sandbox_test
