// Runs a system program for its output, with a time limit.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace volt::ctl::doctor {

struct ProgramOutput {
    int code = 0;
    std::string text;  ///< standard output; at most `most` bytes
};

/// Runs `words[0]`, found in PATH. Returns nothing if it could not be started, ended by a signal, or was killed at the limit.
std::optional<ProgramOutput> run_program(const std::vector<std::string>& words, std::chrono::milliseconds limit,
                                         std::size_t most = std::size_t{1} << 20);

}  // namespace volt::ctl::doctor
