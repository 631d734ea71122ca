// Runs a program of the system for what it prints, with a time limit.
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

/// `words[0]` is found in PATH. Nothing: it could not be started, ended by a signal, or was killed at the limit.
std::optional<ProgramOutput> run_program(const std::vector<std::string>& words, std::chrono::milliseconds limit,
                                         std::size_t most = std::size_t{1} << 20);

}  // namespace volt::ctl::doctor
