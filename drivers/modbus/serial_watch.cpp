#include "drivers/modbus/serial_watch.hpp"

#include <algorithm>

namespace volt::modbus {

constexpr std::size_t shortest_serial = 6;

std::string SerialNumbers::claim(const std::string& source, const std::string& serial) {
    const std::lock_guard lock(mutex_);
    const auto owner =
        std::ranges::find_if(serials_, [&](const auto& entry) { return entry.first != source && entry.second == serial; });
    if (owner != serials_.end()) return owner->first;
    serials_[source] = serial;
    return {};
}

std::optional<Failure> SerialWatch::judge(const Answers& answers) {
    const auto serial = decode_text(row_, answers);
    const bool legible = serial && serial->size() >= shortest_serial && serial->find('?') == std::string::npos;
    if (!legible) return std::nullopt;
    if (known_.empty()) known_ = *serial;
    if (*serial != known_) {
        return Failure{Fault::wrong_device, "serial number " + *serial + ", previously " + known_ +
                                                ": another device has this address (if it was replaced, accept the new "
                                                "one with systemctl reload voltd)"};
    }
    const std::string other = serials_ ? serials_->claim(source_, *serial) : std::string();
    if (other.empty()) return std::nullopt;
    return Failure{Fault::wrong_device, "serial number " + *serial + " is the one of " + other +
                                            ": the same inverter would count twice (their units must differ)"};
}

}  // namespace volt::modbus
