// Readers of foreign files, each in a process of its own. They are forks of one host: its libraries are loaded once, not for each file.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace volt::documents {

/// The limits of a reader that its parent watches.
inline constexpr std::chrono::seconds most_reader_time{120};
inline constexpr std::size_t most_reader_output = std::size_t{32} << 20;

/// How a reader ended.
enum class ReaderEnd : std::uint8_t { ended, crashed, cpu_limit, time_limit, output_limit, stopped, not_started };

struct ReaderExit {
    ReaderEnd end = ReaderEnd::ended;
    int code = 0;    ///< of `ended`
    int signal = 0;  ///< of `crashed`; 0: its host is gone
};

/// The parent's side. Starts the host for the first file, and again where it is gone. Everything is for one thread, and ends with it.
class ReaderHost {
public:
    /// `command` is a program that calls serve_readers().
    explicit ReaderHost(std::vector<std::string> command) : command_(std::move(command)) {}
    ~ReaderHost() { end(); }
    ReaderHost(const ReaderHost&) = delete;
    ReaderHost& operator=(const ReaderHost&) = delete;

    /// Runs a reader with `words` (of 16 kB at most) and with `input` as its standard input, and passes on what it prints, until it ends
    /// or a limit is reached; it is gone in any case. `take` returns false to stop it.
    ReaderExit run(const std::vector<std::string>& words, int input, const std::function<bool(std::string_view)>& take,
                   std::chrono::milliseconds limit = most_reader_time);

private:
    bool start();
    /// Kills the host and its reader.
    void end();

    const std::vector<std::string> command_;
    pid_t host_ = -1;
    int socket_ = -1;  ///< to the host
};

/// The host's side, on standard input. Returns in each reader, once its input and output are in place, with its words; nothing: no more
/// is asked for.
std::optional<std::vector<std::string>> serve_readers();

}  // namespace volt::documents
