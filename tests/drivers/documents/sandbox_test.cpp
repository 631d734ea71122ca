// Abilities of a confined process, each tried in a separate child.
#include "drivers/documents/sandbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

using namespace volt::documents;

namespace sandbox_test {

namespace {

constexpr int refused = 42, allowed = 43, not_confined = 44;

/// Returns 1 if a confined child could do `act`.
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

bool can_open(int flags) { return ::open("/tmp/volt-sandbox-test", flags, 0600) >= 0 || errno == ENOENT; }

}  // namespace

TEST_CASE("denies the network to all readers, and files to most") {
    for (const Confinement how : {Confinement::alone, Confinement::starts_program}) {
        CHECK(in_child(how, [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }) == refused);
        CHECK(in_child(how, [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }) == refused);
        CHECK(in_child(how, [] { return ::unlink("/tmp/volt-sandbox-test-none") == 0 || errno == ENOENT; }) == refused);
        CHECK(in_child(how, [] { return can_open(O_WRONLY); }) == refused);
        CHECK(in_child(how, [] { return can_open(O_RDONLY | O_CREAT); }) == refused);
        CHECK(in_child(how, [] { return ::setsid() >= 0 || ::setpgid(0, 0) == 0; }) == refused);
        CHECK(in_child(how, [] { return ::getpid() > 0; }) == allowed);
    }
    CHECK(in_child(Confinement::alone, [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }) == refused);
    CHECK(in_child(Confinement::starts_program, [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }) == allowed);
    CHECK(in_child(Confinement::alone, [] { return ::fork() >= 0; }) == refused);
    CHECK(in_child(Confinement::alone, [] { return ::execl("/bin/true", "true", nullptr) == 0; }) == refused);
}

}  // namespace sandbox_test
