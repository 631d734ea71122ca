#include "daemon/api/server/exchange.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace volt::api {

namespace {

constexpr std::size_t most_sent_share = 3;  ///< limit for a body sent in pieces, as a multiple of its size
constexpr std::size_t most_path_characters = 512;
constexpr std::chrono::seconds file_limit{20}, file_turn_limit{8};  ///< from the head, and at the latest until its turn
constexpr std::chrono::minutes download_limit{10}, events_limit{10};
constexpr std::size_t least_packed_bytes = 4096;  ///< a shorter answer costs more to pack than to send

/// Reads `"41"` as 41. An empty tag keeps its quotes: it is a valid tag that matches nothing.
std::string unquoted(const std::string& text) {
    return text.size() > 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

/// Writes the head of a file. HttpExchange::send_file() sends the bytes, since the library sends none unless it listens itself.
void put_file(const HttpAnswer& answer, httplib::Response& response) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(answer.download, error);
    const auto nothing = [](std::size_t, std::size_t, httplib::DataSink&) { return false; };
    if (!error && size > 0) response.set_content_provider(size, answer.type, nothing);
}

/// Sends events in HTTP chunks as they come.
class SentEvents : public EventStream {
public:
    explicit SentEvents(DeadlineStream& stream) : stream_(stream) {}
    bool send(const std::string& data) override { return write_piece("data: " + data + "\n\n"); }
    bool wait(std::chrono::milliseconds time) override { return stream_.pause(time); }
    void end() { write_piece({}); }

private:
    bool write_piece(const std::string& text) {
        std::ostringstream piece;
        piece << std::hex << text.size() << "\r\n" << text << "\r\n";
        return stream_.write(piece.str().data(), piece.str().size()) > 0;
    }

    DeadlineStream& stream_;
};

void put(const HttpAnswer& answer, httplib::Response& response) {
    response.status = answer.status;
    if (!answer.allow.empty()) response.set_header("Allow", answer.allow);
    if (!answer.etag.empty()) response.set_header("ETag", '"' + answer.etag + '"');
    if (!answer.encoding.empty()) response.set_header("Content-Encoding", answer.encoding);
    if (!answer.caching.empty()) {
        response.headers.erase("Cache-Control");
        response.set_header("Cache-Control", answer.caching);
    }
    if (answer.file) response.set_header("Vary", "Accept-Encoding");
    if (answer.status == 401) response.set_header("WWW-Authenticate", "Bearer");
    if (!answer.cookie.empty()) response.set_header("Set-Cookie", answer.cookie);
    if (answer.retry_after.count() > 0) response.set_header("Retry-After", std::to_string(answer.retry_after.count()));
    if (answer.truncated > 0) response.set_header("X-Truncated", std::to_string(answer.truncated));
    if (!answer.body.empty()) response.set_content(answer.body, answer.type);
    if (!answer.download.empty()) put_file(answer, response);
    if (answer.events)
        response.set_chunked_content_provider("text/event-stream", [](std::size_t, httplib::DataSink&) { return false; });
}

/// Chooses the compression. The library would compress again what is compressed or too small, and with brotli at its slowest.
void choose_packing(httplib::Request& request, const HttpAnswer& answer) {
    const bool takes_gzip = request.get_header_value("Accept-Encoding").find("gzip") != std::string::npos;
    request.headers.erase("Accept-Encoding");
    if (takes_gzip && answer.encoding.empty() && answer.body.size() >= least_packed_bytes)
        request.headers.emplace("Accept-Encoding", "gzip");
}

const char* words_of(int status) {
    switch (status) {
        case 400: return "not understood";
        case 414: return "the path is too long";
        case 415: return "an encoded body is not supported; send it unencoded";
        case 417: return "the Expect header is not supported";
        default: return status == 404 ? "no such path" : "invalid request";
    }
}

constexpr const char* too_many = "too many connections without a login";

HttpAnswer busy(const char* text) {
    HttpAnswer answer = error_answer(503, text);
    answer.retry_after = std::chrono::seconds{1};
    return answer;
}

HttpAnswer too_long(std::size_t most) {
    return error_answer(413, "the body is longer than " + std::to_string(most / 1024) + " kB");
}

std::vector<std::string> values(const httplib::Request& from, const char* header) {
    std::vector<std::string> all;
    for (auto [at, end] = from.headers.equal_range(header); at != end; ++at) all.push_back(at->second);
    return all;
}

RequestHead head_of(const httplib::Request& from) {
    return {.method = from.method,
            .hosts = values(from, "Host"),
            .cookies = values(from, "Cookie"),
            .authorization = from.get_header_value("Authorization"),
            .volt_who = from.get_header_value("X-Volt-Who"),
            .origin = from.get_header_value("Origin"),
            .fetch_site = from.get_header_value("Sec-Fetch-Site"),
            .content_type = from.get_header_value("Content-Type"),
            .volt = from.get_header_value("X-Voltd"),
            .forwarded_proto = from.get_header_value("X-Forwarded-Proto"),
            .forwarded_for = values(from, "X-Forwarded-For"),
            .peer = from.remote_addr};
}

/// Uses only the library's reading and writing of HTTP.
class HttpExchange : public httplib::Server {
public:
    HttpExchange(DeadlineStream& stream, const Router& router, const Gate& gate, Places& places, const DoorLimits& limits)
        : stream_(stream), router_(router), gate_(gate), places_(places), limits_(limits) {
        set_payload_max_length(limits.body);
        httplib::Headers headers;
        set_pre_routing_handler([this](const auto& request, auto& response) { return admit(request, response); });
        set_error_handler([this](const httplib::Request&, httplib::Response& response) {
            // The client sent chunks without end.
            if (response.status == 400 && stream_.spent()) response.status = 413;
            if (!response.body.empty()) return;
            if (response.status == 413) reply(too_long(limits_.body), response);
            else reply(error_answer(response.status, words_of(response.status)), response);
        });
        for (const auto& [name, value] : security_headers()) headers.emplace(name, value);
        set_default_headers(headers);
    }

