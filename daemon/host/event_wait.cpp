#include "daemon/host/event_wait.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>

#include "drivers/source.hpp"

namespace volt {

namespace {

int checked(int fd, const char* what) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
    return fd;
}

sigset_t our_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

EventWait::EventWait() : nudges_(checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")), signals_(-1) {
    const sigset_t set = our_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    signals_ = checked(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), "signalfd");
}

EventWait::~EventWait() {
    close(nudges_);
    close(signals_);
}

void EventWait::nudge() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(nudges_, &one, sizeof one);  // full: already nudged
}

WakeReason EventWait::wait_until(Time deadline) const {
    std::array<pollfd, 2> fds{pollfd{signals_, POLLIN, 0}, pollfd{nudges_, POLLIN, 0}};
    const auto left = std::clamp<std::int64_t>((deadline - monotonic_now()).count(), 0, 60'000);
    if (poll(fds.data(), fds.size(), static_cast<int>(left)) <= 0) return WakeReason::deadline;
    signalfd_siginfo info{};
    if ((fds[0].revents & POLLIN) != 0 && read(signals_, &info, sizeof info) == sizeof info)
        return info.ssi_signo == SIGHUP ? WakeReason::reload : WakeReason::stop;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(nudges_, &count, sizeof count);
    return WakeReason::nudge;
}

}  // namespace volt
