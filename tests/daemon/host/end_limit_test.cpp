#include "daemon/host/end_limit.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace volt;

namespace {

/// Returns the exit code of a process that runs `body`.
template <class Body>
int exit_code(Body body) {
    const pid_t child = fork();
    if (child == 0) {
        body();
        _exit(7);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("ends only a process that hangs at exit") {
    CHECK(exit_code([] {
              begin_end_limit(20ms);
              while (true) pause();
          }) == exit_cut_short);
    CHECK(exit_code([] {
              begin_end_limit(1h);
              end_end_limit();
          }) == 7);
}
