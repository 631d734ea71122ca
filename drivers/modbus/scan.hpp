// Finds Modbus devices in the networks of this machine: private IPv4 subnets of at most /22, one port, one connection to each
// address, nothing sent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "rules/time.hpp"

namespace volt::modbus {

/// An IPv4 network, its host bits 0.
struct Subnet {
    std::uint32_t network = 0;
    int bits = 32;  ///< bits of the prefix
    bool operator==(const Subnet&) const = default;
    bool holds(const Subnet& other) const;
    std::size_t addresses() const { return std::size_t{1} << static_cast<unsigned>(32 - bits); }
};

inline constexpr int shortest_prefix = 22;  ///< 1,024 addresses

/// Formats `192.168.1.0/24`.
std::string text_of(const Subnet& subnet);
/// Parses `192.168.1.0/24`; host bits may be set. Refuses an invalid network, or a prefix shorter than /22.
Result<Subnet> subnet_of(const std::string& text);
/// Returns true for a network of RFC 1918.
bool is_private(const Subnet& subnet);

/// Returns the networks of this machine's active interfaces, without loopback and duplicates.
std::vector<Subnet> connected_subnets();
/// Returns the networks in `connected` that may be scanned as they are, without parts of another one.
std::vector<Subnet> scannable(const std::vector<Subnet>& connected);
/// Returns a network that its owner named. Refuses it unless it is private, at most /22 and part of one of `connected`.
Result<Subnet> chosen_subnet(const std::string& text, const std::vector<Subnet>& connected);

struct ScanLimits {
    int port = 502;
    std::size_t at_once = 32;
    Duration connect = 300ms;
    Duration all = 10s;
};

/// Returns the addresses where the port is open, in order. Blocks for at most `limits.all`; calls `go_on` between two waits.
std::vector<std::string> open_hosts(const std::vector<Subnet>& subnets, const ScanLimits& limits,
                                    const std::function<bool()>& go_on);

}  // namespace volt::modbus
