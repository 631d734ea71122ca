// The only client that sends data outside this machine for its owner. Uses cpp-httplib.
#include "drivers/http/model_client.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "drivers/hidden.hpp"
#include "drivers/host_address.hpp"

namespace volt {

namespace {

using ModelTime = std::chrono::steady_clock;

constexpr std::chrono::milliseconds longest_connect{10'000}, shortest_wait{1};
constexpr int http_ok = 200, http_timeout = 408, http_busy = 429, http_fault = 500, http_unauthorized = 401, http_forbidden = 403;
/// Maximum bytes of an error text shown to people.
constexpr std::size_t most_error_bytes = 200;
/// Limits of the part before the body: all of it, its first line, each other line.
constexpr std::size_t most_head_bytes = std::size_t{32} * 1024, most_status_bytes = 1024,
                      most_header_bytes = std::size_t{8} * 1024;
/// Maximum header lines, below the limit of every version of the library, which drops the connection without a reason.
constexpr std::size_t most_head_lines = 90;
/// Maximum bytes of the whole answer with its chunk frames.
constexpr std::size_t most_framed_bytes = 4 * most_model_bytes;
constexpr int http_port = 80, https_port = 443;

struct ModelUrl {
    std::string scheme, host, port, path;  ///< host without brackets
};

std::optional<ModelUrl> parsed(const std::string& url) {
    const std::size_t colon = url.find("://");
    if (colon == std::string::npos) return std::nullopt;
    ModelUrl parts;
    parts.scheme = url.substr(0, colon);
    const std::size_t from = colon + 3, slash = std::min(url.find_first_of("/?#", from), url.size());
    std::string place = url.substr(from, slash - from);
    parts.path = url.substr(slash);
    while (parts.path.ends_with('/')) parts.path.pop_back();
    const bool v6 = place.starts_with('[');
    const std::size_t end = v6 ? place.find(']') : place.find(':');
    parts.host = v6 ? place.substr(1, end == std::string::npos ? 0 : end - 1) : place.substr(0, end);
    if (end != std::string::npos) place.erase(0, end + (v6 ? 1 : 0));
    else place.clear();
    if (place.starts_with(':')) parts.port = place.substr(1);
    const bool odd = parts.host.empty() || parts.host.find('@') != std::string::npos || parts.path.find_first_of("?#") == 0;
    return odd ? std::nullopt : std::optional(parts);
}

bool is_at_home(const std::string& host) {
    if (host == "localhost") return true;
    const auto scope = scope_of(host);
    return scope == AddressScope::loopback || scope == AddressScope::home;
}

/// Ends the connection at a deadline, even while the library waits: its own limits apply to each read, not to the whole answer.
class ConnectionEnd {
public:
    explicit ConnectionEnd(ModelTime::time_point end) : thread_([this, end] { wait(end); }) {}
    ConnectionEnd(const ConnectionEnd&) = delete;
    ConnectionEnd& operator=(const ConnectionEnd&) = delete;
    ~ConnectionEnd() {
        {
            const std::lock_guard lock(mutex_);
            done_ = true;
        }
        changed_.notify_all();
        thread_.join();
        for (const int fd : fds_) ::close(fd);
    }
    /// Watches a duplicate, since the time at which the library closes its own descriptor is unknown here.
    void watch(int fd) {
        const int own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
        const std::lock_guard lock(mutex_);
        if (own >= 0) fds_.push_back(own);
    }
    bool is_over() {
        const std::lock_guard lock(mutex_);
        return over_;
    }

private:
    void wait(ModelTime::time_point end) {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, end, [this] { return done_; });
        over_ = !done_;
        for (const int fd : fds_)
            if (over_) ::shutdown(fd, SHUT_RDWR);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> fds_;  ///< one for each address that was tried
    bool done_ = false, over_ = false;
    std::thread thread_;  ///< last member: it uses the others
};

/// Remaining bytes of an answer that may be read. The library reads lines and headers without a bound, and the first line by a
/// regular expression that uses stack for each character.
class AnswerRoom {
public:
    void end_head() { in_head_ = false; }
    bool is_full() const { return full_; }
    /// Counts data. Returns false beyond the limit.
    bool take(std::string_view data) {
        read_ += data.size();
        full_ = full_ || read_ > (in_head_ ? most_head_bytes : most_framed_bytes);
        for (std::size_t i = 0; in_head_ && i < data.size(); ++i) {
            full_ = full_ || ++line_bytes_ > (first_line_ ? most_status_bytes : most_header_bytes);
            if (data[i] != '\n') continue;
            full_ = full_ || ++lines_ > most_head_lines;
            line_bytes_ = 0;
            first_line_ = false;
        }
        return !full_;
    }

private:
    std::size_t read_ = 0, line_bytes_ = 0, lines_ = 0;
    bool in_head_ = true, first_line_ = true, full_ = false;
};

/// A connection for the library, with a limit on reading. The library made its socket blocking, with its time-outs.
class BoundedStream : public httplib::Stream {
public:
    /// Wraps a socket. `tls` is null without TLS.
    BoundedStream(int fd, SSL* tls, AnswerRoom& room) : fd_(fd), tls_(tls), room_(room) {}

    bool is_readable() const override { return (tls_ != nullptr && SSL_pending(tls_) > 0) || is_ready(POLLIN); }
    bool is_writable() const override { return is_ready(POLLOUT); }
    ssize_t read(char* data, std::size_t size) override {
        const ssize_t got = tls_ == nullptr ? received(data, size) : received_by_tls(data, size);
        if (got <= 0) return got;
        return room_.take({data, static_cast<std::size_t>(got)}) ? got : -1;
    }
    ssize_t write(const char* data, std::size_t size) override {
        if (tls_ != nullptr) {
            const int taken = SSL_write(tls_, data, int_size(size));
            return taken > 0 ? taken : -1;
        }
        ssize_t sent = -1;
        while ((sent = ::send(fd_, data, size, MSG_NOSIGNAL)) < 0 && errno == EINTR) {}
        return sent;
    }
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return fd_; }

private:
    static int int_size(std::size_t size) {
        return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
    }
    bool is_ready(short events) const {
        pollfd one{fd_, events, 0};
        return ::poll(&one, 1, 0) > 0;
    }
    ssize_t received(char* data, std::size_t size) const {
        ssize_t got = -1;
        while ((got = ::recv(fd_, data, size, 0)) < 0 && errno == EINTR) {}
        return got;
    }
    /// Reads from TLS. Returns 0 if the other side closed in order.
    ssize_t received_by_tls(char* data, std::size_t size) const {
        ERR_clear_error();
        const int got = SSL_read(tls_, data, int_size(size));
        if (got > 0) return got;
        return SSL_get_error(tls_, got) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
    }

    const int fd_;
    SSL* const tls_;
    AnswerRoom& room_;
};

struct TlsEnd {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* tls) const { SSL_free(tls); }
};

/// An HTTP client that reads through BoundedStream. It uses OpenSSL directly for TLS: SSLClient is final since cpp-httplib 0.18,
/// and it accepts a common name that is not among the certificate's names.
class BoundedClient : public httplib::ClientImpl {
public:
    BoundedClient(const std::string& host, int port, bool tls, AnswerRoom& room)
        : ClientImpl(host, port), name_(host), tls_(tls), room_(room) {}

