// Bytes in the notation of the fact sheets: "00 01 00 00".
#pragma once

#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

namespace volt::sim::testing {

inline std::vector<std::uint8_t> bytes_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::uint8_t> bytes;
    for (std::string two; in >> two;) bytes.push_back(static_cast<std::uint8_t>(std::stoi(two, nullptr, 16)));
    return bytes;
}

inline std::string hex_of(const std::vector<std::uint8_t>& bytes) {
    std::string text;
    char two[4];
    for (const std::uint8_t byte : bytes) {
        std::snprintf(two, sizeof two, "%02X", byte);
        text += (text.empty() ? "" : " ") + std::string(two);
    }
    return text;
}

}  // namespace volt::sim::testing
