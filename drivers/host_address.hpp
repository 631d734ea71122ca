// Host names and numeric addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"

namespace volt {

struct HostAddress {
    std::string text;  ///< numeric
    bool v6 = false;
};

/// Range from which an address is reachable.
enum class AddressScope : std::uint8_t {
    loopback,  ///< this machine
    every,     ///< 0.0.0.0 and ::, every address of this machine
    home,      ///< the local network: private (RFC 1918, RFC 4193), link-local, or shared (100.64.0.0/10, RFC 6598)
    world,
};
/// Returns the scope, or empty if not numeric. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
std::optional<AddressScope> scope_of(const std::string& address);

inline constexpr std::size_t most_addresses = 4;  ///< tried for each name

/// Returns the host itself if it is numeric, else none.
std::vector<HostAddress> numeric_address(const std::string& host);

/// Queries the system's resolver, which may block far longer than any timeout: call it only on a separate thread. Returns the
/// resolver's order. Failures are `reconnect`, with the resolver's message.
Result<std::vector<HostAddress>> look_up(const std::string& host);

}  // namespace volt
