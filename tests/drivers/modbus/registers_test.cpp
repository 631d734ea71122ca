#include "drivers/modbus/registers.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::modbus;

namespace {

Decoded decode_words(const Register& row, std::vector<std::uint16_t> words) {
    return decode(row, std::span<const std::uint16_t>(words));
}

constexpr Decoded good(std::int64_t steps) { return {Decode::good, steps}; }

}  // namespace

TEST_CASE("decodes signed and unsigned words") {
    CHECK(decode_words({.type = WordType::u16}, {0xFFCE}) == good(65486));
    CHECK(decode_words({.type = WordType::s16}, {0xFFCE}) == good(-50));
    CHECK(decode_words({.type = WordType::s16}, {0x8000}) == good(-32768));
}

TEST_CASE("decodes 32-bit values in both word orders, and with a gap") {
    CHECK(decode_words({.type = WordType::u32}, {0x0001, 0x1170}) == good(70000));
    CHECK(decode_words({.type = WordType::s32}, {0xFFFE, 0xEE90}) == good(-70000));
    CHECK(decode_words({.type = WordType::u32, .order = WordOrder::low_first}, {0x86A0, 0x0001}) == good(100000));
    CHECK(decode_words({.type = WordType::u32, .order = WordOrder::low_first, .stride = 2}, {1, 6000, 1}) == good(65537));
    CHECK(decode_words({.type = WordType::u32, .stride = 2}, {1, 2}).state == Decode::not_read);
}

TEST_CASE("decodes a 64-bit clock, and refuses an invalid one") {
    const Register clock{.type = WordType::u64};
    CHECK(decode_words(clock, {0, 0, 0x6553, 0xF100}) == good(1'700'000'000));
    CHECK(decode_words(clock, {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF}).state == Decode::implausible);
}

TEST_CASE("scales by offset, factor and divisor, rounding symmetrically") {
    CHECK(decode_words({.type = WordType::u16, .multiply = -1, .offset = -1000}, {1200}) == good(-200));
    CHECK(decode_words({.type = WordType::s16, .divide = 10}, {2155}) == good(216));
    CHECK(decode_words({.type = WordType::s16, .divide = 10}, {static_cast<std::uint16_t>(-2155)}) == good(-216));
    CHECK(decode_words({.type = WordType::s16, .divide = 10}, {static_cast<std::uint16_t>(-2154)}) == good(-215));
}

TEST_CASE("distinguishes no data from implausible") {
    const Register row{.multiply = 10, .zero_is_no_data = true, .low = 0, .high = 65'000};
    CHECK(decode_words(row, {0}).state == Decode::no_data);
    CHECK(decode_words(row, {6500}) == good(65'000));
    CHECK(decode_words(row, {6501}).state == Decode::implausible);
    CHECK(decode_words({.high = 0}, {0}) == good(0));
}

TEST_CASE("a variant's limits grow with its scale") {
    constexpr Register tenfold = times({.type = WordType::s16, .low = -100, .high = 100}, 10);
    CHECK(decode_words(tenfold, {100}) == good(1000));
    CHECK(decode_words(tenfold, {101}).state == Decode::implausible);
    CHECK(decode_words(times({.type = WordType::s16}, 10), {0x7FFF}) == good(327'670));
}

TEST_CASE("spacers, texts and unread words are not values") {
    CHECK(decode_words({.type = WordType::spacer}, {0xFFFF}).state == Decode::not_read);
    CHECK(decode_words({.type = WordType::text, .text_words = 1}, {0x3031}).state == Decode::not_read);
    CHECK(decode_words({.type = WordType::u32}, {1}).state == Decode::not_read);
    CHECK(decode_words({}, {}).state == Decode::not_read);
}

TEST_CASE("texts end at the first zero without unprintable characters") {
    const Register text{.type = WordType::text, .text_words = 3};
    CHECK(decode_text(text, std::vector<std::uint16_t>{0x6131, 0x6200, 0x6333}) == "a1b");
    CHECK(decode_text(text, std::vector<std::uint16_t>{0x6131, 0x1BFF, 0x6333}) == "a1??c3");
    CHECK_FALSE(decode_text(text, std::vector<std::uint16_t>{0x6131}));
    CHECK_FALSE(decode_text({}, std::vector<std::uint16_t>{0x6131}));
}

TEST_CASE("finds a row in the answer with all its words") {
    const Answers answers{{100, {1, 2, 3}}, {102, {0, 7}}};
    CHECK(decode({.address = 101}, answers) == good(2));
    CHECK(decode({.address = 103}, answers) == good(7));
    CHECK(decode({.address = 102, .type = WordType::u32}, answers) == good(7));
    CHECK(decode({.address = 99}, answers).state == Decode::not_read);
    CHECK(decode({.address = 104}, answers).state == Decode::not_read);
}

TEST_CASE("formats values for people") {
    CHECK(to_text(RegisterUnit::volts, 5230) == "52.30 V");
    CHECK(to_text(RegisterUnit::amps, -5) == "-0.05 A");
    CHECK(to_text(RegisterUnit::watts, -1200) == "-1200 W");
    CHECK(to_text(RegisterUnit::celsius, -10) == "-1.0 °C");
    CHECK(to_text(RegisterUnit::percent, 8530) == "85.30 %");
    CHECK(to_text(RegisterUnit::amp_hours, -220) == "-22.0 Ah");
    CHECK(to_text(RegisterUnit::version_bcd, 0x0360) == "v3.60");
    CHECK(to_text(RegisterUnit::version_byte, 0x0104) == "1.4");
    CHECK(to_text(RegisterUnit::hhmm, 830) == "08:30");
    CHECK(to_text(RegisterUnit::hhmm, 5) == "00:05");
}