    void serve() {
        bool closed = false;
        places_.add(stream_.socket());
        process(&HttpExchange::process_request, closed);
        send_file();
        send_events();
        if (!stream_.finish() || !read_whole_) {
            places_.give_way(stream_.socket());
            stream_.linger();
        }
        places_.remove(stream_.socket());
    }

private:
    using Setup = const std::function<void(httplib::Request&)>&;
    /// cpp-httplib 0.11 (Debian 12) reads the peer's address from the stream.
    void process(bool (httplib::Server::*one)(httplib::Stream&, bool, bool&, Setup), bool& closed) {
        (this->*one)(stream_, true, closed, nullptr);
    }
    /// cpp-httplib 0.18 (Debian 13) takes the addresses as arguments.
    void process(bool (httplib::Server::*one)(httplib::Stream&, const std::string&, int, const std::string&, int, bool, bool&,
                                              Setup),
                 bool& closed) {
        std::string peer;
        int port = 0;
        stream_.get_remote_ip_and_port(peer, port);
        (this->*one)(stream_, peer, port, {}, 0, true, closed, nullptr);
    }

    /// Builds the request before the body is read, because form fields in the body would join the query parameters.
    HttpRequest request_of(const httplib::Request& from) const {
        HttpRequest request{.method = from.method == "HEAD" ? "GET" : from.method, .path = from.path};
        for (const auto& [key, value] : from.params)
            if (!request.query.emplace(key, value).second) request.repeated = key;
        request.if_match = unquoted(from.get_header_value("If-Match"));
        request.if_none_match = unquoted(from.get_header_value("If-None-Match"));
        request.accept_encoding = from.get_header_value("Accept-Encoding");
        for (const std::string& name : limits_.headers)
            if (from.has_header(name)) request.headers[name] = from.get_header_value(name);
        return request;
    }

    /// Checks a request before any of its body is read. Rejects callers without the right, and bodies that are too long,
    /// compressed or not expected.
    HandlerResponse admit(const httplib::Request& request, httplib::Response& response) {
        // Partial answers are not supported, but the library would cut them out of any answer.
        const_cast<httplib::Request&>(request).ranges.clear();
        read_whole_ = !request.has_header("Content-Length") && !request.has_header("Transfer-Encoding");
        std::optional<HttpAnswer> answer = answer_at_once(request);
        if (!answer) return read_body(request.method == "PUT");
        choose_packing(const_cast<httplib::Request&>(request), *answer);
        if (request.method == "GET") file_ = answer->download;
        reply(*answer, response);
        return HandlerResponse::Handled;
    }

