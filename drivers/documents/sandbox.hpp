// Limits of a process that reads foreign files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace volt::documents {

inline constexpr std::size_t most_reader_bytes = std::size_t{256} << 20;  ///< limit of the address space
inline constexpr unsigned most_reader_cpu_s = 30;

/// Rights of the process. `alone`: opens and starts nothing from now on. `starts_program`: opens files to read, and starts
/// programs with the same limits.
enum class Confinement : std::uint8_t { alone, starts_program };

/// Limits this process permanently, before it reads anything: memory, processor time, files, no network; it ends with its parent.
/// Returns the limits that failed, or an empty string if all are in force.
std::string confine(Confinement how);

}  // namespace volt::documents
