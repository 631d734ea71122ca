#include "drivers/sim/frame.hpp"

namespace volt::sim {

namespace {

constexpr std::size_t header = 7;  // transaction, protocol, length, unit
constexpr std::size_t longest_rtu = 256;

std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] * 256 + bytes[at + 1]);
}

void put_word(Bytes& bytes, std::uint16_t word) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

Taken take_tcp(std::span<const std::uint8_t> buffer) {
    Taken taken;
    if (buffer.size() < header + 1) return taken;
    const std::size_t length = word_at(buffer, 4);
    if (length < 2 || length > 254) return {std::nullopt, 0, true};
    if (buffer.size() < 6 + length) return taken;
    const auto pdu = buffer.subspan(header, length - 1);
    taken.request = Request{word_at(buffer, 0), buffer[6], Bytes(pdu.begin(), pdu.end())};
    taken.used = 6 + length;
    return taken;
}

/// Returns the length of a serial request by its function, or 0 if it is not known yet or the function is unknown.
std::size_t rtu_length(std::span<const std::uint8_t> buffer) {
    if (buffer.size() < 7) return 0;
    return buffer[1] == 16 ? std::size_t{9} + buffer[6] : std::size_t{8};
}

Taken take_rtu(std::span<const std::uint8_t> buffer) {
    Taken taken;
    const std::size_t length = rtu_length(buffer);
    if (length == 0 || buffer.size() < length) {
        if (buffer.size() > longest_rtu) taken.used = buffer.size();
        return taken;
    }
    const std::uint16_t crc = crc16(buffer.first(length - 2));
    if (buffer[length - 2] != (crc & 0xFF) || buffer[length - 1] != crc >> 8) {
        taken.used = buffer.size();  // a bus silently drops an invalid frame
        return taken;
    }
    const auto pdu = buffer.subspan(1, length - 3);
    taken.request = Request{0, buffer[0], Bytes(pdu.begin(), pdu.end())};
    taken.used = length;
    return taken;
}

std::optional<Bytes> answer_read(Registers& registers, const Request& request, Spoil spoil) {
    const std::uint8_t function = request.pdu[0];
    const std::uint16_t asked = word_at(request.pdu, 1), count = word_at(request.pdu, 3);
    if (count < 1 || count > 125) return exception_pdu(function, illegal_value);
    const auto first = static_cast<std::uint16_t>(asked + (spoil == Spoil::next_register ? 1 : 0));
    ReadAnswer answer = registers.read(request.unit, function, first, count);
    if (spoil == Spoil::next_register && answer.exception != no_exception) {
        answer = registers.read(request.unit, function, asked, count);
    }
    if (answer.exception == no_answer) return std::nullopt;
    if (answer.exception != no_exception) return exception_pdu(function, answer.exception);
    Bytes pdu = {function, static_cast<std::uint8_t>(2 * count)};
    for (const std::uint16_t word : answer.words) put_word(pdu, spoil == Spoil::zeros ? std::uint16_t{0} : word);
    return pdu;
}

std::optional<Bytes> answer_write(Registers& registers, const Request& request) {
    const Bytes& pdu = request.pdu;
    const std::uint8_t function = pdu[0];
    std::vector<std::uint16_t> words;
    if (function == 6) {
        words = {word_at(pdu, 3)};
    } else {
        const std::size_t count = word_at(pdu, 3);
        if (count < 1 || count > 123 || pdu.size() != 6 + 2 * count || pdu[5] != 2 * count) {
            return exception_pdu(function, illegal_value);
        }
        for (std::size_t i = 0; i < count; ++i) words.push_back(word_at(pdu, 6 + 2 * i));
    }
    const std::uint8_t exception = registers.write(request.unit, function, word_at(pdu, 1), words);
    if (exception == no_answer) return std::nullopt;
    if (exception != no_exception) return exception_pdu(function, exception);
    return Bytes(pdu.begin(), pdu.begin() + 5);
}

}  // namespace

std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
    unsigned crc = 0xFFFF;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
    }
    return static_cast<std::uint16_t>(crc);
}

Taken take_frame(Wire wire, std::span<const std::uint8_t> buffer) {
    return wire == Wire::tcp ? take_tcp(buffer) : take_rtu(buffer);
}

Bytes answer_frame(Wire wire, const Request& request, std::span<const std::uint8_t> pdu) {
    Bytes frame;
    if (wire == Wire::tcp) {
        put_word(frame, request.transaction);
        put_word(frame, 0);
        put_word(frame, static_cast<std::uint16_t>(pdu.size() + 1));
    }
    frame.push_back(request.unit);
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    if (wire == Wire::rtu) {
        const std::uint16_t crc = crc16(frame);
        frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
        frame.push_back(static_cast<std::uint8_t>(crc >> 8));
    }
    return frame;
}

Bytes exception_pdu(std::uint8_t function, std::uint8_t exception) {
    return {static_cast<std::uint8_t>(function | 0x80), exception};
}

std::optional<Bytes> answer_pdu(Registers& registers, const Request& request, Spoil spoil) {
    const std::uint8_t function = request.pdu[0];
    const bool reads = function == 3 || function == 4, writes = function == 6 || function == 16;
    if (!reads && !writes) return exception_pdu(function, illegal_function);
    if (request.pdu.size() < 5 || (!(function == 16) && request.pdu.size() != 5)) {
        return exception_pdu(function, illegal_value);
    }
    return reads ? answer_read(registers, request, spoil) : answer_write(registers, request);
}

}  // namespace volt::sim
