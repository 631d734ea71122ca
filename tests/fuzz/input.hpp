// Bytes that nobody has looked at, taken as settings, stored state and snapshots: decide() has to bear them all.
#pragma once

#include <cstdint>
#include <span>

namespace volt::fuzz {

/// Decides as many ticks as the bytes give, at most 48. Aborts where a decision breaks what must always hold.
///
/// Times of the snapshot stay within 2^60 ms of 0 (36 million years), so that no difference of two can overflow, and
/// `now` never goes back. Everything else may be any number of its type.
void run(std::span<const std::uint8_t> bytes);

}  // namespace volt::fuzz
