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

/// Who can reach an address.
enum class AddressScope : std::uint8_t {
    loopback,  ///< this machine
    every,     ///< 0.0.0.0 and ::, each address that this machine has
    home,      ///< the local network: private (RFC 1918, RFC 4193), link-local, or shared (100.64.0.0/10, RFC 6598)
    world,
};
/// Empty: not numeric. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as what it is.
std::optional<AddressScope> scope_of(const std::string& address);

inline constexpr std::size_t most_addresses = 4;  ///< tried per name

/// The host itself if it is numeric; else empty.
std::vector<HostAddress> numeric_address(const std::string& host);

/// Asks the system's resolver, which may block far longer than any timeout: call it only on a thread of its own. In the
/// resolver's order. Failures are `reconnect`, with the resolver's message.
Result<std::vector<HostAddress>> look_up(const std::string& host);

}  // namespace volt
