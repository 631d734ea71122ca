// Readers of foreign files, each in its own process. They are forks of one host, which loads its libraries once, not for each
// file.
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

/// Limits of a reader that its parent enforces.
inline constexpr std::chrono::seconds most_reader_time{120};
inline constexpr std::size_t most_reader_output = std::size_t{32} << 20;

/// Cause of a reader's end.
enum class ReaderEnd : std::uint8_t { ended, crashed, cpu_limit, time_limit, output_limit, stopped, not_started };

struct ReaderExit {
    ReaderEnd end = ReaderEnd::ended;
    int code = 0;    ///< for `ended`
    int signal = 0;  ///< for `crashed`; 0 if its host is gone
};

/// Parent's side. Starts the host for the first file, and again if it is gone. For one thread; the host ends with it.
class ReaderHost {
public:
    /// Makes a host; `command` is a program that calls serve_readers().
    explicit ReaderHost(std::vector<std::string> command) : command_(std::move(command)) {}
    ~ReaderHost() { end(); }
    ReaderHost(const ReaderHost&) = delete;
    ReaderHost& operator=(const ReaderHost&) = delete;

    /// Runs a reader with `words` (at most 16 kB) and `input` as its standard input, and passes on its output, until it ends or
    /// reaches a limit; it has always ended on return. `take` returns false to stop it.
    ReaderExit run(const std::vector<std::string>& words, int input, const std::function<bool(std::string_view)>& take,
                   std::chrono::milliseconds limit = most_reader_time);

private:
    bool start();
    /// Kills the host and its reader.
    void end();

    const std::vector<std::string> command_;
    pid_t host_ = -1;
    int socket_ = -1;  ///< socket to the host
};

/// Host's side, on standard input. Returns in each reader, once its input and output are set up, with its words, or empty if
/// there are no more requests.
std::optional<std::vector<std::string>> serve_readers();

}  // namespace volt::documents
