#include "daemon/host/event_wait.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "drivers/source.hpp"

using namespace volt;

TEST_CASE("sleeps until its deadline, a nudge or a signal") {
    const EventWait wake;
    CHECK(wake.wait_until(monotonic_now() - 1s) == WakeReason::deadline);
    std::thread other([&] { wake.nudge(); });
    CHECK(wake.wait_until(monotonic_now() + 60s) == WakeReason::nudge);
    other.join();
    CHECK(wake.wait_until(monotonic_now()) == WakeReason::deadline);  // the nudge is used up
    kill(getpid(), SIGHUP);
    CHECK(wake.wait_until(monotonic_now() + 60s) == WakeReason::reload);
    wake.nudge();
    kill(getpid(), SIGTERM);
    CHECK(wake.wait_until(monotonic_now() + 60s) == WakeReason::stop);
    CHECK(wake.wait_until(monotonic_now() + 60s) == WakeReason::nudge);
    kill(getpid(), SIGPIPE);  // ignored: the test still runs
}
