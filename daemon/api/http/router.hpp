// Table of endpoints, independent of any HTTP library: one row per endpoint. Handlers run on the server's threads.
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
    std::string method;  ///< GET, POST, PUT, DELETE; HEAD arrives as GET
    std::string path;    ///< decoded, without the query
    std::map<std::string, std::string> query{};
    std::string repeated{};  ///< a key that occurs twice in the query
    std::string body{};      ///< at most 64 kB; empty if the route takes none
    std::string argument{};  ///< text matched by `{}` in the pattern
    Caller caller{};
    std::string if_match{}, if_none_match{};  ///< headers of these names, without quotes
    std::string accept_encoding{};
    std::string origin{};  ///< this server as the browser sees it, `http://shed.lan:8480`; empty for the Unix socket
    bool https = false;    ///< origin uses https
    std::string peer{};    ///< address of the client, or of its proxy
    std::string client{};  ///< for the log: client_text()
    std::map<std::string, std::string> headers{};  ///< headers listed in the door limits, by that name
};

/// Continuing answer: server-sent events to one client.
class EventStream {
public:
    virtual ~EventStream() = default;
    /// Queues one event, which the next wait sends. Returns false if the client is gone or its time is over.
    virtual bool send(const std::string& data) = 0;
    /// Waits this long. Returns false if the client is gone, its time is over, or the server stops.
    virtual bool wait(std::chrono::milliseconds time) = 0;
};

struct HttpAnswer {
    int status = 200;
    std::string body{};  ///< empty for 204
    std::string type{"application/json"};
    std::string allow{};                         ///< for 405: the valid methods
    std::string etag{};                          ///< without its quotes
    std::string cookie{};                        ///< cookie to set
    std::string encoding{}, caching{};           ///< for a file: Content-Encoding, and Cache-Control instead of no-store
    bool file = false;                           ///< a file of the page: it gets more time, and few are sent at once
    std::string download{};                      ///< path of a file to send instead of a body, within ten minutes
    std::function<void(EventStream&)> events{};  ///< sends the body, for at most ten minutes
    std::chrono::seconds retry_after{};
    std::int64_t truncated = 0;  ///< header X-Truncated: rows in a truncated list, or 0
};

/// Body type that a route reads.
enum class Body : std::uint8_t { none, json };

inline constexpr std::size_t most_body_bytes = 64 * 1024;

/// Endpoint. `{}` in a pattern matches any text, including slashes, but not an empty one. roles.cpp lists who may call it.
struct Route {
    std::string method;
    std::string pattern;
    std::function<HttpAnswer(const HttpRequest&)> handler;  ///< must not block for long; may throw (500)
    Body body = Body::none;
    std::vector<std::string> query{};  ///< valid query keys; any other is rejected
    std::size_t most_body = most_body_bytes;
    std::chrono::seconds time{};  ///< from the head to the end of the answer, or 0 for the door's limit
};

/// Returns `{"error":text}`.
HttpAnswer error_answer(int status, const std::string& text);

class Router {
public:
    using Grants = Grant (*)(const std::string& method, const std::string& pattern);
    explicit Router(Grants grants = grant_of) : grants_(grants) {}

    void add(std::vector<Route> routes);
    const std::vector<Route>& routes() const { return routes_; }
    /// Returns the rejection of `request`, decided without its body: 401 for a caller without a role (except on open paths), 403
    /// for too small a role, 404 for an unknown path, 405 for a known path with another method. Returns nothing if it is
    /// accepted.
    std::optional<HttpAnswer> refuse(const HttpRequest& request) const;
    /// Returns the maximum body size of its route. 0 means none.
    std::size_t most_body(const HttpRequest& request) const;
    /// Returns the time limit of its route. 0 means the door's limit.
    std::chrono::seconds time(const HttpRequest& request) const;
    /// Returns the rejection of refuse(), if any; 400 for an unknown or repeated query key; 500 if the handler throws; else the
    /// handler's answer.
    HttpAnswer answer(HttpRequest request) const;

private:
    struct Found {
        const Route* route = nullptr;
        std::string argument, allowed;  ///< for another method: the valid ones
        bool open = false;              ///< this caller may use the path with one of its methods
    };
    Found find(const HttpRequest& request) const;
    Grants grants_;
    std::vector<Route> routes_;
};

}  // namespace volt::api
