// The table of endpoints, free of any HTTP library: an endpoint is one row. Handlers run on the server's threads.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api/http/roles.hpp"

namespace volt::api {

struct HttpRequest {
    std::string method;  ///< GET, POST, PUT, DELETE; HEAD comes as GET
    std::string path;    ///< decoded, without the query
    std::map<std::string, std::string> query{};
    std::string repeated{};  ///< a key that occurs twice in the query
    std::string body{};      ///< at most 64 kB; empty where the route takes none
    std::string argument{};  ///< the text matched by `{}` in the pattern
    Caller caller{};
    std::string if_match{}, if_none_match{};  ///< the headers of these names, without quotes
    std::string accept_encoding{};
    std::string origin{};  ///< this server as the browser sees it, `http://shed.lan:8480`; empty at the Unix socket
    bool https = false;    ///< of that
    std::string peer{};    ///< address of the client, or of its proxy
    std::string client{};  ///< for the log: client_text()
    std::map<std::string, std::string> headers{};  ///< those that the door is asked for, by the name it is asked by
};

/// An answer that goes on: server-sent events to one client.
class EventStream {
public:
    virtual ~EventStream() = default;
    /// One event, on its way with the next wait. False: the client is gone, or its time is over.
    virtual bool send(const std::string& data) = 0;
    /// Waits so long. False: likewise, or the server stops.
    virtual bool wait(std::chrono::milliseconds time) = 0;
};

struct HttpAnswer {
    int status = 200;
    std::string body{};  ///< empty with 204
    std::string type{"application/json"};
    std::string allow{};                         ///< with 405: the methods there are
    std::string etag{};                          ///< without its quotes
    std::string cookie{};                        ///< to be set
    std::string encoding{}, caching{};           ///< of a file: Content-Encoding, and Cache-Control in place of no-store
    bool file = false;                           ///< of the page: it has more time, and few at once
    std::string download{};                      ///< path of a file that is sent in place of a body, in ten minutes
    std::function<void(EventStream&)> events{};  ///< sends the body, in ten minutes at most
    std::chrono::seconds retry_after{};
};

/// Whether a route reads what is sent with a request.
enum class Body : std::uint8_t { none, json };

inline constexpr std::size_t most_body_bytes = 64 * 1024;

/// `{}` in a pattern matches any text, slashes too (never empty). roles.cpp lists who may call it.
struct Route {
    std::string method;
    std::string pattern;
    std::function<HttpAnswer(const HttpRequest&)> handler;  ///< must not block for long; may throw (500)
    Body body = Body::none;
    std::vector<std::string> query{};  ///< the keys it takes; any other is refused
    std::size_t most_body = most_body_bytes;
    std::chrono::seconds time{};  ///< from the head to the end of the answer; 0: that of the door
};

/// `{"error":text}`.
HttpAnswer error_answer(int status, const std::string& text);

class Router {
public:
    using Grants = Grant (*)(const std::string& method, const std::string& pattern);
    explicit Router(Grants grants = grant_of) : grants_(grants) {}

    void add(std::vector<Route> routes);
    const std::vector<Route>& routes() const { return routes_; }
    /// The refusal of `request`, decided without its body: 401 for a caller without a role (but on open paths), 403 for one whose role is
    /// too small, 404 for an unknown path, 405 for a known one with another method. Empty: not refused.
    std::optional<HttpAnswer> refuse(const HttpRequest& request) const;
    /// The longest body that its route reads; 0: none.
    std::size_t most_body(const HttpRequest& request) const;
    /// The time that its route has; 0: that of the door.
    std::chrono::seconds time(const HttpRequest& request) const;
    /// The refusal of refuse(), if any; then 400 for a query that the row does not take or that has a key twice, 500 for a handler that
    /// threw, else what the handler answers.
    HttpAnswer answer(HttpRequest request) const;

private:
    struct Found {
        const Route* route = nullptr;
        std::string argument, allowed;  ///< of another method: those there are
        bool open = false;              ///< the path, with one of its methods, is for this caller
    };
    Found find(const HttpRequest& request) const;
    Grants grants_;
    std::vector<Route> routes_;
};

}  // namespace volt::api
