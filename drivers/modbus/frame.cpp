#include "drivers/modbus/frame.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace volt::modbus {
namespace {

constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t exception_size = 2;  // function and code
constexpr std::size_t mbap_size = 7;       // transaction, protocol, length, unit
constexpr std::size_t crc_size = 2;

std::uint8_t high_byte(std::uint16_t word) { return static_cast<std::uint8_t>(word >> 8U); }
std::uint8_t low_byte(std::uint16_t word) { return static_cast<std::uint8_t>(word & 0xFFU); }
std::uint16_t word_at(ByteView bytes, std::size_t at) { return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]); }

void append(Bytes& bytes, std::uint16_t word) {
    bytes.push_back(high_byte(word));
    bytes.push_back(low_byte(word));
}

Failure lost(std::string what, std::size_t got, std::size_t wanted) {
    return {Fault::reconnect, "reply with " + std::move(what) + " " + std::to_string(got) + ", asked for " +
                                  std::to_string(wanted) + "; if this repeats, another program polls the same device"};
}

/// Returns the size of a reply's PDU from its first bytes (one or more), or a Failure if it cannot be the answer to `request`.
Result<std::size_t> pdu_size(ByteView pdu, const Request& request) {
    const std::uint8_t function = request.pdu[0];
    if (pdu[0] == (function | exception_bit)) return exception_size;
    if (pdu[0] != function) return lost("function code", pdu[0], function);
    if (function == 3 && pdu.size() > 1 && pdu[1] + 2U != request.reply_size) {
        return lost("byte count", pdu[1], request.reply_size - 2);
    }
    return request.reply_size;
}

class TcpFrame : public Frame {
public:
    Bytes encode(const Request& request, std::uint16_t transaction) const override {
        Bytes bytes;
        bytes.reserve(mbap_size + request.pdu.size());
        append(bytes, transaction);
        append(bytes, 0);
        append(bytes, static_cast<std::uint16_t>(request.pdu.size() + 1));
        bytes.push_back(request.unit);
        bytes.insert(bytes.end(), request.pdu.begin(), request.pdu.end());
        return bytes;
    }

    Result<std::size_t> size(ByteView got, const Request& request, std::uint16_t transaction) const override {
        if (got.size() >= 2 && word_at(got, 0) != transaction) { return lost("transaction id", word_at(got, 0), transaction); }
        if (got.size() >= 4 && word_at(got, 2) != 0) return lost("protocol id", word_at(got, 2), 0);
        if (got.size() >= mbap_size && got[6] != request.unit) return lost("unit id", got[6], request.unit);
        if (got.size() <= mbap_size) return mbap_size + 1;
        const auto size = pdu_size(got.subspan(mbap_size), request);
        if (!size) return size.failure();
        if (word_at(got, 4) != size.value() + 1) return lost("length field", word_at(got, 4), size.value() + 1);
        return mbap_size + size.value();
    }

    std::size_t whole(const Request& request) const override { return mbap_size + request.reply_size; }

    Result<ByteView> pdu(ByteView reply) const override {
        assert(reply.size() > mbap_size);
        return reply.subspan(mbap_size);
    }

    std::size_t most_before() const override { return 0; }
    int last_unit() const override { return 255; }
};

class RtuFrame : public Frame {
public:
    Bytes encode(const Request& request, std::uint16_t) const override {
        Bytes bytes;
        bytes.reserve(1 + request.pdu.size() + crc_size);
        bytes.push_back(request.unit);
        bytes.insert(bytes.end(), request.pdu.begin(), request.pdu.end());
        const std::uint16_t crc = crc16(bytes);
        bytes.push_back(low_byte(crc));
        bytes.push_back(high_byte(crc));
        return bytes;
    }

    Result<std::size_t> size(ByteView got, const Request& request, std::uint16_t) const override {
        if (!got.empty() && got[0] != request.unit) return lost("unit id", got[0], request.unit);
        if (got.size() < 2) return std::size_t{2};
        const auto size = pdu_size(got.subspan(1), request);
        if (!size) return size.failure();
        return 1 + size.value() + crc_size;
    }

    std::size_t whole(const Request& request) const override { return 1 + request.reply_size + crc_size; }

    Result<ByteView> pdu(ByteView reply) const override {
        assert(reply.size() > 1 + crc_size);
        const ByteView body = reply.first(reply.size() - crc_size);
        const auto sent = static_cast<std::uint16_t>(reply[body.size()] | (reply[body.size() + 1] << 8U));
        if (sent != crc16(body)) return Failure{Fault::reconnect, "reply with a wrong CRC"};
        return body.subspan(1);
    }

