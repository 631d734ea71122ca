#include "daemon/mailbox.hpp"

namespace volt {

Mailbox::Mailbox(std::vector<std::string> sources) {
    for (std::string& name : sources) {
        Slot slot;
        slot.health.name = name;
        slots_.emplace(std::move(name), std::move(slot));
    }
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
