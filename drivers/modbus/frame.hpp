// Modbus requests and replies as bytes, pure: a PDU (function and data) inside an MBAP header (Modbus TCP) or between a unit byte
// and a CRC-16 (raw RTU over a TCP stream). Checks every field of a reply.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"

namespace volt::modbus {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline constexpr std::uint16_t most_registers = 125;  ///< per request, by the protocol

/// One request: its unit, its PDU, and the length of the PDU of a good reply.
struct Request {
    std::uint8_t unit = 0;
    Bytes pdu;                   ///< function code and data
    std::size_t reply_size = 0;  ///< bytes of the reply's PDU
};

/// Makes a request of function 3. Requires 1 <= stretch.count <= 125 and a stretch that ends at or before 65535.
Request read_request(std::uint8_t unit, Stretch stretch);
/// Makes a request of function 6 for one register.
Request write_one_request(std::uint8_t unit, std::uint16_t address, std::uint16_t value);
/// Makes a request of function 16 for 1..123 registers.
Request write_many_request(std::uint8_t unit, std::uint16_t address, std::span<const std::uint16_t> values);

/// Framing of requests and replies in the byte stream. Stateless.
class Frame {
public:
    virtual ~Frame() = default;
    /// Returns the bytes to send. `transaction` is used only if the framing has one.
    virtual Bytes encode(const Request& request, std::uint16_t transaction) const = 0;
    /// Returns the expected length of a reply from the bytes received so far. The reply is complete when that many bytes have
    /// arrived. A Failure (reconnect) means that this is not the reply to `request`.
    virtual Result<std::size_t> size(ByteView got, const Request& request, std::uint16_t transaction) const = 0;
    /// Returns the total bytes of a good reply; an exception is shorter.
    virtual std::size_t whole(const Request& request) const = 0;
    /// Returns the PDU inside a complete reply, after the checks that need all bytes.
    virtual Result<ByteView> pdu(ByteView reply) const = 0;
    /// Returns the most bytes that may precede a reply: some gateways and lines add them.
    virtual std::size_t most_before() const = 0;
    /// Returns the largest valid unit id.
    virtual int last_unit() const = 0;
};

std::unique_ptr<Frame> make_frame(Framing framing);

/// Position of a reply in the received bytes.
struct ReplyPlace {
    std::size_t at = 0, size = 0;
};

/// Looks for the reply to `request`, after at most `most_before` other bytes. Returns empty if it may still come, a Failure if it
/// cannot.
Result<std::optional<ReplyPlace>> find_reply(const Frame& frame, ByteView got, const Request& request, std::uint16_t transaction);

/// Returns the CRC-16 of Modbus RTU (polynomial 0xA001 reflected, start 0xFFFF), sent low byte first.
std::uint16_t crc16(ByteView bytes);

/// Decodes a reply's PDU: the registers for function 3, none for an echo of a write. An exception is a Failure whose fault
/// selects the reaction; anything that does not answer `request` is a Failure (reconnect).
Result<std::vector<std::uint16_t>> understand(ByteView pdu, const Request& request);

}  // namespace volt::modbus
