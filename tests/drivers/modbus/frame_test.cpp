#include "drivers/modbus/frame.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace volt;
using namespace volt::modbus;

namespace {

Bytes hex(const std::string& text) {
    Bytes bytes;
    for (std::size_t at = 0; at < text.size(); at += 3) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(at, 2), nullptr, 16)));
    }
    return bytes;
}

using Words = std::vector<std::uint16_t>;

/// Feeds a reply byte by byte, like the transport. Returns the failure, or the words.
Result<Words> fed(Framing framing, const Bytes& bytes, const Request& request, std::uint16_t transaction) {
    const auto frame = make_frame(framing);
    Bytes got;
    for (const std::uint8_t byte : bytes) {
        const auto size = frame->size(got, request, transaction);
        if (!size) return size.failure();
        if (size.value() == got.size()) return Failure{Fault::refused, "more bytes than the reply has"};
        got.push_back(byte);
    }
    const auto size = frame->size(got, request, transaction);
    if (!size) return size.failure();
    if (size.value() != got.size()) return Failure{Fault::refused, "incomplete"};
    const auto pdu = frame->pdu(got);
    if (!pdu) return pdu.failure();
    return understand(pdu.value(), request);
}

Result<Words> fed_tcp(const std::string& text, const Request& request, std::uint16_t transaction) {
    return fed(Framing::tcp, hex(text), request, transaction);
}
Result<Words> fed_rtu(const std::string& text, const Request& request) { return fed(Framing::rtu, hex(text), request, 0); }

Bytes tcp(const Request& request, std::uint16_t transaction) { return make_frame(Framing::tcp)->encode(request, transaction); }
Bytes rtu(const Request& request) { return make_frame(Framing::rtu)->encode(request, 99); }

const Request read_840 = read_request(100, {840, 7});
const Request read_183 = read_request(1, {183, 1});

Fault fault_of(const Result<Words>& result) {
    REQUIRE_FALSE(result.ok());
    return result.failure().fault;
}

}  // namespace

TEST_CASE("encodes TCP requests") {
    CHECK(tcp(read_840, 1) == hex("00 01 00 00 00 06 64 03 03 48 00 07"));
    CHECK(tcp(read_183, 1) == hex("00 01 00 00 00 06 01 03 00 B7 00 01"));
    CHECK(tcp(read_request(1, {166, 31}), 2) == hex("00 02 00 00 00 06 01 03 00 A6 00 1F"));
    CHECK(tcp(write_one_request(100, 2705, 0), 2) == hex("00 02 00 00 00 06 64 06 0A 91 00 00"));
    CHECK(tcp(write_one_request(100, 2705, 0xFFFF), 3) == hex("00 03 00 00 00 06 64 06 0A 91 FF FF"));
    CHECK(tcp(write_one_request(100, 806, 1), 4) == hex("00 04 00 00 00 06 64 06 03 26 00 01"));
}

TEST_CASE("decodes TCP replies") {
    const auto words = fed_tcp("00 01 00 00 00 11 64 03 0E 02 0B FF CE FE FA 00 55 00 02 00 DC 00 64", read_840, 1);
    REQUIRE(words.ok());
    CHECK(words.value() == Words{523, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
    const auto missing = fed_tcp("00 01 00 00 00 11 64 03 0E 00 00 00 00 00 00 00 00 00 00 00 00 00 00", read_840, 1);
    REQUIRE(missing.ok());
    CHECK(missing.value() == Words(7, 0));
    CHECK(fed_tcp("00 01 00 00 00 05 01 03 02 14 6E", read_183, 1).value() == Words{5230});
}

TEST_CASE("exceptions map to the next action") {
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 0A", read_840, 1)) == Fault::absent);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 0B", read_840, 1)) == Fault::absent);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 01", read_840, 1)) == Fault::unsupported);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 02", read_840, 1)) == Fault::unsupported);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 03", read_840, 1)) == Fault::unsupported);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 04", read_840, 1)) == Fault::retry);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 05", read_840, 1)) == Fault::retry);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 06", read_840, 1)) == Fault::retry);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 03 64 83 63", read_840, 1)) == Fault::retry);
    CHECK(fault_of(fed_rtu("01 83 0B 00 F7", read_183)) == Fault::absent);
    CHECK(fault_of(fed_rtu("01 83 02 C0 F1", read_183)) == Fault::unsupported);
}

