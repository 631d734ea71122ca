// Transport: register words of a unit behind one connection. One request in flight, one deadline for all of an
// exchange, every field of a reply checked. After anything but a clean answer or an exception the socket is closed, so
// that no late reply can ever be read as the answer to another question.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/registers.hpp"
#include "drivers/modbus/stop_event.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

/// Used by one thread only.
class Transport {
public:
    virtual ~Transport() = default;
    /// Makes sure that a clean connection stands; a Failure is always `reconnect`.
    virtual std::optional<Failure> connect() = 0;
    /// Connected, not closed by the device, and no unsolicited bytes pending.
    virtual bool connected() = 0;
    virtual void close() = 0;
    /// Reads holding registers (function 3). REQUIRES: connected. Exactly `stretch.count` words, or a Failure: retry,
    /// unsupported and absent leave the connection standing, reconnect has closed it already.
    virtual Result<std::vector<std::uint16_t>> read(int unit, Stretch stretch) = 0;
    /// Writes one holding register, once. Refused, and nothing sent, unless it is one of the endpoint's `writable`; after
    /// any other Failure it may have been written or not.
    virtual std::optional<Failure> write(int unit, std::uint16_t address, std::uint16_t value) = 0;
    /// The last exchange failed because the device closed the connection before it sent a byte: it accepts no client
    /// now, for any unit. A timeout does not count.
    virtual bool turned_away() const = 0;
    /// Returns a fault of the line that does not keep answers from being read, or "".
    virtual std::string remark() const { return {}; }
};

/// A register that may be written, and how its device takes it.
struct Writable {
    int unit = 0;
    std::uint16_t address = 0;
    std::uint8_t function = 6;  ///< 6, or 16 with one register
    bool operator==(const Writable&) const = default;
};

struct Endpoint {
    std::string host;  ///< name, IPv4 or IPv6
    int port = 502;
    Framing framing = Framing::tcp;
    Duration timeout = 1000ms;         ///< for the connect, and for a whole exchange
    Duration gap{};                    ///< silence between a reply and the next request (slow serial lines behind a gateway)
    std::vector<Writable> writable{};  ///< charge limits that are voltd's to set; nothing else is ever written
};

/// A transport over TCP by libmodbus. `stop` must outlive it; once set, every call ends soon with a Failure.
std::unique_ptr<Transport> make_transport(const Endpoint& endpoint, const StopEvent& stop);

}  // namespace volt::modbus
