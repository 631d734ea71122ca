// An HTTP client over bare sockets: small, and able to do what no library would.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace volt::testing {

struct HttpReply {
    int status = 0;  ///< 0: no answer
    std::string head, text;
    nlohmann::json body = nlohmann::json::object();  ///< an empty object where it is no JSON
};

/// A connection to 127.0.0.1.
class Wire {
public:
    explicit Wire(int port);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    bool connected() const { return connected_; }
    /// False once the other side has closed.
    bool say(const std::string& text) const;
    /// Everything until the other side closes, or `limit` without a byte.
    std::string hear(std::chrono::milliseconds limit = std::chrono::seconds{15}) const;

private:
    int fd_;
    bool connected_ = false;
};

/// Who asks, and whom.
struct Client {
    int port;
    std::string token;  ///< empty: none is sent

    HttpReply ask(const std::string& method, const std::string& path, const std::string& body = "") const;
    HttpReply get(const std::string& path) const { return ask("GET", path); }
    std::string request(const std::string& method, const std::string& path, const std::string& body,
                        const std::string& more = "") const;
};

HttpReply reply_of(const std::string& text);

}  // namespace volt::testing
