#include "drivers/store/inbox.hpp"

#include <utility>

namespace volt {

void WriteQueue::make_room() {
    if (content_.telemetry.size() + content_.history.size() < most_) return;
    if (!content_.telemetry.empty())
        content_.telemetry.pop_front();
    else
        content_.history.pop_front();
    ++dropped_;
}

void WriteQueue::put(TelemetryRow row) {
    const std::lock_guard lock(mutex_);
    // Full of history: the newcomer is the oldest telemetry there is.
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
    changed_.notify_one();
}

void WriteQueue::put(SavedRuleState state) {
    {
        const std::lock_guard lock(mutex_);
        content_.rule_state = std::move(state);
        urgent_ = true;
    }
    changed_.notify_one();
}

void WriteQueue::put(SiteMode mode) {
    {
        const std::lock_guard lock(mutex_);
        content_.mode = mode;
        urgent_ = true;
    }
    changed_.notify_one();
}

void WriteQueue::nudge() {
    {
        const std::lock_guard lock(mutex_);
        urgent_ = true;
    }
    changed_.notify_one();
}

void WriteQueue::close() {
    {
        const std::lock_guard lock(mutex_);
        content_.closing = true;
        urgent_ = true;
    }
    changed_.notify_one();
}

WriteQueueContent WriteQueue::take(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return urgent_; });
    urgent_ = false;
    WriteQueueContent taken = std::exchange(content_, {});
    content_.closing = taken.closing;
    return taken;
}

std::size_t WriteQueue::size() const {
    const std::lock_guard lock(mutex_);
    return content_.telemetry.size() + content_.history.size() + (content_.rule_state ? 1 : 0) +
           (content_.mode ? 1 : 0);
}

std::uint64_t WriteQueue::dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
}

}  // namespace volt
