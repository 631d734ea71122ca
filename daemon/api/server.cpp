// The one file that serves with cpp-httplib: sockets in, requests to the router, answers out.
#include "daemon/api/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/api/command_routes.hpp"
#include "daemon/api/connection.hpp"
#include "daemon/api/history_routes.hpp"
#include "daemon/api/settings_routes.hpp"
#include "daemon/api/stats_routes.hpp"
#include "daemon/api/status_routes.hpp"
#include "daemon/api/token.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr std::size_t most_connections = 32;
constexpr int most_unaccepted = 1024;
constexpr std::size_t most_body_bytes = 64 * 1024;
constexpr std::size_t most_request_bytes = 1024 * 1024;  ///< headers, and a body that is too long and only skipped
constexpr std::size_t most_path_characters = 512;
constexpr std::chrono::seconds head_limit{2};  ///< and all that somebody without a token gets
constexpr std::chrono::seconds request_limit{10};
constexpr std::chrono::seconds bind_again{1};
constexpr std::chrono::seconds listen_limit{5};

/// Set while a connection that is one too many is turned away on the accepting thread.
thread_local bool refusing = false;
/// The connection that this thread serves.
thread_local api::DeadlineStream* conversation = nullptr;

void refuse(const std::function<void()>& work) {
    refusing = true;
    work();
    refusing = false;
}

void say_busy(int socket) {
    static constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: application/json\r\n"
        "Content-Length: 32\r\n\r\n{\"error\":\"too many connections\"}";
    [[maybe_unused]] const auto sent = ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(socket, SHUT_WR);
    std::array<char, 4096> unread{};  // a request left unread would turn the answer into a reset
    [[maybe_unused]] const auto got = ::recv(socket, unread.data(), unread.size(), MSG_DONTWAIT);
}

void set_up_socket(int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

/// The library does not tell.
std::string why_not_bound(const std::string& host, int port) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    if (const int wrong = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); wrong != 0)
        return ::gai_strerror(wrong);
    const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    set_up_socket(fd);
    // Only listening tells of another one that listens there with this option too.
    const bool free = fd >= 0 && ::bind(fd, found->ai_addr, found->ai_addrlen) == 0 && ::listen(fd, 1) == 0;
    const std::string why = free ? "it was taken a moment ago" : errno == EADDRINUSE ? "another program has this port" : std::strerror(errno);
    if (fd >= 0) ::close(fd);
    ::freeaddrinfo(found);
    return why;
}

void read_query(const std::string& text, api::HttpRequest& request) {
    for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
        end = std::min(text.find('&', begin), text.size());
        const std::string pair = text.substr(begin, end - begin);
        if (pair.empty()) continue;
        const std::size_t sign = std::min(pair.find('='), pair.size());
        const std::string key = httplib::detail::decode_url(pair.substr(0, sign), true);
        const std::string value = sign < pair.size() ? httplib::detail::decode_url(pair.substr(sign + 1), true) : "";
        if (!request.query.emplace(key, value).second) request.repeated = key;
    }
}

api::HttpRequest request_of(const httplib::Request& from) {
    api::HttpRequest request{from.method == "HEAD" ? "GET" : from.method, from.path, {}, {}, from.body, {}};
    // Not `from.params`: what curl calls a form by default stands in there too.
    if (const std::size_t mark = from.target.find('?'); mark != std::string::npos)
        read_query(from.target.substr(mark + 1), request);
    return request;
}

void put(const api::HttpAnswer& answer, httplib::Response& response) {
    response.status = answer.status;
    if (!answer.allow.empty()) response.set_header("Allow", answer.allow);
    if (!answer.body.empty()) response.set_content(answer.body, answer.type);
}

const char* words_of(int status) {
    switch (status) {
        case 400: return "not understood";
        case 413: return "the body is longer than 64 kB";
        case 414: return "the path is too long";
        case 417: return "this expectation cannot be met";
        default: return status == 404 ? "no such path" : "the request cannot be answered";
    }
}

/// A server that gives each connection one request and 10 s.
class HttpServer : public httplib::Server {
public:
    HttpServer(const api::Router& router, std::string token) : router_(router), token_(std::move(token)) {
        stop_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        new_task_queue = [this] { return new api::BoundedThreads(most_connections, refuse, [this] { return newcomers_.shed(); }); };
        set_socket_options(set_up_socket);
        set_tcp_nodelay(true);
        set_payload_max_length(most_body_bytes);
        set_handlers();
    }
    ~HttpServer() override { ::close(stop_fd_); }
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// The library lets five wait to be accepted; of a thousand at once the others would come again after seconds.
    void let_wait() const { ::listen(svr_sock_, most_unaccepted); }
    void use_token(const std::string& token) {
        const std::lock_guard lock(token_mutex_);
        token_ = token;
    }
    void end_connections() const { [[maybe_unused]] const int result = ::eventfd_write(stop_fd_, 1); }

private:
    void set_handlers() {
        const Handler serve = [this](const httplib::Request& request, httplib::Response& response) {
            // What came in pieces has told no length before.
            const bool long_body = request.body.size() > most_body_bytes;
            put(long_body ? api::error_answer(413, words_of(413)) : router_.answer(request_of(request)), response);
        };
        Get(".*", serve).Post(".*", serve).Put(".*", serve).Delete(".*", serve).Patch(".*", serve).Options(".*", serve);
        set_pre_routing_handler([this](const auto& request, auto& response) { return admit(request, response); });
        set_error_handler([](const httplib::Request&, httplib::Response& response) {
            // In pieces without end.
            if (response.status == 400 && conversation->spent()) response.status = 413;
            if (response.body.empty()) put(api::error_answer(response.status, words_of(response.status)), response);
        });
    }

