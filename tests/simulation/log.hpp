// Log of a stretch: a line for each change, integers only, and a hash that differs when any line does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace volt::simulation {

/// FNV-1a over bytes, and over numbers lowest byte first: identical on every machine.
class Hash {
public:
    void add(std::string_view text) {
        for (const char c : text) mix(static_cast<unsigned char>(c));
    }
    void add(std::uint64_t number) {
        for (int i = 0; i < 8; ++i, number >>= 8) mix(static_cast<unsigned char>(number & 0xFF));
    }
    std::uint64_t value() const { return value_; }

private:
    void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3ULL; }
    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

class Log {
public:
    /// Makes a log. `keep` keeps all lines, otherwise only their hash and the last few lines.
    explicit Log(bool keep) : keep_(keep) {}
    void line(const std::string& text);
    std::uint64_t hash() const { return hash_.value(); }
    const std::string& text() const { return text_; }
    /// Returns the last lines, for the context of a violation.
    std::string tail() const;

private:
    bool keep_;
    Hash hash_;
    std::string text_;
};

}  // namespace volt::simulation
