// Register tables as data, and the pure decoder from words to values. A device's map is a list of `Register`s (gx_registers,
// sol_ark_registers). Only these tables know scales, signs and the codes for "no data".
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace volt::modbus {

enum class WordType : std::uint8_t {
    u16,
    s16,
    u32,
    s32,
    u64,
    text,    ///< two characters per word, the first in the high byte, zero padded
    spacer,  ///< a reserved word inside a map: read with the others, never a value
};

/// Order of the words of a 32-bit value: a GX sends the high one first, a Sol-Ark the low one.
enum class WordOrder : std::uint8_t { high_first, low_first };

/// Unit of a decoded integer. The step is in the name or next to it.
enum class RegisterUnit : std::uint8_t {
    number,        ///< counts, codes, bit fields
    volts,         ///< 10 mV
    amps,          ///< 10 mA
    watts,         ///< 1 W
    celsius,       ///< 0.1 K
    percent,       ///< 0.01 %
    hertz,         ///< 10 mHz
    amp_hours,     ///< 0.1 Ah
    watt_hours,    ///< 1 Wh
    seconds,       ///< 1 s
    version_bcd,   ///< 0x0360 is 3.60
    version_byte,  ///< 0x0104 is 1.4
    hhmm,          ///< 830 is 08:30
};

/// One row of a map: the place of the words, and steps = (raw + offset) * multiply / divide, to the nearest.
struct Register {
    std::uint16_t address = 0;
    const char* name = "";
    WordType type = WordType::u16;
    RegisterUnit unit = RegisterUnit::number;
    std::int32_t multiply = 1;                                     ///< negative reverses the sign
    std::int32_t divide = 1;                                       ///< above 0
    std::int32_t offset = 0;                                       ///< added to the raw number (Sol-Ark temperatures: -1000)
    bool zero_is_no_data = false;                                  ///< the device answers 0 for a value that it does not have
    std::int64_t low = std::numeric_limits<std::int64_t>::min();   ///< steps; a smaller number is not a value of this register
    std::int64_t high = std::numeric_limits<std::int64_t>::max();  ///< steps; a larger number is not a value of this register
    WordOrder order = WordOrder::high_first;
    std::uint8_t stride = 1;      ///< distance of the second word (2 if another value is in between)
    std::uint8_t text_words = 0;  ///< length of a text
};

enum class Decode : std::uint8_t {
    good,
    no_data,      ///< the device reports that it has no such value
    implausible,  ///< a word that cannot be this value (sentinels, wrapped and saturated numbers)
    not_read,     ///< the words are not among the answers, or the row is a spacer or a text
};

struct Decoded {
    Decode state = Decode::not_read;
    std::int64_t steps = 0;  ///< only if `good` or `implausible`

    bool good() const { return state == Decode::good; }
    bool operator==(const Decoded&) const = default;
};

/// A stretch of registers that one request reads.
struct Stretch {
    std::uint16_t address = 0;
    std::uint16_t count = 0;  ///< 1..125

    bool operator==(const Stretch&) const = default;
};

/// Words of one stretch in an answer.
struct Answer {
    std::uint16_t address = 0;
    std::vector<std::uint16_t> words;

    bool operator==(const Answer&) const = default;
};
using Answers = std::vector<Answer>;

/// Returns the number of words from the first to the last address of the row.
std::uint16_t span_of(const Register& row);

/// Decodes a row from words that begin at its address; too few give `not_read`.
Decoded decode(const Register& row, std::span<const std::uint16_t> words);

/// Decodes a row from the answer that contains all its words.
Decoded decode(const Register& row, const Answers& answers);

/// Returns a text row, cut at the first zero, with unprintable characters as '?'. Empty for other rows or too few words.
std::optional<std::string> decode_text(const Register& row, std::span<const std::uint16_t> words);
std::optional<std::string> decode_text(const Register& row, const Answers& answers);

/// Returns the words of a row from the answer that contains all of them, or empty if none does.
std::span<const std::uint16_t> words_of(const Register& row, const Answers& answers);

/// Returns the row for a device variant whose step is `factor` times as large (10 W, 0.1 A). Limits that are set grow with it.
constexpr Register times(Register row, std::int32_t factor) {
    row.multiply *= factor;
    if (row.low != std::numeric_limits<std::int64_t>::min()) row.low *= factor;
    if (row.high != std::numeric_limits<std::int64_t>::max()) row.high *= factor;
    return row;
}

/// Formats a value for people: "52.30 V", "-10.00 A", "v3.60", "08:30".
std::string to_text(RegisterUnit unit, std::int64_t steps);

/// Returns the row of a map with this address, or null if there is none. A linear search: a map has under 100 rows.
const Register* find(std::span<const Register> map, std::uint16_t address);

}  // namespace volt::modbus
