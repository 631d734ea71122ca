// The limits of a process that reads foreign files, and its parent's side: started, read, ended in time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace volt::documents {

/// The limits of a reader.
inline constexpr std::size_t most_reader_bytes = std::size_t{256} << 20;  ///< of address space
inline constexpr unsigned most_reader_cpu_s = 30;
inline constexpr std::chrono::seconds most_reader_time{120};
inline constexpr std::size_t most_reader_output = std::size_t{32} << 20;

/// `alone`: opens nothing and starts nothing from here on. `starts_program`: opens files to read, and starts programs that have the same limits.
enum class Confinement : std::uint8_t { alone, starts_program };

/// Limits this process for good, before it reads anything: memory, processor time, files, no network; it ends with its parent. Returns
/// what could not be had; empty: all is in force.
std::string confine(Confinement how);

/// How a reader ended.
enum class ReaderEnd : std::uint8_t { ended, crashed, cpu_limit, time_limit, output_limit, stopped, not_started };

struct ReaderExit {
    ReaderEnd end = ReaderEnd::ended;
    int code = 0;    ///< of `ended`
    int signal = 0;  ///< of `crashed`
};

/// Starts `command` with `input` as its standard input and passes on what it prints, until it ends or a limit is reached; it is reaped
/// in any case. `take` returns false to stop it.
ReaderExit run_reader(const std::vector<std::string>& command, int input, const std::function<bool(std::string_view)>& take,
                      std::chrono::milliseconds limit = most_reader_time);

}  // namespace volt::documents
