#include "daemon/mailbox.hpp"

namespace volt {

Mailbox::Mailbox(const std::vector<std::string>& sources) { require(sources); }

void Mailbox::require(const std::vector<std::string>& sources) {
    const std::lock_guard lock(mutex_);
    std::map<std::string, Slot> slots;
    for (const std::string& name : sources) {
        const auto known = slots_.find(name);
        Slot& slot = slots.emplace(name, known != slots_.end() ? known->second : Slot{}).first->second;
        slot.health.name = name;
    }
    slots_ = std::move(slots);
}

SourceSink Mailbox::sink() {
    return {[this](const SourceReading& reading) {
                const std::lock_guard lock(mutex_);
                const auto slot = slots_.find(reading.name);
                if (slot == slots_.end()) return;
                slot->second.reading = reading;
                slot->second.has_reading = true;
                ++slot->second.readings;
            },
            [this](const SourceHealth& health) {
                const std::lock_guard lock(mutex_);
                const auto slot = slots_.find(health.name);
                if (slot != slots_.end()) slot->second.health = health;
            }};
}

std::map<std::string, Mailbox::Slot> Mailbox::read() const {
    const std::lock_guard lock(mutex_);
    return slots_;
}

}  // namespace volt
