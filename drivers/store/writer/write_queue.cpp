#include "drivers/store/writer/write_queue.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace volt {

namespace {

constexpr std::chrono::milliseconds longest_wait{60'000};  // poll() takes an int of milliseconds
constexpr std::chrono::milliseconds wait_without_bell{50};

}  // namespace

WriteQueue::WriteQueue(std::size_t most) : bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), most_(most) {}

WriteQueue::~WriteQueue() {
    if (bell_ >= 0) ::close(bell_);
}

/// Wakes the writer. A full counter would still be readable, so a failure can be ignored.
void WriteQueue::ring() {
    if (bell_ >= 0) [[maybe_unused]]
        const int result = ::eventfd_write(bell_, 1);
}

void WriteQueue::make_room() {
    if (content_.telemetry.size() + content_.history.size() < most_) return;
    if (!content_.telemetry.empty()) content_.telemetry.pop_front();
    else content_.history.pop_front();
    ++dropped_;
}

void WriteQueue::put(TelemetryRow row) {
    const std::lock_guard lock(mutex_);
    // The queue is full of history: the new row is the oldest telemetry there is.
    if (content_.history.size() >= most_) {
        ++dropped_;
        return;
    }
    make_room();
    content_.telemetry.push_back(std::move(row));
}

void WriteQueue::put(HistoryRow row) {
    {
        const std::lock_guard lock(mutex_);
        make_room();
        content_.history.push_back(std::move(row));
        urgent_ = true;
    }
    ring();
}

/// Puts a state. If a later one replaces an urgent one, it is urgent too.
std::uint64_t WriteQueue::put(SavedRuleState state) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = state.number = ++states_;
        state.urgent = state.urgent || (content_.rule_state && content_.rule_state->urgent);
        content_.rule_state = std::move(state);
        urgent_ = true;
    }
    ring();
    return number;
}

std::uint64_t WriteQueue::put(SiteMode mode, std::string who) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        content_.mode = mode;
        content_.mode_by = std::move(who);
        number = content_.mode_order = ++modes_;
        urgent_ = true;
    }
    ring();
    return number;
}

void WriteQueue::nudge() {
    {
        const std::lock_guard lock(mutex_);
        urgent_ = true;
    }
    ring();
}

void WriteQueue::close() {
    {
        const std::lock_guard lock(mutex_);
        content_.closing = true;
        urgent_ = true;
    }
    ring();
}

void WriteQueue::wait(std::chrono::steady_clock::time_point until, const FileWatch* watch) {
    for (bool seen = false; !seen;) {
        {
            const std::lock_guard lock(mutex_);
            if (urgent_) return;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return;
        const auto step = std::min(left, bell_ >= 0 ? longest_wait : wait_without_bell);
        // poll() ignores -1
        std::array<pollfd, 2> waiting{{{bell_, POLLIN, 0}, {watch != nullptr ? watch->descriptor() : -1, POLLIN, 0}}};
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(step.count())) <= 0) continue;
        eventfd_t rung = 0;
        if (waiting[0].revents != 0) [[maybe_unused]]
            const int result = ::eventfd_read(bell_, &rung);
        seen = waiting[1].revents != 0;
    }
}

WriteQueueContent WriteQueue::take(std::chrono::steady_clock::time_point until, const FileWatch* watch) {
    wait(until, watch);
    const std::lock_guard lock(mutex_);
    urgent_ = false;
    WriteQueueContent taken = std::exchange(content_, {});
    content_.closing = taken.closing;
    content_.mode_order = taken.mode_order;
    return taken;
}

std::size_t WriteQueue::size() const {
    const std::lock_guard lock(mutex_);
    return content_.telemetry.size() + content_.history.size() + (content_.rule_state ? 1 : 0) + (content_.mode ? 1 : 0);
}

std::uint64_t WriteQueue::dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
}

}  // namespace volt
