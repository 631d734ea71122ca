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

AddressScope scope_of_v4(std::uint32_t address) {
    const auto in = [&](std::uint32_t network, unsigned bits) { return address >> (32 - bits) == network >> (32 - bits); };
    if (in(0x7f000000, 8)) return AddressScope::loopback;
    if (address == 0) return AddressScope::every;
    const bool home = in(0x0a000000, 8) || in(0xac100000, 12) || in(0xc0a80000, 16) || in(0xa9fe0000, 16) || in(0x64400000, 10);
    return home ? AddressScope::home : AddressScope::world;
}

AddressScope scope_of_v6(const in6_addr& address) {
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        std::uint32_t last = 0;
        for (std::size_t i = 12; i < 16; ++i) last = last << 8U | address.s6_addr[i];
        return scope_of_v4(last);
    }
    if (IN6_IS_ADDR_LOOPBACK(&address)) return AddressScope::loopback;
    if (IN6_IS_ADDR_UNSPECIFIED(&address)) return AddressScope::every;
    const bool unique_local = (address.s6_addr[0] & 0xfeU) == 0xfc;
    return unique_local || IN6_IS_ADDR_LINKLOCAL(&address) ? AddressScope::home : AddressScope::world;
}

}  // namespace

std::optional<AddressScope> scope_of(const std::string& address) {
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) return scope_of_v4(ntohl(four.s_addr));
    in6_addr six{};
    // A link-local client has its interface after a percent sign.
    if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), &six) == 1) return scope_of_v6(six);
    return std::nullopt;
}

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
