#include "daemon/site/mailbox.hpp"

#include <utility>

namespace volt {

Mailbox::Mailbox(const std::vector<std::string>& sources) { require(sources); }

void Mailbox::require(const std::vector<std::string>& sources) {
    const std::lock_guard lock(mutex_);
    std::map<std::string, LatestReading> slots;
    for (const std::string& name : sources) {
        const auto known = slots_.find(name);
        LatestReading& slot = slots.emplace(name, known != slots_.end() ? known->second : LatestReading{}).first->second;
        slot.health.name = name;
    }
    slots_ = std::move(slots);
}

SourceSink Mailbox::sink() {
    return {[this](const SourceReading& reading) {
                if (take(reading) && on_first_) on_first_();
            },
            [this](const SourceHealth& health) {
                const std::lock_guard lock(mutex_);
                const auto slot = slots_.find(health.name);
                if (slot != slots_.end()) slot->second.health = health;
            }};
}

/// Whether it is the first one of its source.
bool Mailbox::take(const SourceReading& reading) {
    const std::lock_guard lock(mutex_);
    const auto slot = slots_.find(reading.name);
    if (slot == slots_.end()) return false;
    const bool first = !slot->second.has_reading;
    slot->second.reading = reading;
    slot->second.has_reading = true;
    slot->second.arrived = monotonic_now();
    ++slot->second.readings;
    first_ = first_ || first;
    return first;
}

bool Mailbox::take_first() {
    const std::lock_guard lock(mutex_);
    return std::exchange(first_, false);
}

std::map<std::string, Mailbox::LatestReading> Mailbox::read() const {
    const std::lock_guard lock(mutex_);
    return slots_;
}

}  // namespace volt
