// The table of endpoints, free of any HTTP library: an endpoint is one row. Handlers run on the server's threads.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace volt::api {

struct HttpRequest {
    std::string method;  ///< GET, POST, PUT, DELETE; HEAD comes as GET
    std::string path;    ///< decoded, without the query
    std::map<std::string, std::string> query;
    std::string repeated{};  ///< a key that stands twice in the query
    std::string body;      ///< at most 64 kB
    std::string argument;  ///< what stood for `{}` in the pattern
};

struct HttpAnswer {
    int status = 200;
    std::string body;  ///< empty with 204
    std::string type{"application/json"};
    std::string allow{};  ///< with 405: the methods there are
};

/// `{}` in a pattern takes what stands there, slashes too (never empty).
struct Route {
    std::string method;
    std::string pattern;
    std::function<HttpAnswer(const HttpRequest&)> handler;  ///< must not block for long; may throw (500)
    bool open = false;                                      ///< needs no token
    std::vector<std::string> query{};                       ///< the keys it takes; any other is refused
};

/// `{"error":text}`.
HttpAnswer error_answer(int status, const std::string& text);

class Router {
public:
    void add(std::vector<Route> routes);
    const std::vector<Route>& routes() const { return routes_; }
    /// Whether the path of some row matches and that row needs no token.
    bool is_open(const std::string& path) const;
    /// Answers 404 for an unknown path, 405 for a known one with another method, 400 for a query that the row does
    /// not take or that has a key twice, 500 for a handler that threw.
    HttpAnswer answer(HttpRequest request) const;

private:
    std::vector<Route> routes_;
};

}  // namespace volt::api
