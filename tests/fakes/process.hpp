// A child process under test: started, read line by line, signaled, always reaped.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/fakes/patience.hpp"

namespace volt::testing {

/// Polls `condition` until it is true. Returns false after `limit`, which is generous: it only ends a hopeless wait.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit = patience);

class Process {
public:
    /// Starts a process. `command[0]` is a path or found in PATH. Standard output and error are collected line by line.
    explicit Process(std::vector<std::string> command, std::vector<std::string> environment = {});
    ~Process();  ///< sends SIGKILL if it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    /// Returns the exit code (all output read by then), 128 + signal, or empty if it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit = patience);
    bool running();
    pid_t pid() const { return pid_; }

    /// Returns all output so far, from line `from` on.
    std::vector<std::string> lines(std::size_t from = 0) const;
    std::string text() const;
    /// Waits for a line that contains `part`, from line `from` on, and returns it, or empty after `limit`.
    std::optional<std::string> wait_for(const std::string& part, std::size_t from = 0,
                                        std::chrono::milliseconds limit = patience) const;

private:
    void collect();

    pid_t pid_ = -1;
    int output_ = -1;
    std::optional<int> status_;
    std::atomic<bool> all_read_ = false;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::thread reader_;
};

/// Result of a command line.
struct Ended {
    int code = -1;
    std::string out;  ///< includes standard error
};

/// Runs a command line in the shell to its end.
Ended shell(const std::string& command);

/// A private directory below the system's temporary one, removed at the end.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Returns a port of 127.0.0.1 without a listener. No other process gets it from here while this one lives (a UDP socket on it is
/// the mark), and no connection uses it as its own end.
int free_port();
void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);

}  // namespace volt::testing
