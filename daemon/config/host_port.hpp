// Addresses as they are written: HOST, HOST:PORT, IPV6, [IPV6], [IPV6]:PORT.
#pragma once

#include <optional>
#include <string>

namespace volt {

struct HostPort {
    std::string host;         ///< without brackets
    std::optional<int> port;  ///< 1..65535
};

/// Takes apart what the patterns of the tables have let through.
HostPort split_host_port(const std::string& address);

}  // namespace volt
