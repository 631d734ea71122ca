#include "daemon/host/end_limit.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace volt {

namespace {

/// Async-signal-safe.
void cut_short(int /*signal*/) {
    static constexpr char text[] = "voltd: a disk or library hangs; exiting without waiting any longer\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
    _exit(exit_cut_short);
}

void set_timer(Duration limit) {
    itimerval timer{};
    timer.it_value.tv_sec = limit / 1s;
    timer.it_value.tv_usec = limit % 1s / 1us;
    setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

void begin_end_limit(Duration limit) {
    struct sigaction action {};
    action.sa_handler = cut_short;
    sigaction(SIGALRM, &action, nullptr);
    set_timer(limit);
}

void end_end_limit() { set_timer({}); }

}  // namespace volt
