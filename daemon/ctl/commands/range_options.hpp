// Time range of a command: --from, --to and --last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/ctl/talk/line.hpp"
#include "rules/time.hpp"

namespace volt::ctl {

struct RangeOptions {
    std::optional<std::string> from, to, last;
};

void add_range(CLI::App& command, RangeOptions& options);

/// Reads the range of --from, --to and --last. Prints an error and returns false if it is invalid.
bool take_range(bool json, const RangeOptions& options, std::int64_t now_s, std::optional<Utc>& from, std::optional<Utc>& to);

}  // namespace volt::ctl
