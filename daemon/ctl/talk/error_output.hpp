// Exit codes and error reports of commands: sentences on stderr; with `--json` one object on stdout.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_unreachable = 3;

/// Remedy for a user without permission to access voltd's files.
inline constexpr const char* join_the_group =
    "use sudo, or join the group voltd (sudo usermod -aG voltd $USER, then log in again)";

struct Refusal {
    std::string error;                 ///< problem without the known names; may have several lines
    std::string help{};                ///< remedy, or empty
    std::vector<std::string> known{};  ///< valid names, nearest first, or none
    std::string object{};              ///< JSON object that voltd answered, or empty
};

/// Prints `voltctl: …` line by line; with `json` one line `{"error":…,"help":…,"known":[…]}`. Returns the code.
int refuse(bool json, const Refusal& refusal, int code = exit_failed);
int refuse(bool json, const std::string& error, int code = exit_failed);

/// Prints each line unchanged on stderr; with `json` one object with all as `problems`. Returns 1.
int refuse_all(bool json, const std::vector<std::string>& problems, const std::string& help = {});

}  // namespace volt::ctl