    bool speaks_no_tls() const { return no_tls_; }
    /// Returns the result of OpenSSL's certificate check. Also X509_V_OK before any certificate came.
    long verified() const { return verified_; }

private:
    bool process_socket(const Socket& socket, std::function<bool(httplib::Stream&)> callback) override {
        if (!tls_) return answered(socket.sock, nullptr, callback);
        const std::unique_ptr<SSL_CTX, TlsEnd> context(SSL_CTX_new(TLS_client_method()));
        if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1) return false;
        const std::unique_ptr<SSL, TlsEnd> tls(SSL_new(context.get()));
        if (!tls || !shake_hands(*tls, socket.sock)) return false;
        const bool done = answered(socket.sock, tls.get(), callback);
        SSL_shutdown(tls.get());
        return done;
    }
    bool answered(int fd, SSL* tls, const std::function<bool(httplib::Stream&)>& callback) {
        BoundedStream stream(fd, tls, room_);
        return callback(stream);
    }
    bool shake_hands(SSL& tls, int fd) {
        SSL_set_verify(&tls, SSL_VERIFY_PEER, nullptr);
        if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(&tls), name_.c_str()) != 1) {
            SSL_set1_host(&tls, name_.c_str());
            SSL_ctrl(&tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name_.data());
        }
        const bool done = SSL_set_fd(&tls, fd) == 1 && SSL_connect(&tls) == 1;
        verified_ = SSL_get_verify_result(&tls);
        no_tls_ = !done && verified_ == X509_V_OK;
        return done;
    }

    std::string name_;
    bool tls_, no_tls_ = false;
    long verified_ = X509_V_OK;
    AnswerRoom& room_;
};

/// Returns a client, or null if the port is invalid.
std::unique_ptr<BoundedClient> client_for(const ModelUrl& url, AnswerRoom& room) {
    const bool tls = url.scheme == "https";
    int port = tls ? https_port : http_port;
    const char* const end = url.port.data() + url.port.size();
    const auto [rest, error] = std::from_chars(url.port.data(), end, port);
    if (!url.port.empty() && (error != std::errc() || rest != end || port < 1 || port > 65535)) return nullptr;
    return std::make_unique<BoundedClient>(url.host, port, tls, room);
}

/// Returns the fault of a certificate and its remedy. `result`: of OpenSSL's verification.
std::string certificate_trouble(long result) {
    switch (result) {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return "no known authority signed its certificate: install ca-certificates; for an authority of your own put its "
                   "certificate into /usr/local/share/ca-certificates as a .crt file and run update-ca-certificates";
        case X509_V_ERR_CERT_HAS_EXPIRED: return "its certificate has expired: renew it there, or set this machine's clock";
        case X509_V_ERR_CERT_NOT_YET_VALID: return "its certificate is not valid yet: set this machine's clock";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "its certificate is for another host: use a name that it has (agent.yaml, model.url)";
        default: return X509_verify_cert_error_string(result);
    }
}

