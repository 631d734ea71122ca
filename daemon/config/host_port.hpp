// Addresses: HOST, HOST:PORT, IPV6, [IPV6], [IPV6]:PORT.
#pragma once

#include <optional>
#include <string>

namespace volt {

struct HostPort {
    std::string host;         ///< without brackets; empty: brackets that do not match
    std::optional<int> port;  ///< 1..65535
};

/// Splits an address. An invalid port (not a number of 1 to 5 digits in range) is omitted.
HostPort split_host_port(const std::string& address);

/// An IPv4 address without zeros before its numbers, such as 127.0.0.20 for 127.000.000.020; any other text as it is.
std::string without_padding(const std::string& host);

}  // namespace volt
