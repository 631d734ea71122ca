#include "drivers/host_address.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>

namespace volt {

namespace {

bool is_numeric(const std::string& host, int family) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(family, host.c_str(), address.data()) == 1;
}

}  // namespace

std::vector<HostAddress> numeric_address(const std::string& host) {
    if (is_numeric(host, AF_INET)) return {{host, false}};
    if (is_numeric(host, AF_INET6)) return {{host, true}};
    return {};
}

Result<std::vector<HostAddress>> look_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0)
        return Failure{Fault::reconnect, gai_strerror(error)};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
    std::vector<HostAddress> found;
    for (const addrinfo* one = list; one != nullptr && found.size() < most_addresses; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
            found.push_back({text.data(), one->ai_family == AF_INET6});
    }
    if (found.empty()) return Failure{Fault::reconnect, "no address"};
    return found;
}

}  // namespace volt
