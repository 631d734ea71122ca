#include "daemon/host/end_limit.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace volt;

namespace {

/// The exit code of a process that does this.
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

TEST_CASE("a process that hangs at its end is ended; one that ends in time is not touched") {
    CHECK(exit_code([] {
              begin_end_limit(20ms);
              while (true) pause();
          }) == exit_cut_short);
    CHECK(exit_code([] {
              begin_end_limit(1h);
              end_end_limit();
          }) == 7);
}
