#include "drivers/modbus/serial_watch.hpp"

namespace volt::modbus {

constexpr std::size_t shortest_serial = 6;

std::optional<Failure> SerialWatch::judge(const Answers& answers) {
    const auto serial = decode_text(row_, answers);
    const bool legible = serial && serial->size() >= shortest_serial && serial->find('?') == std::string::npos;
    if (!legible) return std::nullopt;
    if (known_.empty()) known_ = *serial;
    if (*serial == known_) return std::nullopt;
    return Failure{Fault::wrong_device, "serial number " + *serial + ", before it was " + known_ +
                                            ": another device has this address (restart voltd if it was exchanged)"};
}

}  // namespace volt::modbus
