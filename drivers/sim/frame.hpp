// Modbus frames as bytes: MBAP over TCP, or raw RTU with a CRC in the stream. Pure; written apart from the pollers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "drivers/sim/registers.hpp"

namespace volt::sim {

using Bytes = std::vector<std::uint8_t>;

enum class Wire { tcp, rtu };

/// One question as it came in.
struct Question {
    std::uint16_t transaction = 0;  ///< TCP only
    std::uint8_t unit = 0;
    Bytes pdu;  ///< function and what follows
};

/// What of a buffer has been understood.
struct Taken {
    std::optional<Question> question;
    std::size_t used = 0;  ///< bytes to drop from the front
    bool broken = false;   ///< the stream makes no sense: hang up
};

/// Takes the first whole frame out of `buffer`, which may hold a part of one or several.
Taken take_frame(Wire wire, std::span<const std::uint8_t> buffer);
/// The bytes that carry `pdu` as the answer to `question`.
Bytes answer_frame(Wire wire, const Question& question, std::span<const std::uint8_t> pdu);
/// CRC-16 of a serial Modbus frame; low byte goes first.
std::uint16_t crc16(std::span<const std::uint8_t> bytes);

/// How an answer is spoilt on purpose.
enum class Spoil { nothing, zeros, next_register };

/// The reply to a request: its data, its exception, or nothing if the device is silent.
std::optional<Bytes> answer_pdu(Registers& registers, const Question& question, Spoil spoil);
/// An exception as a PDU.
Bytes exception_pdu(std::uint8_t function, std::uint8_t exception);

}  // namespace volt::sim
