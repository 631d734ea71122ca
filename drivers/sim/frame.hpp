// Modbus frames as bytes: MBAP over TCP, or raw RTU with a CRC in the stream. Pure, and independent of the pollers' code.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "drivers/sim/registers.hpp"

namespace volt::sim {

using Bytes = std::vector<std::uint8_t>;

enum class Wire { tcp, rtu };

/// A received request.
struct Request {
    std::uint16_t transaction = 0;  ///< TCP only
    std::uint8_t unit = 0;
    Bytes pdu;  ///< function and data
};

/// Result of parsing a buffer.
struct Taken {
    std::optional<Request> request;
    std::size_t used = 0;  ///< bytes to drop from the front
    bool broken = false;   ///< the stream is invalid: close the connection
};

/// Takes the first complete frame from `buffer`, which may contain part of a frame or several.
Taken take_frame(Wire wire, std::span<const std::uint8_t> buffer);
/// Returns the bytes of `pdu` as the answer to `request`.
Bytes answer_frame(Wire wire, const Request& request, std::span<const std::uint8_t> pdu);
/// Returns the CRC-16 of a serial Modbus frame, low byte first.
std::uint16_t crc16(std::span<const std::uint8_t> bytes);

/// Deliberate error in an answer.
enum class Spoil { nothing, zeros, next_register };

/// Returns the reply to a request: its data, its exception, or empty if the device is silent.
std::optional<Bytes> answer_pdu(Registers& registers, const Request& request, Spoil spoil);
/// Returns an exception as a PDU.
Bytes exception_pdu(std::uint8_t function, std::uint8_t exception);

}  // namespace volt::sim
