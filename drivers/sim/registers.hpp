// Answers of a simulated device to Modbus requests, without sockets and framing.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace volt::sim {

constexpr std::uint8_t no_exception = 0;
constexpr std::uint8_t illegal_function = 1, illegal_address = 2, illegal_value = 3;
constexpr std::uint8_t no_path = 10, no_target = 11;
constexpr std::uint8_t no_answer = 255;  ///< the device does not reply

struct ReadAnswer {
    std::uint8_t exception = no_exception;
    std::vector<std::uint16_t> words;
};

/// Registers of one device, with all its units.
class Registers {
public:
    virtual ~Registers() = default;
    /// Reads registers: `function` 3 or 4, `count` 1..125.
    virtual ReadAnswer read(std::uint8_t unit, std::uint8_t function, std::uint16_t first, std::uint16_t count) = 0;
    /// Writes registers: `function` 6 or 16. Returns an exception or `no_exception`.
    virtual std::uint8_t write(std::uint8_t unit, std::uint8_t function, std::uint16_t first,
                               std::span<const std::uint16_t> words) = 0;
    /// Freezes the values while true; the device still answers.
    virtual void freeze(bool frozen) = 0;
};

/// Register words by address, filled by value type.
class Image {
public:
    void put(int address, std::int64_t value) { words_[address] = static_cast<std::uint16_t>(value & 0xFFFF); }
    void put_high_first(int address, std::int64_t value) {
        put(address, value >> 16);
        put(address + 1, value);
    }
    void put_low_first(int address, std::int64_t value) {
        put(address, value);
        put(address + 1, value >> 16);
    }
    /// Puts a text with two characters per register, the first in the high byte, zero padded.
    void put_text(int address, std::string_view text);
    /// Returns the word, or 0 if none was put: these devices answer 0 for "no data".
    std::uint16_t at(int address) const {
        const auto found = words_.find(address);
        return found == words_.end() ? std::uint16_t{0} : found->second;
    }

private:
    std::map<int, std::uint16_t> words_;
};

}  // namespace volt::sim
