#include "daemon/ctl/talk/reload.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "drivers/source.hpp"

namespace volt::ctl {

namespace {

constexpr std::chrono::milliseconds look_again{300};
constexpr RequestLimits one_answer{std::chrono::seconds{3}, false};

/// Returns the process that listens on a Unix socket, or 0 if there is none.
pid_t listener_of(const std::string& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.empty() || socket.size() >= sizeof(address.sun_path)) return 0;
    socket.copy(address.sun_path, socket.size());
    const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0) return 0;
    ucred peer{};
    socklen_t size = sizeof(peer);
    const bool known = ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
                       ::getsockopt(file, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    ::close(file);
    return known ? peer.pid : 0;
}

}  // namespace

std::string ask_for_reload(const std::string& socket) {
    const pid_t voltd = listener_of(socket);
    if (voltd <= 1) return "no process listens on " + socket;
    if (::kill(voltd, SIGHUP) == 0) return {};
    return "voltd (process " + std::to_string(voltd) + ") cannot be reloaded: " + std::strerror(errno);
}

Json status_of(const ApiAddress& address) {
    const ApiReply reply = get(address, "/api/status", one_answer);
    Json status = reply.ok() ? Json::parse(reply.body, nullptr, false) : Json();
    return status.is_object() ? status : Json::object();
}

std::string wait_for_commands(const ApiAddress& address, const std::string& wanted) {
    const Time end = monotonic_now() + longest_reload;
    std::string seen;
    while (monotonic_now() < end) {
        const Json status = status_of(address);
        seen = word(part(status, "site"), "commands");
        if (seen == wanted) return {};
        const std::string rejected = word(part(status, "alarm/config_rejected"), "text");
        if (!rejected.empty()) return "voltd rejected the file: " + rejected;
        std::this_thread::sleep_for(look_again);
    }
    return seen.empty() ? "voltd does not answer" : "voltd still reports commands: " + seen;
}

}  // namespace volt::ctl
