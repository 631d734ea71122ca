#include "daemon/config/host_port.hpp"

#include <algorithm>

#include "daemon/config/config.hpp"
#include "drivers/host_address.hpp"

namespace volt {

namespace {

constexpr std::size_t most_port_digits = 5;

std::optional<int> port_of(const std::string& digits) {
    const bool number = std::ranges::all_of(digits, [](char letter) { return letter >= '0' && letter <= '9'; });
    if (digits.empty() || digits.size() > most_port_digits || !number) return std::nullopt;
    const int port = std::stoi(digits);
    return port >= 1 && port <= 65535 ? std::optional(port) : std::nullopt;
}

/// Splits [IPV6] or [IPV6]:PORT. Anything else with a bracket is not an address.
HostPort split_bracketed(const std::string& address) {
    const std::size_t end = address.find(']');
    if (address.front() != '[' || end == std::string::npos) return {};
    const std::string rest = address.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return {};
    return {address.substr(1, end - 1), rest.empty() ? std::nullopt : port_of(rest.substr(1))};
}

}  // namespace

HostPort split_host_port(const std::string& address) {
    if (address.find_first_of("[]") != std::string::npos) return split_bracketed(address);
    if (std::ranges::count(address, ':') > 1) return {address, std::nullopt};  // bare IPv6
    const std::size_t colon = address.find(':');
    if (colon == std::string::npos) return {address, std::nullopt};
    return {address.substr(0, colon), port_of(address.substr(colon + 1))};
}

std::string without_padding(const std::string& host) {
    if (host.find_first_not_of("0123456789.") != std::string::npos || std::ranges::count(host, '.') != 3) return host;
    std::string plain;
    for (std::size_t i = 0; i < host.size(); ++i) {
        const bool begins = i == 0 || host[i - 1] == '.' || (!plain.empty() && plain.back() == '.') || plain.empty();
        const bool more = i + 1 < host.size() && host[i + 1] != '.';
        if (!(begins && host[i] == '0' && more)) plain += host[i];
    }
    return plain;
}

std::string wrong_numbers(const std::string& host) {
    const std::string plain = without_padding(host);
    if (plain != host) return "zeros before a number mean octal; write " + plain;
    const bool hexadecimal = host.starts_with("0x") || host.starts_with("0X");
    const bool digits = !host.empty() && host.find_first_not_of("0123456789.") == std::string::npos;
    const bool is_address = scope_of(host).has_value();
    return (hexadecimal || digits) && !is_address ? "an address has four numbers of 0 to 255, such as 192.168.1.20" : "";
}

bool is_loopback(const std::string& host) { return host == "localhost" || scope_of(host) == AddressScope::loopback; }

}  // namespace volt
