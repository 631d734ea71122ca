#include "daemon/ctl/doctor/run_program.hpp"

#include <doctest/doctest.h>

using namespace volt::ctl::doctor;

namespace run_program_test {

using std::chrono::seconds;

TEST_CASE("returns output and exit code, or nothing on failure") {
    const auto echo = run_program({"sh", "-c", "echo hello; echo aside >&2; exit 3"}, seconds{30});
    REQUIRE(echo);
    CHECK(echo->code == 3);
    CHECK(echo->text == "hello\n");
    CHECK_FALSE(run_program({"there-is-no-such-program"}, seconds{30}));
    CHECK_FALSE(run_program({"sh", "-c", "kill -9 $$"}, seconds{30}));
    CHECK_FALSE(run_program({"sleep", "1000"}, std::chrono::milliseconds{50}));
}

TEST_CASE("limits output") {
    const auto much = run_program({"sh", "-c", "head -c 100000 /dev/zero; exit 0"}, seconds{30}, 1000);
    CHECK((!much || much->text.size() == 1000));
}

}  // namespace run_program_test
