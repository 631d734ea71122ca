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

inline constexpr std::size_t most_addresses = 4;  ///< tried per name

/// The host itself if it is numeric; else empty.
std::vector<HostAddress> numeric_address(const std::string& host);

/// Asks the system's resolver, which may block far longer than any timeout: call it only on a thread of its own. In the
/// resolver's order. Failures are `reconnect`, with the resolver's message.
Result<std::vector<HostAddress>> look_up(const std::string& host);

}  // namespace volt
