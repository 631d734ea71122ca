#include "daemon/api/access/listening.hpp"

#include <fmt/format.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "daemon/api/access/token.hpp"
#include "drivers/host_address.hpp"

namespace volt::api {

namespace {

constexpr int most_unaccepted = 1024;
constexpr int silent_seconds = 1;  ///< then a client that has sent nothing is accepted; rounded up by the system
constexpr mode_t socket_mode = 0660;

Failure trouble(const std::string& where, const std::string& why) {
    return {Fault::refused, fmt::format("cannot listen on {}: {}", where, why)};
}

/// Socket that is closed unless it is taken.
class Socket {
public:
    explicit Socket(int family) : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int fd() const { return fd_; }
    int take() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

std::string numeric(const sockaddr& address, socklen_t size) {
    std::array<char, NI_MAXHOST> host{};
    const int wrong = ::getnameinfo(&address, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST);
    return wrong == 0 ? host.data() : "";
}

/// Returns the first IPv4 address of this machine in a local network. Avoids getifaddrs: it needs a netlink socket, which the
/// service may not open.
std::optional<std::string> home_address() {
    constexpr std::size_t most_interfaces = 32;
    const Socket socket(AF_INET);
    std::array<ifreq, most_interfaces> room{};
    ifconf list{};
    list.ifc_len = static_cast<int>(sizeof room);
    list.ifc_req = room.data();
    if (::ioctl(socket.fd(), SIOCGIFCONF, &list) != 0) return std::nullopt;
    const std::size_t found = static_cast<std::size_t>(list.ifc_len) / sizeof(ifreq);
    for (std::size_t i = 0; i < found; ++i) {
        const std::string address = numeric(room[i].ifr_addr, sizeof(sockaddr_in));
        if (scope_of(address) == AddressScope::home) return address;
    }
    return std::nullopt;
}

int port_of(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXSERV> service{};
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::getsockname(fd, raw, &size) != 0) return 0;
    if (::getnameinfo(raw, size, nullptr, 0, service.data(), service.size(), NI_NUMERICSERV) != 0) return 0;
    return std::atoi(service.data());
}

bool bind_and_listen(int fd, const addrinfo& at) {
    const int yes = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    // Accept a connection with its request. This saves a wake-up each, and a client that sends nothing takes no place.
    ::setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &silent_seconds, sizeof silent_seconds);
    return ::bind(fd, at.ai_addr, at.ai_addrlen) == 0 && ::listen(fd, most_unaccepted) == 0;
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

/// Returns the reason the file at `path` cannot be replaced, or an empty string for no file or a socket without a listener.
std::string occupied(const std::string& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) return errno == ENOENT ? "" : std::strerror(errno);
    if (!S_ISSOCK(about.st_mode)) return "a file that is not a socket exists at this path; move it";
    const Socket probe(AF_UNIX);
    const sockaddr_un address = address_of(path);
    if (::connect(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno == ECONNREFUSED)
        return {};
    return "another program is listening there";
}

}  // namespace

Listening::Listening(int fd, int port, std::string path, bool home_only)
    : fd_(fd), port_(port), path_(std::move(path)), home_only_(home_only) {
    struct stat about {};
    if (path_.empty() || ::lstat(path_.c_str(), &about) != 0) return;
    device_ = about.st_dev;
    inode_ = about.st_ino;
}

Listening::Listening(Listening&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      port_(other.port_),
      path_(std::exchange(other.path_, {})),
      home_only_(other.home_only_),
      device_(other.device_),
      inode_(other.inode_) {}

Listening::~Listening() {
    if (fd_ < 0) return;
    if (!path_.empty() && in_place()) ::unlink(path_.c_str());
    ::close(fd_);
}

bool Listening::in_place() const {
    struct stat about {};
    return path_.empty() || (::lstat(path_.c_str(), &about) == 0 && about.st_dev == device_ && about.st_ino == inode_);
}

bool Listening::admits(int socket) const {
    if (!home_only_) return true;
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::getpeername(socket, raw, &size) != 0) return false;
    const auto scope = scope_of(numeric(*raw, size));
    return scope == AddressScope::loopback || scope == AddressScope::home;
}

Result<Listening> listen_at(const std::string& host, int port) {
    const std::string where = fmt::format("{}:{}", host, port);
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    const std::string name = host == "localhost" ? "127.0.0.1" : host;
    if (const int wrong = ::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &hints, &found); wrong != 0)
        return trouble(where, ::gai_strerror(wrong));
    Socket socket(found->ai_family);
    const bool bound = socket.fd() >= 0 && bind_and_listen(socket.fd(), *found);
    const int error = errno;
    ::freeaddrinfo(found);
    if (!bound) return trouble(where, error == EADDRINUSE ? "another program is using this port" : std::strerror(error));
    const int real_port = port_of(socket.fd());
    return Listening(socket.take(), real_port, {}, name != "127.0.0.1" && scope_of(name) != AddressScope::loopback);
}

Result<std::vector<Listening>> listen_also_locally(const std::string& host, int port) {
    auto first = listen_at(host, port);
    if (!first) return first.failure();
    std::vector<Listening> all;
    all.push_back(std::move(first.value()));
    if (scope_of(host) != AddressScope::home) return all;
    auto local = listen_at("127.0.0.1", all.front().port());
    if (!local) return local.failure();
    all.push_back(std::move(local.value()));
    return all;
}

std::string page_address(const std::string& host, int port) {
    std::string name = host;
    if (scope_of(host) == AddressScope::every) name = home_address().value_or("127.0.0.1");
    if (name.find(':') != std::string::npos) name = '[' + name + ']';
    return fmt::format("http://{}:{}", name, port);
}

Result<Listening> listen_at_file(const std::string& path) {
    const std::string beside = path + ".new";
    if (beside.size() >= sizeof(sockaddr_un::sun_path)) return trouble(path, "the path is too long for a socket");
    if (const std::string why = occupied(path); !why.empty()) return trouble(path, why);
    Socket socket(AF_UNIX);
    const sockaddr_un address = address_of(beside);
    ::unlink(beside.c_str());
    // Create the file with this mode, whatever the umask, so that others can never open it.
    if (socket.fd() < 0 || ::fchmod(socket.fd(), socket_mode) != 0 ||
        ::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return trouble(path, std::strerror(errno));
    give_to_group(beside);
    const bool there = ::chmod(beside.c_str(), socket_mode) == 0 && ::listen(socket.fd(), most_unaccepted) == 0 &&
                       ::rename(beside.c_str(), path.c_str()) == 0;
    if (!there) {
        const int error = errno;
        ::unlink(beside.c_str());
        return trouble(path, std::strerror(error));
    }
    return Listening(socket.take(), 0, path);
}

}  // namespace volt::api
