// Takes unchecked bytes as settings, stored state and snapshots. decide() must survive them all.
#pragma once

#include <cstdint>
#include <span>

namespace volt::fuzz {

/// Decides as many ticks as the bytes provide, at most 48. Aborts if a decision breaks an invariant.
///
/// Times of the snapshot are within 2^60 ms of 0 (36 million years), so that no difference of two can overflow, and `now` never
/// goes back. Everything else may be any number of its type.
void run(std::span<const std::uint8_t> bytes);

}  // namespace volt::fuzz