    /// Before anything of the body is read: who may not, and what is too long, goes no further.
    HandlerResponse admit(const httplib::Request& request, httplib::Response& response) {
        // A part of an answer is of no use here; the library would cut it out of any.
        const_cast<httplib::Request&>(request).ranges.clear();
        if (request.path.size() > most_path_characters) {
            put(api::error_answer(414, words_of(414)), response);
            return HandlerResponse::Handled;
        }
        // Without a length there is no body; the library would read until the client closes.
        if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding"))
            conversation->end_reading();
        if (knows_token(request)) welcome();
        else if (!router_.is_open(request.path)) return turn_away(response);
        if (request.get_header_value<std::uint64_t>("Content-Length") <= most_body_bytes) return HandlerResponse::Unhandled;
        put(api::error_answer(413, words_of(413)), response);
        return HandlerResponse::Handled;
    }

    bool knows_token(const httplib::Request& request) {
        const std::lock_guard lock(token_mutex_);
        return api::authorized(request.get_header_value("Authorization"), token_);
    }

    static HandlerResponse turn_away(httplib::Response& response) {
        put(api::error_answer(401, "a valid token is needed: Authorization: Bearer …"), response);
        response.set_header("WWW-Authenticate", "Bearer");
        return HandlerResponse::Handled;
    }

    /// A client with the token has its whole time, and its place.
    void welcome() {
        newcomers_.remove(conversation->socket());
        conversation->allow_until(conversation->begun() + request_limit);
    }

    bool process_and_close_socket(socket_t socket) override {
        try {
            refusing ? say_busy(socket) : converse(socket);
        } catch (...) {
            // Out of memory, at worst: this connection ends, the thread goes on.
            newcomers_.remove(socket);
        }
        ::close(socket);
        return true;
    }

    void converse(int socket) {
        api::DeadlineStream stream(socket, stop_fd_, std::chrono::steady_clock::now() + head_limit, most_request_bytes);
        conversation = &stream;
        bool closed = false;
        newcomers_.add(socket);
        process_request(stream, true, closed, nullptr);
        newcomers_.remove(socket);
        stream.linger();
    }

    const api::Router& router_;
    std::mutex token_mutex_;
    std::string token_;
    api::Newcomers newcomers_;
    int stop_fd_ = -1;
};

}  // namespace

struct ApiServer::Running {
    Running(const api::Router& router, std::string token) : server(router, std::move(token)) {}

    bool bind(const std::string& at, int wanted) {
        host = at;
        port = wanted == 0 ? server.bind_to_any_port(at) : (server.bind_to_port(at, wanted) ? wanted : -1);
        if (port > 0) server.let_wait();
        return port > 0;
    }

    /// Serves until stop(); should accepting ever fail, it is begun again on the same port.
    void serve() {
        while (!stopping) {
            server.listen_after_bind();
            while (!stopping && !server.bind_to_port(host, port)) wait_for(bind_again);
            if (!stopping) server.let_wait();
        }
        ended = true;
    }

    void wait_for(std::chrono::milliseconds at_most) {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, at_most, [this] { return stopping.load(); });
    }

    bool wait_until_listening() const {
        const auto limit = std::chrono::steady_clock::now() + listen_limit;
        while (!server.is_running() && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return server.is_running();
    }

    void stop() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        wake.notify_all();
        server.end_connections();
        // The library's stop() must be called once, and only while it listens.
        for (bool told = false; !ended && !told;) {
            told = server.is_running();
            told ? server.stop() : std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (thread.joinable()) thread.join();
    }

    HttpServer server;
    std::string host;
    int port = -1;
    std::atomic<bool> stopping = false, ended = false;
    std::mutex mutex;
    std::condition_variable wake;
    std::thread thread;
};

ApiServer::ApiServer() {
    router_.add(api::status_routes(board_, monotonic_now));
    router_.add(api::command_routes(errands_, board_, mode_stored_));
    router_.add(api::stats_routes(board_));
}
ApiServer::~ApiServer() {
    stop();
}

void ApiServer::add(std::vector<api::Route> routes) {
    router_.add(std::move(routes));
}

void ApiServer::serve_database(const std::string& path, Store& store) {
    router_.add(api::settings_routes(path, [&store] { store.settings_edited(); }, errands_, ending_));
    mode_stored_ = api::mode_in(path, ending_);
    router_.add(api::history_routes(path, board_, store, ending_));
}

Result<int> ApiServer::start(const std::string& host, int port, const std::string& token_file) {
    const auto token = api::load_or_make_token(token_file);
    if (!token) return token.failure();
    stop();
    auto running = std::make_unique<Running>(router_, token.value());
    if (!running->bind(host, port))
        return Failure{Fault::refused, fmt::format("cannot listen on {}:{}: {}", host, port, why_not_bound(host, port))};
    ending_ = false;
    errands_.open();
    board_.open();
    if (!start_thread(running->thread, "api-accept", [it = running.get()] { it->serve(); }))
        return Failure{Fault::retry, no_thread_text};
    running_ = std::move(running);
    if (running_->wait_until_listening()) return running_->port;
    stop();
    return Failure{Fault::retry, "the HTTP server did not begin to listen"};
}

std::string ApiServer::take_token(const std::string& token_file) {
    const auto token = api::load_or_make_token(token_file);
    if (token && running_) running_->server.use_token(token.value());
    return token ? "" : token.failure().text;
}

void ApiServer::post(StatusPage page) {
    board_.post(std::make_shared<const StatusPage>(std::move(page)));
}
int ApiServer::port() const {
    return running_ ? running_->port : 0;
}

void ApiServer::stop() {
    if (!running_) return;
    ending_ = true;
    errands_.close();
    board_.close();
    running_->stop();
    running_.reset();
}

}  // namespace volt
