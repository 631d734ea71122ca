#include "tests/integration/http.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace volt::testing {

Wire::Wire(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

Wire::~Wire() { ::close(fd_); }

bool Wire::say(const std::string& text) const {
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t now = ::send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (now <= 0) return false;
        sent += static_cast<std::size_t>(now);
    }
    return true;
}

std::string Wire::hear(std::chrono::milliseconds limit) const {
    std::string text;
    char room[16384];
    for (pollfd watched{fd_, POLLIN, 0}; ::poll(&watched, 1, static_cast<int>(limit.count())) > 0;) {
        const ssize_t got = ::recv(fd_, room, sizeof room, 0);
        if (got <= 0) break;
        text.append(room, static_cast<std::size_t>(got));
    }
    return text;
}

std::string Client::request(const std::string& method, const std::string& path, const std::string& body,
                            const std::string& more) const {
    std::string text = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty()) text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return text + more + "\r\n" + body;
}

HttpReply Client::ask(const std::string& method, const std::string& path, const std::string& body) const {
    const Wire wire(port);
    if (!wire.connected()) return {};
    wire.say(request(method, path, body));
    return reply_of(wire.hear());
}

HttpReply reply_of(const std::string& text) {
    HttpReply reply;
    const std::size_t end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return reply;
    reply.status = std::atoi(text.c_str() + 9);
    reply.head = text.substr(0, end);
    reply.text = text.substr(end + 4);
    reply.body = nlohmann::json::parse(reply.text, nullptr, false);
    if (reply.body.is_discarded()) reply.body = nlohmann::json::object();
    return reply;
}

}  // namespace volt::testing