    std::size_t most_before() const override { return 16; }  // an echoed request has 8, a write 11
    int last_unit() const override { return 247; }
};

Failure exception(std::uint8_t code) {
    const std::string text = "exception " + std::to_string(code);
    switch (code) {
        case 1: return {Fault::unsupported, text + ", unknown function"};
        case 2: return {Fault::unsupported, text + ", no such register"};
        case 3: return {Fault::unsupported, text + ", value or count not allowed"};
        case 4: return {Fault::retry, text + ", device failure"};
        case 5: return {Fault::retry, text + ", acknowledged, not done yet"};
        case 6: return {Fault::retry, text + ", busy"};
        case 10: return {Fault::absent, text + ", no such unit (gateway path)"};
        case 11: return {Fault::absent, text + ", unit does not answer the gateway"};
        default: return {Fault::retry, text};  // a number from the wire, not an enum
    }
}

}  // namespace

Request read_request(std::uint8_t unit, Stretch stretch) {
    assert(stretch.count >= 1 && stretch.count <= most_registers && stretch.address + stretch.count <= 65'536);
    const auto byte = [](unsigned value) { return static_cast<std::uint8_t>(value & 0xFFU); };
    return {unit,
            {3, byte(stretch.address >> 8U), byte(stretch.address), byte(stretch.count >> 8U), byte(stretch.count)},
            2U + 2U * stretch.count};
}

Request write_one_request(std::uint8_t unit, std::uint16_t address, std::uint16_t value) {
    Request request{unit, {6}, 5};
    append(request.pdu, address);
    append(request.pdu, value);
    return request;
}

Request write_many_request(std::uint8_t unit, std::uint16_t address, std::span<const std::uint16_t> values) {
    assert(!values.empty() && values.size() <= 123);
    Request request{unit, {16}, 5};
    append(request.pdu, address);
    append(request.pdu, static_cast<std::uint16_t>(values.size()));
    request.pdu.push_back(static_cast<std::uint8_t>(2 * values.size()));
    for (const std::uint16_t value : values) append(request.pdu, value);
    return request;
}

std::uint16_t crc16(ByteView bytes) {
    unsigned crc = 0xFFFF;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) ? (crc >> 1U) ^ 0xA001U : crc >> 1U;
    }
    return static_cast<std::uint16_t>(crc);
}

std::unique_ptr<Frame> make_frame(Framing framing) {
    switch (framing) {
        case Framing::tcp: return std::make_unique<TcpFrame>();
        case Framing::rtu: return std::make_unique<RtuFrame>();
    }
    return nullptr;
}

Result<std::optional<ReplyPlace>> find_reply(const Frame& frame, ByteView got, const Request& request,
                                             std::uint16_t transaction) {
    std::optional<Failure> first;
    for (std::size_t at = 0; at <= frame.most_before(); ++at) {
        if (at > 0 && at >= got.size()) return std::optional<ReplyPlace>();
        const ByteView rest = got.subspan(at);
        const auto size = frame.size(rest, request, transaction);
        if (size && rest.size() < size.value()) return std::optional<ReplyPlace>();
        const auto pdu = size ? frame.pdu(rest.first(size.value())) : Result<ByteView>(size.failure());
        if (pdu) return std::optional(ReplyPlace{at, size.value()});
        if (!first) first = pdu.failure();
    }
    return *first;
}

Result<std::vector<std::uint16_t>> understand(ByteView pdu, const Request& request) {
    if (pdu.empty()) return Failure{Fault::reconnect, "empty reply"};
    const auto size = pdu_size(pdu, request);
    if (!size) return size.failure();
    if (pdu.size() != size.value()) return lost("length", pdu.size(), size.value());
    if (pdu[0] & exception_bit) return exception(pdu[1]);
    std::vector<std::uint16_t> words;
    if (pdu[0] == 3) {
        words.reserve(pdu.size() / 2);
        for (std::size_t at = 2; at < pdu.size(); at += 2) words.push_back(word_at(pdu, at));
        return words;
    }
    // The answer to a write repeats the address and the value (or count).
    if (!std::equal(pdu.begin() + 1, pdu.end(), request.pdu.begin() + 1)) {
        return Failure{Fault::reconnect, "echo of a write differs from what was sent"};
    }
    return words;
}

}  // namespace volt::modbus
