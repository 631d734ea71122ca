#include "daemon/config/host_port.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "daemon/config/config.hpp"

namespace volt {

HostPort split_host_port(const std::string& address) {
    const std::size_t bracket = address.find(']');
    if (bracket == std::string::npos && std::ranges::count(address, ':') > 1) return {address, std::nullopt};  // bare IPv6
    const std::size_t colon = address.find(':', bracket == std::string::npos ? 0 : bracket);
    HostPort result{address.substr(0, colon), std::nullopt};
    if (bracket != std::string::npos) result.host = address.substr(1, bracket - 1);
    if (colon == std::string::npos) return result;
    int port = 0;
    for (std::size_t i = colon + 1; i < address.size() && i < colon + 6; ++i) {
        if (address[i] < '0' || address[i] > '9') return result;
        port = port * 10 + (address[i] - '0');
    }
    if (port >= 1 && port <= 65535) result.port = port;
    return result;
}

bool is_loopback(const std::string& host) {
    in_addr four{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
    in6_addr six{};
    if (::inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six) != 0;
    return host == "localhost";
}

}  // namespace volt
