// Addresses: HOST, HOST:PORT, IPV6, [IPV6], [IPV6]:PORT.
#pragma once

#include <optional>
#include <string>

namespace volt {

struct HostPort {
    std::string host;         ///< without brackets; empty if the brackets do not match
    std::optional<int> port;  ///< 1..65535
};

/// Splits an address. Omits an invalid port (not a number of 1 to 5 digits in range).
HostPort split_host_port(const std::string& address);

/// Removes leading zeros from an IPv4 address: 127.000.000.020 becomes 127.0.0.20. Returns any other text unchanged.
std::string without_padding(const std::string& host);

/// Says why a host of numbers is no address: zeros that the resolver reads as octal, or not four numbers of 0 to 255, which it
/// completes in its own way. Empty for any other host.
std::string wrong_numbers(const std::string& host);

}  // namespace volt
