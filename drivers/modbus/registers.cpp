#include "drivers/modbus/registers.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

#include "drivers/decimal.hpp"

namespace volt::modbus {
namespace {

using Words = std::span<const std::uint16_t>;

std::uint32_t pair_of(const Register& row, Words words) {
    const std::uint32_t first = words[0];
    const std::uint32_t second = words[row.stride];
    return row.order == WordOrder::high_first ? (first << 16U) | second : (second << 16U) | first;
}

std::uint64_t quad_of(Words words) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < 4; ++i) all = (all << 16U) | words[i];
    return all;
}

/// Returns the raw number with its sign, or empty if the row has none that fits.
std::optional<std::int64_t> raw_of(const Register& row, Words words) {
    switch (row.type) {
        case WordType::u16: return words[0];
        case WordType::s16: return static_cast<std::int16_t>(words[0]);
        case WordType::u32: return pair_of(row, words);
        case WordType::s32: return static_cast<std::int32_t>(pair_of(row, words));
        case WordType::u64: {
            const std::uint64_t raw = quad_of(words);
            // A larger number overflows with a 16-bit scale, and is not a valid clock.
            if (raw > (1ULL << 40U)) return std::nullopt;
            return static_cast<std::int64_t>(raw);
        }
        case WordType::text:
        case WordType::spacer: return std::nullopt;
    }
    return std::nullopt;
}

/// Rounds to nearest, halves away from zero, the same for both signs.
std::int64_t divide_rounded(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t half = dividend < 0 ? -(divisor / 2) : divisor / 2;
    return (dividend + half) / divisor;
}

template <class... Numbers>
std::string format(const char* pattern, Numbers... numbers) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), pattern, static_cast<unsigned>(numbers)...);
    return text.data();
}

}  // namespace

std::uint16_t span_of(const Register& row) {
    switch (row.type) {
        case WordType::u16:
        case WordType::s16: return 1;
        case WordType::u32:
        case WordType::s32: return static_cast<std::uint16_t>(row.stride + 1);
        case WordType::u64: return 4;
        case WordType::text:
        case WordType::spacer: return std::max<std::uint16_t>(row.text_words, 1);
    }
    return 1;
}

Decoded decode(const Register& row, Words words) {
    assert(row.divide > 0);
    if (words.size() < span_of(row) || row.type == WordType::text || row.type == WordType::spacer) return {};
    const auto raw = raw_of(row, words);
    if (!raw) return {Decode::implausible, 0};
    if (row.zero_is_no_data && *raw == 0) return {Decode::no_data, 0};
    const std::int64_t steps = divide_rounded((*raw + row.offset) * row.multiply, row.divide);
    if (steps < row.low || steps > row.high) return {Decode::implausible, steps};
    return {Decode::good, steps};
}

std::span<const std::uint16_t> words_of(const Register& row, const Answers& answers) {
    for (const Answer& answer : answers) {
        if (row.address < answer.address) continue;
        const std::size_t from = static_cast<std::size_t>(row.address - answer.address);
        if (from + span_of(row) <= answer.words.size()) return Words(answer.words).subspan(from, span_of(row));
    }
    return {};
}

Decoded decode(const Register& row, const Answers& answers) { return decode(row, words_of(row, answers)); }

std::optional<std::string> decode_text(const Register& row, Words words) {
    if (row.type != WordType::text || words.size() < row.text_words) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < row.text_words; ++i) {
        for (const unsigned byte : {static_cast<unsigned>(words[i]) >> 8U, words[i] & 0xFFU}) {
            if (byte == 0) return text;
            text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
        }
    }
    return text;
}

std::optional<std::string> decode_text(const Register& row, const Answers& answers) {
    return decode_text(row, words_of(row, answers));
}

std::string to_text(RegisterUnit unit, std::int64_t steps) {
    switch (unit) {
        case RegisterUnit::number: return decimal(steps, 0);
        case RegisterUnit::volts: return decimal(steps, 2) + " V";
        case RegisterUnit::amps: return decimal(steps, 2) + " A";
        case RegisterUnit::watts: return decimal(steps, 0) + " W";
        case RegisterUnit::celsius: return decimal(steps, 1) + " °C";
        case RegisterUnit::percent: return decimal(steps, 2) + " %";
        case RegisterUnit::hertz: return decimal(steps, 2) + " Hz";
        case RegisterUnit::amp_hours: return decimal(steps, 1) + " Ah";
        case RegisterUnit::watt_hours: return decimal(steps, 0) + " Wh";
        case RegisterUnit::seconds: return decimal(steps, 0) + " s";
        case RegisterUnit::version_bcd: return format("v%x.%02x", (steps >> 8) & 0xFF, steps & 0xFF);
        case RegisterUnit::version_byte: return format("%u.%u", (steps >> 8) & 0xFF, steps & 0xFF);
        case RegisterUnit::hhmm: return format("%02u:%02u", steps / 100, steps % 100);
    }
    return "?";
}

const Register* find(std::span<const Register> map, std::uint16_t address) {
    const auto row = std::ranges::find(map, address, &Register::address);
    return row == map.end() ? nullptr : &*row;
}

}  // namespace volt::modbus
