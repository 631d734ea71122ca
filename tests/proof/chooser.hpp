// Source of choices for an invented site: our own generator, or the bytes of a fuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace volt::proof {

class Chooser {
public:
    virtual ~Chooser() = default;
    /// Returns a number from `low` to `high`, inclusive.
    virtual std::int64_t roll(std::int64_t low, std::int64_t high) = 0;
    bool one_in(std::int64_t n) { return roll(1, n) == 1; }
    template <class T>
    T pick(std::initializer_list<T> list) {
        return list.begin()[roll(0, static_cast<std::int64_t>(list.size()) - 1)];
    }
};

/// Mixes three numbers into one, identically on every machine.
inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
    std::uint64_t x = a * 0x9E3779B97F4A7C15ULL + b * 0xBF58476D1CE4E5B9ULL + c * 0x94D049BB133111EBULL + 1;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

class Dice : public Chooser {
public:
    explicit Dice(std::uint64_t seed) : seed_(seed) {}
    std::int64_t roll(std::int64_t low, std::int64_t high) override {
        const auto count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
        const std::uint64_t drawn = mixed(seed_, ++number_);
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + (count == 0 ? drawn : drawn % count));
    }

private:
    std::uint64_t seed_, number_ = 0;
};

/// Takes as many bytes as the range needs, and zeros after the last one.
class Bytes : public Chooser {
public:
    explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::int64_t roll(std::int64_t low, std::int64_t high) override {
        const auto most = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
        std::uint64_t drawn = 0;
        for (std::uint64_t room = most; room != 0; room >>= 8) drawn = drawn << 8 | next();
        const std::uint64_t count = most + 1;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + (count == 0 ? drawn : drawn % count));
    }
    bool empty() const { return bytes_.empty(); }
    std::span<const std::uint8_t> rest() const { return bytes_; }

private:
    std::uint8_t next() {
        if (bytes_.empty()) return 0;
        const std::uint8_t first = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return first;
    }
    std::span<const std::uint8_t> bytes_;
};

}  // namespace volt::proof
