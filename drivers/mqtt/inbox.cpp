#include "drivers/mqtt/inbox.hpp"

#include <string_view>
#include <utility>

#include "drivers/source.hpp"

namespace volt {

void Inbox::put(const std::string& topic, const std::string& payload, bool retained) noexcept {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const std::size_t size = topic.size() + payload.size();
    const bool fits = topic.size() <= most_topic_bytes && payload.size() <= most_payload_ &&
                      content_.messages.size() < most_messages && bytes_ + size <= most_bytes;
    try {
        if (!fits) {
            ++content_.dropped;
            if (wake_ && topic != echo_) wake_();
            return;
        }
        Received message;
        message.topic = topic;
        message.payload = payload;
        message.retained = retained;
        message.at = monotonic_now();
        const bool wake = wake_ && wakes(message);
        content_.messages.push_back(std::move(message));
        bytes_ += size;
        if (wake) wake_();
    } catch (...) { ++content_.dropped; }
}

/// Returns true if a message wakes the loop. The loop turns within a tick anyway: only a sender that waits for an answer benefits
/// from waking it.
bool Inbox::wakes(const Received& message) const {
    if (message.topic == echo_) return false;
    if (echo_.empty() || message.at < awaited_until_ || content_.messages.size() >= most_messages / 2 || bytes_ >= most_bytes / 2)
        return true;
    return message.topic.starts_with(std::string_view(echo_).substr(0, echo_.rfind('/') + 1));
}

void Inbox::await_until(Time until) {
    const std::lock_guard lock(mutex_);
    awaited_until_ = until;
}

void Inbox::put(LinkEvent event) noexcept {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool minor = event.kind >= LinkEvent::Kind::echo_acked;
    if (content_.events.size() >= (minor ? most_events / 2 : most_events)) return;
    try {
        event.at = monotonic_now();
        const bool wakes = wake_ && event.kind != LinkEvent::Kind::echo_acked;
        content_.events.push_back(std::move(event));
        if (wakes) wake_();
    } catch (...) { ++content_.dropped; }
}

Inbox::Content Inbox::take() {
    const std::lock_guard lock(mutex_);
    bytes_ = 0;
    return std::exchange(content_, Content{});
}

void Inbox::accept_payloads(std::size_t most) {
    const std::lock_guard lock(mutex_);
    most_payload_ = most;
}

void Inbox::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_ = nullptr;
}

}  // namespace volt