Failure no_model_answer(const ModelUrl& url, httplib::Error error, const BoundedClient& client) {
    const std::string at = "the model at " + url.host;
    if (client.verified() != X509_V_OK)
        return {Fault::refused, at + " is not trusted: " + certificate_trouble(client.verified())};
    if (client.speaks_no_tls()) return {Fault::refused, at + " speaks no TLS"};
    switch (error) {
        case httplib::Error::Connection: return {Fault::reconnect, at + " is not reached: nothing is listening there"};
        case httplib::Error::ConnectionTimeout: return {Fault::reconnect, at + " is not reached"};
        default: return {Fault::reconnect, at + " closed the connection before its answer was complete"};
    }
}

/// Returns the message of an error answer in one line.
std::string error_excerpt(const std::string& body) {
    const std::string text = without_hidden(body.substr(0, most_error_bytes), ' ');
    return text.empty() ? "" : ": " + text;
}

Failure refused_by_model(const ModelUrl& url, int status, const std::string& body) {
    const std::string text = "the model at " + url.host + " answered " + std::to_string(status);
    const bool key = status == http_unauthorized || status == http_forbidden;
    if (key) return {Fault::refused, text + ": it does not accept the key (agent.yaml, model.key_file)"};
    const bool helps = status == http_timeout || status == http_busy || status >= http_fault;
    return {helps ? Fault::retry : Fault::refused, text + error_excerpt(body)};
}

httplib::Request model_request(const ModelUrl& url, const std::string& key, const std::string& body) {
    httplib::Request request;
    request.method = "POST";
    request.path = url.path + "/chat/completions";
    const std::string host = url.host.find(':') == std::string::npos ? url.host : '[' + url.host + ']';
    request.headers = {{"Host", host + (url.port.empty() ? "" : ':' + url.port)},
                       {"Content-Type", "application/json"},
                       {"Accept", "application/json"},
                       {"Accept-Encoding", "identity"}};
    if (!key.empty()) request.headers.emplace("Authorization", "Bearer " + key);
    request.body = body;
    return request;
}

Result<std::string> asked_model(const ModelUrl& url, const std::string& key, const std::string& body, ModelTime::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - ModelTime::now());
    const Failure late{Fault::refused, "the model at " + url.host + " did not answer in time (agent.yaml, model.timeout_s)"};
    if (left < shortest_wait) return late;
    AnswerRoom room;
    const auto client = client_for(url, room);
    if (!client || !client->is_valid()) return Failure{Fault::refused, "model.url is not an address"};
    client->set_connection_timeout(std::min(left, longest_connect));
    client->set_read_timeout(left);
    client->set_write_timeout(left);
    client->set_decompress(false);
    ConnectionEnd connection(end);
    client->set_socket_options([&](socket_t fd) { connection.watch(fd); });
    httplib::Request request = model_request(url, key, body);
    std::string text;
    bool large = false;
    request.response_handler = [&](const httplib::Response&) {
        room.end_head();
        return true;
    };
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
        large = text.size() + size > most_model_bytes;
        if (!large) text.append(data, size);
        return !large;
    };
    const auto answer = client->send(request);
    if (large || room.is_full()) return Failure{Fault::refused, "the answer of the model at " + url.host + " is too large"};
    if (connection.is_over() || ModelTime::now() >= end) return late;
    if (!answer) return no_model_answer(url, answer.error(), *client);
    if (answer->status != http_ok) return refused_by_model(url, answer->status, text);
    return text;
}

}  // namespace

std::string model_url_refusal(const std::string& url) {
    const auto parts = parsed(url);
    if (!parts || (parts->scheme != "http" && parts->scheme != "https"))
        return "model.url is not an address such as https://HOST/v1";
    if (parts->scheme == "https" || is_at_home(parts->host)) return {};
    return "model.url must be https, or http with localhost or a numeric address of a private network";
}

std::string host_of_model(const std::string& url) {
    const auto parts = parsed(url);
    return parts ? parts->host + (parts->port.empty() ? "" : ":" + parts->port) : url;
}

bool is_public_model(const std::string& url) {
    const auto parts = parsed(url);
    return !parts || !is_at_home(parts->host);
}

Result<std::string> ask_model(const ModelEndpoint& endpoint, const std::string& body, std::chrono::steady_clock::time_point end) {
    const std::string wrong = model_url_refusal(endpoint.url);
    if (!wrong.empty()) return Failure{Fault::refused, wrong};
    try {
        return asked_model(*parsed(endpoint.url), endpoint.key, body, end);
    } catch (const std::exception& error) {
        return Failure{Fault::refused, "the model at " + host_of_model(endpoint.url) + ": " + error.what()};
    }
}

}  // namespace volt