TEST_CASE("refuses TCP replies that are not the answer") {
    CHECK(fed_tcp("00 02 00 00 00 05 01 03 02 14 6E", read_183, 1).failure().text ==
          "reply with transaction id 2, asked for 1; if this repeats, another program polls the same device");
    CHECK(fault_of(fed_tcp("00 01 00 05 00 05 01 03 02 14 6E", read_183, 1)) == Fault::reconnect);
    CHECK(fed_tcp("00 01 00 00 00 05 02 03 02 14 6E", read_183, 1).failure().text ==
          "reply with unit id 2, asked for 1; if this repeats, another program polls the same device");
    CHECK(fault_of(fed_tcp("00 01 00 00 00 05 01 04 02 14 6E", read_183, 1)) == Fault::reconnect);
    CHECK(fed_tcp("00 01 00 00 00 07 01 03 04 14 6E 00 00", read_183, 1).failure().fault == Fault::reconnect);
    CHECK(fault_of(fed_tcp("00 01 00 00 00 05 01 03 04 14 6E", read_183, 1)) == Fault::reconnect);
    CHECK(fed_tcp("00 01 00 00 00 0F 64 03 0C 02 0B FF CE FE FA 00 55 00 02 00 DC", read_840, 1).failure().fault ==
          Fault::reconnect);
    // The length field has four bytes more, which libmodbus would accept.
    CHECK(fed_tcp("00 01 00 00 00 09 01 03 02 14 6E 00 00 00 00", read_183, 1).failure().text ==
          "reply with length field 9, asked for 5; if this repeats, another program polls the same device");
    CHECK(fault_of(fed_tcp("00 01 00 00 00 04 64 83 02 00", read_840, 1)) == Fault::reconnect);
}

TEST_CASE("encodes RTU requests and decodes replies") {
    CHECK(rtu(read_183) == hex("01 03 00 B7 00 01 34 2C"));
    CHECK(rtu(read_request(1, {190, 2})) == hex("01 03 00 BE 00 02 A4 2F"));
    CHECK(rtu(read_request(1, {166, 31})) == hex("01 03 00 A6 00 1F E4 21"));
    CHECK(rtu(read_request(1, {3, 5})) == hex("01 03 00 03 00 05 75 C9"));
    CHECK(rtu(read_request(1, {0, 1})) == hex("01 03 00 00 00 01 84 0A"));
    CHECK(rtu(write_many_request(1, 232, Words{0})) == hex("01 10 00 E8 00 01 02 00 00 B1 78"));

    CHECK(fed_rtu("01 03 02 14 6E 36 A8", read_183).value() == Words{5230});
    const Request two = read_request(1, {190, 2});
    CHECK(fed_rtu("01 03 04 F7 D4 F0 60 CC 57", two).value() == Words{0xF7D4, 0xF060});
    CHECK(fed_rtu("01 03 04 F4 48 F0 60 0C 3D", two).value() == Words{0xF448, 0xF060});
    CHECK(fed_rtu("01 10 00 E8 00 01 81 FD", write_many_request(1, 232, Words{0})).ok());
}

TEST_CASE("refuses RTU replies that are not the answer") {
    CHECK(fed_rtu("01 03 02 14 6F 36 A8", read_183).failure().text == "reply with a wrong CRC");
    CHECK(fault_of(fed_rtu("01 03 04 F7 D4 F0 60 CC 57", read_183)) == Fault::reconnect);  // two registers for one
    CHECK(fault_of(fed_rtu("79 01 03 02 14 6E 36 A8", read_183)) == Fault::reconnect);     // a stray byte before the reply
    CHECK(fault_of(fed_rtu("02 03 02 14 6E 36 A8", read_183)) == Fault::reconnect);
}

TEST_CASE("detects every flipped bit of an RTU reply") {
    const Bytes good = hex("01 03 02 14 6E 36 A8");
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        Bytes bad = good;
        bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
        CAPTURE(bit);
        CHECK_FALSE(fed(Framing::rtu, bad, read_183, 0).ok());
    }
}

TEST_CASE("refuses a different echo of a write") {
    const Request write = write_one_request(100, 2705, 0);
    CHECK(fed_tcp("00 02 00 00 00 06 64 06 0A 91 00 00", write, 2).ok());
    CHECK(fault_of(fed_tcp("00 02 00 00 00 06 64 06 0A 91 00 01", write, 2)) == Fault::reconnect);
}

TEST_CASE("junk never gives words or requests more than a frame") {
    std::uint64_t state = 42;
    const auto random = [&state] {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>(state >> 33U);
    };
    for (const Framing framing : {Framing::tcp, Framing::rtu}) {
        const auto frame = make_frame(framing);
        const Bytes good = framing == Framing::tcp ? hex("00 01 00 00 00 05 01 03 02 14 6E") : hex("01 03 02 14 6E 36 A8");
        for (int i = 0; i < 50'000; ++i) {
            Bytes bytes = good;
            bytes.resize(random() % 16);
            for (unsigned hits = random() % 4 + 1; hits > 0 && !bytes.empty(); --hits) {
                bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
            }
            const auto size = frame->size(bytes, read_183, 1);
            if (size.ok()) CHECK(size.value() <= 260);
            const auto words = fed(framing, bytes, read_183, 1);
            if (words.ok()) CHECK(words.value().size() == 1);
        }
    }
}
