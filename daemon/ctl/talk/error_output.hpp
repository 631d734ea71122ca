// The exit codes, and how a command reports why it does nothing: sentences on stderr, with `--json` one object on stdout.
#pragma once

#include <string>
#include <vector>

namespace volt::ctl {

inline constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2, exit_unreachable = 3;

/// The remedy for a user without permission to reach voltd's files.
inline constexpr const char* join_the_group =
    "use sudo, or join the group voltd (sudo usermod -aG voltd $USER, then log in again)";

struct Refusal {
    std::string error;                 ///< what is wrong, without the known names; may have several lines
    std::string help{};                ///< what to do about it, or empty
    std::vector<std::string> known{};  ///< the names there are, the nearest first, or none
    std::string object{};              ///< the JSON object voltd answered, or empty
};

/// `voltctl: …` a line each; with `json` one line `{"error":…,"help":…,"known":[…]}`. Returns the code.
int refuse(bool json, const Refusal& refusal, int code = exit_failed);
int refuse(bool json, const std::string& error, int code = exit_failed);

/// Each line unchanged on stderr; with `json` one object with all as `problems`. Returns 1.
int refuse_all(bool json, const std::vector<std::string>& problems, const std::string& help = {});

}  // namespace volt::ctl
