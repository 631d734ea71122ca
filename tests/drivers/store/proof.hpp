// Shared by the proofs: short by default, long on request (`./dev test store-long`), random with a reported seed.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

namespace volt::test {

inline bool long_run() { return ::getenv("VOLT_STORE_LONG") != nullptr; }

/// Returns the rounds of a proof.
inline int rounds(int quick, int full) { return long_run() ? full : quick; }

/// A small generator, seeded by VOLT_SEED or the clock (splitmix64).
class Dice {
public:
    Dice() {
        const char* given = ::getenv("VOLT_SEED");
        seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                : static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
        state_ = seed;
    }
    std::uint64_t below(std::uint64_t end) {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (z ^ (z >> 31)) % end;
    }
    std::uint64_t seed;

private:
    std::uint64_t state_;
};

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace volt::test
