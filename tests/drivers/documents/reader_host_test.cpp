// Readers through their host: their output, their end, and their isolation from each other.
#include "drivers/documents/reader_host.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "tests/fakes/process.hpp"

using namespace volt::documents;
using namespace std::chrono_literals;

namespace reader_host_test {

namespace {

/// A host, and the null device for its readers.
struct Readers {
    ReaderHost host{{READER_HOST_PROGRAM}};
    ReaderExit exit;
    int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ~Readers() { ::close(input); }

    std::string output_of(const std::vector<std::string>& words, std::chrono::milliseconds limit = 30s) {
        std::string text;
        const auto take = [&](std::string_view bytes) {
            text += bytes;
            return text.size() < 1'000'000;
        };
        exit = host.run(words, input, take, limit);
        return text;
    }
    std::string output_of_shell(const std::string& script, std::chrono::milliseconds limit = 30s) {
        return output_of({"/bin/sh", "-c", script}, limit);
    }
};

}  // namespace

TEST_CASE("the parent reads to the end and reports the exit") {
    Readers readers;
    CHECK(readers.output_of_shell("echo one; echo two; exit 3") == "one\ntwo\n");
    CHECK(readers.exit.end == ReaderEnd::ended);
    CHECK(readers.exit.code == 3);
    readers.output_of_shell("kill -SEGV $$");
    CHECK(readers.exit.end == ReaderEnd::crashed);
    CHECK(readers.exit.signal == SIGSEGV);
    readers.output_of_shell("kill -XCPU $$");
    CHECK(readers.exit.end == ReaderEnd::cpu_limit);
}

TEST_CASE("a crashed reader leaves its host, and a stopped one ends it") {
    Readers readers;
    const std::string who = "echo $PPID; exec >&-; kill -SEGV $$", host = readers.output_of_shell(who);
    CHECK(readers.exit.signal == SIGSEGV);
    CHECK(readers.output_of_shell(who) == host);
    CHECK(readers.output_of_shell("echo $$") != readers.output_of_shell("echo $$"));
    CHECK(readers.output_of_shell("ls -l /proc/$$/fd | grep -c socket") == "0\n");  // no reader can talk to another
    readers.output_of_shell("sleep 1000", 200ms);
    CHECK(readers.exit.end == ReaderEnd::time_limit);
    CHECK(readers.output_of_shell(who) != host);
}

TEST_CASE("restarts a host that was killed between two files") {
    Readers readers;
    const int host = std::stoi(readers.output_of_shell("echo $PPID"));
    REQUIRE(::kill(host, SIGKILL) == 0);
    CHECK(volt::testing::eventually(
        [&] { return volt::testing::read_file("/proc/" + std::to_string(host) + "/stat").find(") Z") != std::string::npos; }));
    CHECK(readers.output_of_shell("echo one") == "one\n");
    readers.output_of_shell("kill -KILL $PPID");
    CHECK(readers.exit.end == ReaderEnd::crashed);
    CHECK(readers.exit.signal == 0);
    const auto none = [](std::string_view) { return true; };
    CHECK(ReaderHost({"/nowhere"}).run({"x"}, readers.input, none).end == ReaderEnd::not_started);
    CHECK(ReaderHost({"/bin/true"}).run({"x"}, readers.input, none).end == ReaderEnd::crashed);
}

TEST_CASE("kills a reader that does not end, with its children") {
    Readers readers;
    const volt::testing::TempDir directory;
    const std::string note = directory / "pid";
    readers.output_of_shell("sleep 1000 & echo $! > " + note + "; wait",
                            3s);  // long enough for a shell to start on a busy machine
    CHECK(readers.exit.end == ReaderEnd::time_limit);
    const int grandchild = std::stoi(volt::testing::read_file(note));
    CHECK(volt::testing::eventually([&] {
        return ::kill(grandchild, 0) != 0 ||
               volt::testing::read_file("/proc/" + std::to_string(grandchild) + "/stat").find(") Z") != std::string::npos;
    }));
    readers.output_of_shell("exec >&-; sleep 1000", 500ms);
    CHECK(readers.exit.end == ReaderEnd::time_limit);
    readers.output_of_shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
    CHECK(readers.exit.end == ReaderEnd::stopped);
    const auto all = [](std::string_view) { return true; };
    CHECK(readers.host.run({"/usr/bin/head", "-c", "40000000", "/dev/zero"}, readers.input, all).end == ReaderEnd::output_limit);
}

}  // namespace reader_host_test
