#include "daemon/site/mailbox.hpp"

#include <algorithm>
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
                if (take(reading) && on_urgent_) on_urgent_();
            },
            [this](const SourceHealth& health) {
                const std::lock_guard lock(mutex_);
                const auto slot = slots_.find(health.name);
                if (slot != slots_.end()) slot->second.health = health;
            }};
}

/// Returns true if the reading is urgent.
bool Mailbox::take(const SourceReading& reading) {
    const std::lock_guard lock(mutex_);
    const auto slot = slots_.find(reading.name);
    if (slot == slots_.end()) return false;
    const bool first = !slot->second.has_reading;
    const bool same_poll = !first && slot->second.reading.taken == reading.taken;
    slot->second.reading = reading;
    if (same_poll) return false;  // its voltage was already processed
    slot->second.has_reading = true;
    slot->second.arrived = monotonic_now();
    ++slot->second.readings;
    const bool awaited = awaited_.empty() ? reading.voltage.has_value() : reading.name == awaited_;
    if (!first && !awaited) return false;
    if (!urgent_) urgent_ = slot->second.arrived;
    return true;
}

void Mailbox::await(const std::string& source) {
    const std::lock_guard lock(mutex_);
    awaited_ = source;
}

std::optional<Time> Mailbox::take_urgent() {
    const std::lock_guard lock(mutex_);
    return std::exchange(urgent_, std::nullopt);
}

std::map<std::string, Mailbox::LatestReading> Mailbox::read() const {
    const std::lock_guard lock(mutex_);
    return slots_;
}

void Mailbox::read(std::map<std::string, LatestReading>& over) const {
    const std::lock_guard lock(mutex_);
    const auto same_source = [](const auto& a, const auto& b) { return a.first == b.first; };
    if (!std::equal(slots_.begin(), slots_.end(), over.begin(), over.end(), same_source)) {
        over = slots_;
        return;
    }
    auto to = over.begin();
    for (const auto& [name, slot] : slots_) (to++)->second = slot;
}

}  // namespace volt
