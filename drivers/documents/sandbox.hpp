// The limits of a process that reads foreign files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace volt::documents {

inline constexpr std::size_t most_reader_bytes = std::size_t{256} << 20;  ///< of address space
inline constexpr unsigned most_reader_cpu_s = 30;

/// `alone`: opens nothing and starts nothing from here on. `starts_program`: opens files to read, and starts programs that have the same limits.
enum class Confinement : std::uint8_t { alone, starts_program };

/// Limits this process for good, before it reads anything: memory, processor time, files, no network; it ends with its parent. Returns
/// what could not be had; empty: all is in force.
std::string confine(Confinement how);

}  // namespace volt::documents
