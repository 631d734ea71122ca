// Host names and numeric addresses.
#pragma once

#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt {

struct HostAddress {
    std::string text;  ///< numeric
    bool v6 = false;
};

inline constexpr std::size_t most_addresses = 4;  ///< of one name that are tried

/// The host itself, where it is numeric; else nothing.
std::vector<HostAddress> numeric_address(const std::string& host);

/// Asks the system's resolver, which may block far longer than any time-out: never on a thread that has something else to
/// do. In the resolver's order. Failures are `reconnect`, with the resolver's words.
Result<std::vector<HostAddress>> look_up(const std::string& host);

}  // namespace volt