    /// Lets the library read the body, then answers. Adds its route only here: the library's routes are regular expressions, costly
    /// and useless for a request without a body.
    HandlerResponse read_body(bool put) {
        const Handler serve = [this](const httplib::Request& request, httplib::Response& response) {
            // A chunked body has no length up front.
            const std::size_t most = router_.most_body(asked_);
            asked_.body = request.body;
            const HttpAnswer answer = request.body.size() > most ? too_long(most) : router_.answer(std::move(asked_));
            events_ = answer.events;
            reply(answer, response);
        };
        put ? Put(".*", serve) : Post(".*", serve);  // a request of another method has no body and is answered earlier
        return HandlerResponse::Unhandled;
    }

    void reply(const HttpAnswer& answer, httplib::Response& response) const {
        put(answer, response);
        response.set_header("Content-Security-Policy", content_policy(frames_));
    }

    void send_file() const {
        if (file_.empty()) return;
        std::ifstream file(file_, std::ios::binary);
        std::array<char, 16384> bytes{};
        while (file.read(bytes.data(), bytes.size()), file.gcount() > 0)
            for (std::size_t sent = 0, all = static_cast<std::size_t>(file.gcount()); sent < all;) {
                const ssize_t more = stream_.write(bytes.data() + sent, all - sent);
                if (more <= 0) return;
                sent += static_cast<std::size_t>(more);
            }
    }

    void send_events() {
        if (!events_) return;
        stream_.allow_until(std::chrono::steady_clock::now() + events_limit);
        SentEvents sent(stream_);
        events_(sent);
        sent.end();
    }

    /// Returns the answer if it needs no body, or nothing if the body must be read first.
    std::optional<HttpAnswer> answer_at_once(const httplib::Request& from) {
        Admitted admitted = gate_(head_of(from));
        if (admitted.refused) return admitted.refused;
        if (from.path.size() > most_path_characters) return error_answer(414, words_of(414));
        asked_ = request_of(from);
        asked_.caller = std::move(admitted.caller);
        asked_.origin = std::move(admitted.origin);
        asked_.https = asked_.origin.starts_with("https:");
        asked_.peer = from.remote_addr;
        asked_.client = std::move(admitted.client);
        frames_ = std::move(admitted.frames);
        if (asked_.caller.role == Role::none && !places_.share(stream_.socket())) return busy(too_many);
        if (asked_.caller.role != Role::none) welcome();
        if (auto refused = router_.refuse(asked_)) return refused;
        if (asked_.caller.open_view) welcome();
        if (const auto time = router_.time(asked_); time.count() > 0) stream_.allow_until(stream_.begun() + time);
        if (from.has_header("Content-Encoding")) return error_answer(415, words_of(415));
        const std::size_t most = router_.most_body(asked_);
        if (most == 0) return in_time(router_.answer(std::move(asked_)));
        if (std::strtoull(from.get_header_value("Content-Length").c_str(), nullptr, 10) > most) return too_long(most);
        stream_.allow_bytes(most_sent_share * limits_.body);
        // Without a length there is no body, but the library would read until the client closes.
        if (!from.has_header("Content-Length") && !from.has_header("Transfer-Encoding")) stream_.end_reading();
        return std::nullopt;
    }

    /// Gives a file more time, because a phone may be slow. Few files are sent at once.
    HttpAnswer in_time(HttpAnswer answer) {
        if (!answer.download.empty()) {
            if (!places_.begin_download(stream_.socket())) return busy("too many downloads at once");
            stream_.allow_until(std::chrono::steady_clock::now() + download_limit);
        }
        if (!answer.file) return answer;
        const auto now = std::chrono::steady_clock::now();
        if (!places_.begin_file(stream_.socket(), now + file_turn_limit)) return busy(too_many);
        stream_.allow_until(now + file_limit);
        return answer;
    }

    /// Gives an admitted client the full time limit and keeps its place.
    void welcome() {
        places_.keep(stream_.socket());
        stream_.allow_until(stream_.begun() + limits_.time);
    }

    DeadlineStream& stream_;
    const Router& router_;
    const Gate& gate_;
    Places& places_;
    const DoorLimits& limits_;
    HttpRequest asked_;
    std::string file_{};                          ///< sent after the head, or empty if none
    std::function<void(EventStream&)> events_{};  ///< the same for events, for an answer to a body
    std::string frames_{};                        ///< see Admitted
    bool read_whole_ = false;  ///< nothing follows the head, so the socket can be closed without waiting for the client
};

}  // namespace

void serve_request(DeadlineStream& stream, const Router& router, const Gate& gate, Places& places, const DoorLimits& limits) {
    HttpExchange(stream, router, gate, places, limits).serve();
}

}  // namespace volt::api
