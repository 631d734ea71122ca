// API client. No other file of voltctl uses cpp-httplib.
#include "daemon/ctl/talk/api_client.hpp"

#include <httplib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

namespace volt::ctl {

namespace {

using nlohmann::json;

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds connect_limit{3};
/// Pause after a busy answer, and the time after which no retry starts.
constexpr std::chrono::milliseconds pause{250}, tries_limit{5000};
constexpr int most_tries = 20, too_busy = 503;
constexpr const char* column_need = "a column of ";

std::string member(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// Returns the problem, then the expected value unless the text contains it.
std::string error_line(const json& object) {
    std::string text = member(object, "error");
    const std::string need = member(object, "need"), nearest = member(object, "nearest");
    if (need.starts_with(column_need)) return text + (nearest.empty() ? "; `show` lists the fields" : "");
    // A query is not meant for people, and known names follow anyway.
    const bool needless = need.starts_with('?') || object.contains("known");
    const bool contained = needless || text.find(need) != std::string::npos || text.find(": must be ") != std::string::npos;
    if (!need.empty() && !contained) text += "; need " + need;
    if (!nearest.empty() && text.find("nearest") == std::string::npos) text += "; nearest allowed " + nearest;
    return text;
}

/// Reads the text of an error answer, one line for each problem.
void read_error(ApiReply& reply) {
    const json object = json::parse(reply.body, nullptr, false);
    const auto problems = object.find("problems"), known = object.find("known");
    if (problems != object.end() && problems->is_array())
        for (const json& it : *problems) reply.error += (reply.error.empty() ? "" : "\n") + error_line(it);
    else if (object.is_object()) reply.error = error_line(object);
    if (reply.error.empty()) reply.error = "voltd answered " + std::to_string(reply.status);
    if (known == object.end() || !known->is_array()) return;
    for (const json& name : *known)
        if (name.is_string()) reply.known.push_back(name.get<std::string>());
}

std::string seconds_text(std::chrono::milliseconds limit) { return std::to_string((limit.count() + 999) / 1000) + " s"; }

/// Connects to voltd's socket. Returns -1 on failure, with the reason in errno.
int connected_to(const std::string& path, std::chrono::milliseconds limit) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval timeout{limit.count() / 1000, limit.count() % 1000 * 1000};
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

/// Client for Unix sockets. The library of Debian 12 does not support them, but accepts a connection made elsewhere.
class SocketClient : public httplib::ClientImpl {
public:
    SocketClient(std::string path, std::chrono::milliseconds limit)
        : ClientImpl("localhost"), path_(std::move(path)), limit_(limit) {}
    int error() const { return error_; }

protected:
    bool create_and_connect_socket(Socket& socket, httplib::Error& error) override {
        socket.sock = connected_to(path_, limit_);
        error_ = socket.sock < 0 ? errno : 0;
        if (socket.sock < 0) error = error_ == EAGAIN ? httplib::Error::ConnectionTimeout : httplib::Error::Connection;
        return socket.sock >= 0;
    }

private:
    const std::string path_;
    const std::chrono::milliseconds limit_;
    int error_ = 0;
};

/// Describes a missing listener or a silent one, because the remedies differ.
ApiReply no_answer(const ApiAddress& address, httplib::Error error, Clock::duration took, std::chrono::milliseconds limit) {
    ApiReply reply;
    reply.silent = error == httplib::Error::ConnectionTimeout || (error == httplib::Error::Read && took >= limit * 9 / 10);
    if (error == httplib::Error::ConnectionTimeout)
        reply.error = "no connection to " + address.url + " within " +
                      seconds_text(std::min<std::chrono::milliseconds>(connect_limit, limit));
    else if (reply.silent) reply.error = "voltd did not answer within " + seconds_text(limit) + " at " + address.url;
    else if (error == httplib::Error::Read)
        reply.error = "voltd is not reachable at " + address.url + ": the connection was closed before an answer came";
    else if (error == httplib::Error::Connection)
        reply.error = "voltd is not reachable at " + address.url + ": nothing is listening there";
    else if (error == httplib::Error::Write)
        reply.error = "voltd is not reachable at " + address.url + ": the connection was closed before the request was sent";
    else reply.error = "voltd is not reachable at " + address.url + ": " + to_string(error);
    return reply;
}

/// Sends one request with a client of either kind.
template <class Client, class Ask>
ApiReply answer_of(Client& client, const ApiAddress& address, const httplib::Headers& headers, std::chrono::milliseconds limit,
                   const Ask& ask) {
    client.set_connection_timeout(std::min<std::chrono::milliseconds>(connect_limit, limit));
    client.set_read_timeout(limit);
    const auto begin = Clock::now();
    const auto answer = ask(client, headers);
    if (!answer) return no_answer(address, answer.error(), Clock::now() - begin, limit);
    return reply_of(answer->status, answer->body);
}

template <class Ask>
ApiReply asked_by_socket(const ApiAddress& address, std::chrono::milliseconds limit, const Ask& ask) {
    SocketClient client(address.socket, std::min<std::chrono::milliseconds>(connect_limit, limit));
    httplib::Headers headers;
    if (!address.who.empty()) headers.emplace("X-Volt-Who", address.who);
    ApiReply reply = answer_of(client, address, headers, limit, ask);
    reply.forbidden = client.error() == EACCES || client.error() == EPERM;
    if (reply.forbidden) reply.error = address.socket + ": permission denied";
    return reply;
}

template <class Ask>
ApiReply asked_once(const ApiAddress& address, std::chrono::milliseconds limit, const Ask& ask) {
    if (!address.socket.empty()) return asked_by_socket(address, limit, ask);
    httplib::Client client(address.url);
    ApiReply reply;
    reply.error = "not an address: " + address.url;
    if (!client.is_valid()) return reply;
    httplib::Headers headers;
    if (!address.token.empty()) headers.emplace("Authorization", "Bearer " + address.token);
    return answer_of(client, address, headers, limit, ask);
}

/// Repeats a request to a busy server, which has started nothing.
template <class Ask>
ApiReply asked(const ApiAddress& address, RequestLimits limits, const Ask& ask) {
    try {
        const auto begin = Clock::now();
        ApiReply reply = asked_once(address, limits.timeout, ask);
        for (int tries = 1; reply.status == too_busy && limits.retry && tries < most_tries && Clock::now() - begin < tries_limit;
             ++tries) {
            std::this_thread::sleep_for(pause);
            reply = asked_once(address, limits.timeout, ask);
        }
        return reply;
    } catch (const std::exception& error) {
        ApiReply reply;
        reply.error = address.url + ": " + error.what();
        return reply;
    }
}

ApiReply exchange(const ApiAddress& address, const char* method, const std::string& path, const std::string& body,
                  RequestLimits limits, const std::string& if_match = {}) {
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    return asked(address, limits, [&](auto& client, const httplib::Headers& headers) {
        request.headers = headers;
        if (!body.empty()) request.set_header("Content-Type", "application/json");
        if (!if_match.empty()) request.set_header("If-Match", "\"" + if_match + "\"");
        return client.send(request);
    });
}

}  // namespace

ApiReply reply_of(int status, std::string body) {
    ApiReply reply;
    reply.reached = true;
    reply.status = status;
    reply.body = std::move(body);
    if (!reply.ok()) read_error(reply);
    return reply;
}

bool answers_at(const std::string& socket) {
    const int fd = connected_to(socket, connect_limit);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

ApiReply get(const ApiAddress& address, const std::string& path, RequestLimits limits) {
    return exchange(address, "GET", path, {}, limits);
}

ApiReply post(const ApiAddress& address, const std::string& path, const std::string& body, RequestLimits limits) {
    return exchange(address, "POST", path, body, limits);
}

ApiReply send(const ApiAddress& address, const api::HttpRequest& request, RequestLimits limits) {
    std::string path = encoded(request.path);
    for (const auto& [key, value] : request.query)
        path += (path.find('?') == std::string::npos ? "?" : "&") + key + "=" + encoded(value);
    return exchange(address, request.method.c_str(), path, request.body, limits, request.if_match);
}

std::string encoded(const std::string& name) {
    static constexpr const char* hex = "0123456789ABCDEF";
    std::string text;
    for (const char byte : name) {
        const auto value = static_cast<unsigned char>(byte);
        const bool plain = std::isalnum(value) != 0 || byte == '-' || byte == '/' || byte == '.' || byte == '_';
        if (plain) text += byte;
        else text += {'%', hex[value >> 4], hex[value & 15]};
    }
    return text;
}

}  // namespace volt::ctl
