#include "drivers/sim/control.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace volt::sim {

namespace {

constexpr std::size_t most_callers = 8, longest_line = 512;

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        throw std::runtime_error("control path is empty or longer than 107 characters: " + path);
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

/// Returns a connected socket, or -1.
int reach(const std::string& path) {
    const sockaddr_un address = address_of(path);
    const int caller = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (caller < 0) return -1;
    if (connect(caller, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return caller;
    close(caller);
    return -1;
}

/// Removes the socket of an ended simulator, and nothing else.
void clear_leftover(const std::string& path) {
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return;
    const int caller = reach(path);
    if (caller < 0) {
        unlink(path.c_str());
        return;
    }
    close(caller);
    throw std::runtime_error("another voltsim listens at " + path);
}

}  // namespace

std::string default_control_path() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    const std::string directory = runtime && *runtime == '/' ? runtime : "/tmp";
    return directory + "/voltsim-" + std::to_string(getuid()) + ".sock";
}

ControlServer::ControlServer(std::string path, Handler handler) : path_(std::move(path)), handler_(std::move(handler)) {
    const sockaddr_un address = address_of(path_);
    clear_leftover(path_);
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const mode_t before = umask(0077);  // only the owner may change the site
    const bool bound = listener_ >= 0 && bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    umask(before);
    if (bound && listen(listener_, 8) == 0) return;
    const std::string reason = std::strerror(errno);
    if (listener_ >= 0) close(listener_);
    throw std::runtime_error("cannot listen at " + path_ + ": " + reason);
}

ControlServer::~ControlServer() {
    for (const Caller& caller : callers_) close(caller.socket);
    close(listener_);
    unlink(path_.c_str());
}

void ControlServer::add_descriptors(std::vector<pollfd>& descriptors) const {
    descriptors.push_back({listener_, POLLIN, 0});
    for (const Caller& caller : callers_) descriptors.push_back({caller.socket, POLLIN, 0});
}

void ControlServer::turn() {
    for (std::size_t tries = 0; tries < most_callers && callers_.size() < most_callers; ++tries) {
        const int accepted = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted < 0) break;
        callers_.push_back({accepted, {}});
    }
    for (Caller& caller : callers_) serve(caller);
    for (const Caller& caller : callers_) {
        if (caller.done) close(caller.socket);
    }
    std::erase_if(callers_, [](const Caller& caller) { return caller.done; });
}

void ControlServer::serve(Caller& caller) {
    std::array<char, longest_line> bytes{};
    const ssize_t got = recv(caller.socket, bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    caller.done = got <= 0;
    if (got > 0) caller.line.append(bytes.data(), static_cast<std::size_t>(got));
    const auto end = caller.line.find('\n');
    if (end == std::string::npos) {
        caller.done = caller.done || caller.line.size() > longest_line;
        return;
    }
    const std::string answer = handler_(caller.line.substr(0, end)) + "\n";
    send(caller.socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    caller.done = true;
}

std::optional<std::string> send_line(const std::string& path, const std::string& line) {
    const int caller = reach(path);
    if (caller < 0) return std::nullopt;
    const timeval limit{5, 0};
    setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const std::string sent = line + "\n";
    std::string answer;
    bool received = send(caller, sent.data(), sent.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(sent.size());
    for (int reads = 0; received && reads < 64; ++reads) {
        std::array<char, 1'024> bytes{};
        const ssize_t got = recv(caller, bytes.data(), bytes.size(), 0);
        received = got >= 0;
        if (got <= 0) break;
        answer.append(bytes.data(), static_cast<std::size_t>(got));
    }
    close(caller);
    if (!received || answer.empty()) return std::nullopt;
    if (answer.back() == '\n') answer.pop_back();
    return answer;
}

}  // namespace volt::sim
