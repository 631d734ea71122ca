#include "drivers/modbus/stop_event.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

constexpr Duration longest_step = 60s;  // poll() takes an int of milliseconds
constexpr Duration step_without_event = 50ms;

}  // namespace

StopEvent::StopEvent() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StopEvent::~StopEvent() {
    if (descriptor_ >= 0) close(descriptor_);
}

void StopEvent::set() {
    set_ = true;
    const std::uint64_t one = 1;
    // A full counter would still be readable, so a failure can be ignored.
    if (descriptor_ >= 0) [[maybe_unused]]
        const auto written = write(descriptor_, &one, sizeof one);
}

bool StopEvent::wait_until(Time deadline) const {
    wait_for(-1, 0, deadline);
    return set_;
}

bool StopEvent::wait_for(int socket, short events, Time deadline) const {
    while (!set_) {
        const Duration left = deadline - monotonic_now();
        if (left <= 0ms) return false;
        const Duration step = std::min(left, descriptor_ >= 0 ? longest_step : step_without_event);
        std::array<pollfd, 2> waiting{{{descriptor_, POLLIN, 0}, {socket, events, 0}}};  // poll() ignores -1
        if (poll(waiting.data(), waiting.size(), static_cast<int>(step.count())) > 0 && waiting[1].revents != 0) { return true; }
    }
    return false;
}

}  // namespace volt::modbus
