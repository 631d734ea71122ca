#include "drivers/sim/frame.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/sim/hex.hpp"

using namespace volt::sim;
using namespace volt::sim::testing;

namespace {

/// Register n contains n; unit 9 does not answer, unit 7 answers exception 10.
class Counting : public Registers {
public:
    ReadAnswer read(std::uint8_t unit, std::uint8_t, std::uint16_t first, std::uint16_t count) override {
        if (unit == 9) return {no_answer, {}};
        if (unit == 7) return {no_path, {}};
        ReadAnswer answer;
        for (std::uint16_t i = 0; i < count; ++i) answer.words.push_back(static_cast<std::uint16_t>(first + i));
        return answer;
    }
    std::uint8_t write(std::uint8_t, std::uint8_t, std::uint16_t, std::span<const std::uint16_t> words) override {
        written.assign(words.begin(), words.end());
        return no_exception;
    }
    void freeze(bool) override {}
    std::vector<std::uint16_t> written;
};

std::string pdu_of(const std::string& request, Spoil spoil = Spoil::nothing) {
    Counting registers;
    const auto pdu = answer_pdu(registers, {1, 1, bytes_of(request)}, spoil);
    return pdu ? hex_of(*pdu) : "nothing";
}

}  // namespace

TEST_CASE("frame: takes a TCP request once it is complete") {
    const Bytes two = bytes_of("00 01 00 00 00 06 64 03 03 48 00 07 00 02 00 00");
    for (std::size_t size = 0; size < 12; ++size) { CHECK_FALSE(take_frame(Wire::tcp, std::span(two).first(size)).request); }
    const Taken taken = take_frame(Wire::tcp, two);
    REQUIRE(taken.request);
    CHECK(taken.used == 12);
    CHECK(taken.request->transaction == 1);
    CHECK(taken.request->unit == 100);
    CHECK(hex_of(taken.request->pdu) == "03 03 48 00 07");
}

TEST_CASE("frame: an impossible TCP length closes the connection") {
    CHECK(take_frame(Wire::tcp, bytes_of("00 01 00 00 00 01 64 03")).broken);
    CHECK(take_frame(Wire::tcp, bytes_of("00 01 00 00 FF FF 64 03")).broken);
}

TEST_CASE("frame: accepts serial frames from public examples") {
    for (const char* text : {"01 03 00 B7 00 01 34 2C", "01 03 00 BE 00 02 A4 2F", "01 03 00 A6 00 1F E4 21",
                             "01 03 00 03 00 05 75 C9", "01 03 00 00 00 01 84 0A"}) {
        const Taken taken = take_frame(Wire::rtu, bytes_of(text));
        CHECK(taken.request);
        CHECK(taken.used == 8);
    }
    const Request asked{0, 1, {}};
    CHECK(hex_of(answer_frame(Wire::rtu, asked, bytes_of("03 02 14 6E"))) == "01 03 02 14 6E 36 A8");
    CHECK(hex_of(answer_frame(Wire::rtu, asked, bytes_of("03 04 F7 D4 F0 60"))) == "01 03 04 F7 D4 F0 60 CC 57");
    CHECK(hex_of(answer_frame(Wire::rtu, asked, bytes_of("83 0B"))) == "01 83 0B 00 F7");
    CHECK(take_frame(Wire::rtu, bytes_of("01 10 00 E8 00 01 02 00 00 B1 78")).used == 11);
    CHECK(hex_of(answer_frame(Wire::rtu, asked, bytes_of("10 00 E8 00 01"))) == "01 10 00 E8 00 01 81 FD");
}

TEST_CASE("frame: silently drops a serial frame with a flipped bit") {
    const Taken taken = take_frame(Wire::rtu, bytes_of("01 03 00 B7 00 01 35 2C"));
    CHECK_FALSE(taken.request);
    CHECK_FALSE(taken.broken);
    CHECK(taken.used == 8);
}

TEST_CASE("frame: reads return words, or spoiled ones") {
    CHECK(pdu_of("03 00 10 00 02") == "03 04 00 10 00 11");
    CHECK(pdu_of("03 00 10 00 02", Spoil::zeros) == "03 04 00 00 00 00");
    CHECK(pdu_of("03 00 10 00 02", Spoil::next_register) == "03 04 00 11 00 12");
}

TEST_CASE("frame: invalid quantities, lengths and functions are exceptions") {
    CHECK(pdu_of("03 00 10 00 00") == "83 03");
    CHECK(pdu_of("03 00 10 00 7E") == "83 03");
    CHECK(pdu_of("03 00 10 00 7D").size() == (2 + 250) * 3 - 1);
    CHECK(pdu_of("03 00 10") == "83 03");
    CHECK(pdu_of("01 00 10 00 01") == "81 01");
    CHECK(pdu_of("10 00 10 00 02 03 00 01 00 02") == "90 03");
    CHECK(pdu_of("10 00 10 00 02 04 00 01 00") == "90 03");
}

TEST_CASE("frame: echoes writes as in the standard") {
    CHECK(pdu_of("06 0A 91 FF FF") == "06 0A 91 FF FF");
    CHECK(pdu_of("10 00 E8 00 02 04 00 01 00 02") == "10 00 E8 00 02");
}

TEST_CASE("frame: leaves a silent device's requests unanswered") {
    Counting registers;
    CHECK_FALSE(answer_pdu(registers, {1, 9, bytes_of("03 00 10 00 01")}, Spoil::nothing));
    CHECK(hex_of(*answer_pdu(registers, {1, 7, bytes_of("03 00 10 00 01")}, Spoil::nothing)) == "83 0A");
}
