// An optional value in four bytes. Each load has 21 gates with three such values. As std::optional of 64-bit numbers, the gates
// of 1,000 loads would take 1.3 MB per tick, and memory would limit decide().
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include "rules/time.hpp"

namespace volt {

/// For display only, never for deciding: clamps a value out of range (2^31 steps; 24 days in ms).
template <class T>
class Brief {
public:
    constexpr Brief() = default;
    constexpr Brief(std::nullopt_t) {}
    template <class U>
    requires std::is_convertible_v<U, T>
    constexpr Brief(U value) : raw_(cut(static_cast<T>(value))) {}
    constexpr Brief(const std::optional<T>& value) : raw_(value ? cut(*value) : nothing) {}

    constexpr bool has_value() const { return raw_ != nothing; }
    constexpr explicit operator bool() const { return has_value(); }
    /// Requires has_value().
    constexpr T operator*() const { return T{raw_}; }
    constexpr T value_or(T other) const { return has_value() ? **this : other; }
    constexpr operator std::optional<T>() const { return has_value() ? std::optional<T>(**this) : std::nullopt; }
    constexpr bool operator==(const Brief&) const = default;

private:
    static constexpr std::int32_t nothing = std::numeric_limits<std::int32_t>::min();
    static constexpr std::int64_t count(std::int64_t value) { return value; }
    static constexpr std::int64_t count(Duration value) { return value.count(); }
    static constexpr std::int32_t cut(T value) {
        constexpr std::int64_t end = std::numeric_limits<std::int32_t>::max();
        return static_cast<std::int32_t>(std::clamp(count(value), -end, end));
    }
    std::int32_t raw_ = nothing;
};

}  // namespace volt
