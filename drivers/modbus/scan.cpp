#include "drivers/modbus/scan.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <optional>

#include "drivers/source.hpp"

namespace volt::modbus {
namespace {

constexpr Duration scan_step = 50ms;

std::uint32_t mask_of(int bits) { return bits == 0 ? 0 : ~std::uint32_t{0} << static_cast<unsigned>(32 - bits); }

std::string address_text(std::uint32_t address) {
    const in_addr raw{htonl(address)};
    char text[INET_ADDRSTRLEN] = "";
    return inet_ntop(AF_INET, &raw, text, sizeof text) == nullptr ? "" : text;
}

std::uint32_t address_of(const sockaddr* address) {
    return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr);  // NOLINT: the socket API requires this cast
}

/// One connection attempt.
struct Attempt {
    std::uint32_t address = 0;
    int socket = -1;
    Time until{};
};

/// Scans for open ports. Closes each connection at once.
class Scan {
public:
    explicit Scan(const ScanLimits& limits) : limits_(limits) {}
    ~Scan() {
        for (const Attempt& it : running_) ::close(it.socket);
    }
    Scan(const Scan&) = delete;
    Scan& operator=(const Scan&) = delete;

    bool busy() const { return !running_.empty(); }
    bool full() const { return running_.size() >= limits_.at_once; }

    void start(std::uint32_t address) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket < 0) return;
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(limits_.port));
        to.sin_addr.s_addr = htonl(address);
        const int done =
            ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to);  // NOLINT: the socket API requires this cast
        if (done == 0) found_.push_back(address);
        if (done == 0 || errno != EINPROGRESS) ::close(socket);
        else running_.push_back({address, socket, monotonic_now() + limits_.connect});
    }

    void wait() {
        std::vector<pollfd> watched;
        for (const Attempt& it : running_) watched.push_back({it.socket, POLLOUT, 0});
        ::poll(watched.data(), watched.size(), static_cast<int>(scan_step.count()));
        std::vector<Attempt> left;
        for (std::size_t i = 0; i < running_.size(); ++i) {
            if (watched[i].revents == 0 && monotonic_now() < running_[i].until) {
                left.push_back(running_[i]);
                continue;
            }
            int error = ETIMEDOUT;
            socklen_t size = sizeof error;
            if (watched[i].revents != 0) ::getsockopt(running_[i].socket, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error == 0) found_.push_back(running_[i].address);
            ::close(running_[i].socket);
        }
        running_ = std::move(left);
    }

    std::vector<std::string> found() {
        std::sort(found_.begin(), found_.end());
        std::vector<std::string> texts;
        for (const std::uint32_t it : found_) texts.push_back(address_text(it));
        return texts;
    }

private:
    const ScanLimits& limits_;
    std::vector<Attempt> running_;
    std::vector<std::uint32_t> found_;
};

/// Returns every host, without the network and broadcast addresses.
std::vector<std::uint32_t> hosts_of(const Subnet& subnet) {
    std::vector<std::uint32_t> hosts;
    const bool whole = subnet.bits >= 31;
    const std::size_t size = subnet.addresses();
    for (std::size_t i = whole ? 0 : 1; i < size - (whole ? 0 : 1); ++i)
        hosts.push_back(subnet.network + static_cast<std::uint32_t>(i));
    return hosts;
}

}  // namespace

bool Subnet::holds(const Subnet& other) const { return other.bits >= bits && (other.network & mask_of(bits)) == network; }

std::string text_of(const Subnet& subnet) { return address_text(subnet.network) + "/" + std::to_string(subnet.bits); }

Result<Subnet> subnet_of(const std::string& text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    in_addr raw{};
    int bits = -1;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + std::min(slash + 1, text.size()), end, bits);
    if (inet_pton(AF_INET, text.substr(0, slash).c_str(), &raw) != 1 || error != std::errc{} || rest != end || bits < 0 ||
        bits > 32)
        return Failure{Fault::refused, text + " is not an IPv4 network such as 192.168.1.0/24"};
    if (bits < shortest_prefix)
        return Failure{Fault::refused, text + " is too large; at most /" + std::to_string(shortest_prefix) + " is scanned"};
    return Subnet{ntohl(raw.s_addr) & mask_of(bits), bits};
}

bool is_private(const Subnet& subnet) {
    constexpr Subnet ten{0x0A000000U, 8}, middle{0xAC100000U, 12}, home{0xC0A80000U, 16};
    return ten.holds(subnet) || middle.holds(subnet) || home.holds(subnet);
}

std::vector<Subnet> connected_subnets() {
    std::vector<Subnet> found;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return found;
    for (const ifaddrs* it = list; it != nullptr; it = it->ifa_next) {
        if (it->ifa_addr == nullptr || it->ifa_netmask == nullptr || it->ifa_addr->sa_family != AF_INET) continue;
        if ((it->ifa_flags & IFF_UP) == 0 || (it->ifa_flags & IFF_LOOPBACK) != 0) continue;
        const std::uint32_t mask = address_of(it->ifa_netmask);
        const Subnet subnet{address_of(it->ifa_addr) & mask, std::popcount(mask)};
        if (std::find(found.begin(), found.end(), subnet) == found.end()) found.push_back(subnet);
    }
    ::freeifaddrs(list);
    return found;
}

std::vector<Subnet> scannable(const std::vector<Subnet>& connected) {
    std::vector<Subnet> good;
    for (const Subnet& it : connected) {
        const bool inside = std::any_of(connected.begin(), connected.end(), [&](const Subnet& other) {
            return other.bits >= shortest_prefix && other.bits < it.bits && other.holds(it);
        });
        if (is_private(it) && it.bits >= shortest_prefix && !inside) good.push_back(it);
    }
    return good;
}

Result<Subnet> chosen_subnet(const std::string& text, const std::vector<Subnet>& connected) {
    Result<Subnet> subnet = subnet_of(text);
    if (!subnet) return subnet;
    if (!is_private(subnet.value())) return Failure{Fault::refused, text + " is not a private network"};
    const bool ours = std::any_of(connected.begin(), connected.end(), [&](const Subnet& it) { return it.holds(subnet.value()); });
    if (!ours) return Failure{Fault::refused, text + " is not a network of this machine"};
    return subnet;
}

std::vector<std::string> open_hosts(const std::vector<Subnet>& subnets, const ScanLimits& limits,
                                    const std::function<bool()>& go_on) {
    std::vector<std::uint32_t> hosts;
    for (const Subnet& it : subnets)
        for (const std::uint32_t host : hosts_of(it)) hosts.push_back(host);
    Scan scan(limits);
    const Time end = monotonic_now() + limits.all;
    for (std::size_t next = 0; (next < hosts.size() || scan.busy()) && monotonic_now() < end && go_on();) {
        while (next < hosts.size() && !scan.full()) scan.start(hosts[next++]);
        if (scan.busy()) scan.wait();
    }
    return scan.found();
}

}  // namespace volt::modbus
