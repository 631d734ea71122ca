// Transport: register words of a unit behind one connection. One request in flight, one deadline for a whole exchange, every
// field of a reply checked. After anything but a clean answer or an exception the socket is closed, so that a late reply can
// never be read as the answer to another request.
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

/// A transport. For one thread only.
class Transport {
public:
    virtual ~Transport() = default;
    /// Ensures that a clean connection exists. A Failure is always `reconnect`.
    virtual std::optional<Failure> connect() = 0;
    /// Returns true if connected, not closed by the device, and without unsolicited bytes.
    virtual bool connected() = 0;
    virtual void close() = 0;
    /// Reads holding registers (function 3). Requires a connection. Returns exactly `stretch.count` words, or a Failure: retry,
    /// unsupported and absent keep the connection, reconnect has closed it already.
    virtual Result<std::vector<std::uint16_t>> read(int unit, Stretch stretch) = 0;
    /// Writes one holding register, once. Refuses, and sends nothing, unless it is in the endpoint's `writable`. After any other
    /// Failure it may have been written or not.
    virtual std::optional<Failure> write(int unit, std::uint16_t address, std::uint16_t value) = 0;
    /// Returns true if the last exchange failed because the device closed the connection before it sent a byte: it accepts no
    /// client now, for any unit. A timeout does not count.
    virtual bool turned_away() const = 0;
    /// Returns a fault of the line that does not prevent reading answers, or "".
    virtual std::string remark() const { return {}; }
};

/// A writable register, and the way its device accepts a write.
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
    std::vector<Writable> writable{};  ///< charge limits that voltd sets; nothing else is ever written
};

/// Makes a transport over TCP by libmodbus. `stop` must outlive it; once set, every call soon ends with a Failure.
std::unique_ptr<Transport> make_transport(const Endpoint& endpoint, const StopEvent& stop);

}  // namespace volt::modbus
