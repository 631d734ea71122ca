// An HTTP client on bare sockets: small, and able to send what no library would.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace volt::testing {

struct HttpReply {
    int status = 0;  ///< 0 without an answer
    std::string head, text;
    nlohmann::json body = nlohmann::json::object();  ///< an empty object if it is not JSON
};

/// A connection to 127.0.0.1.
class Wire {
public:
    explicit Wire(int port);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    bool connected() const { return connected_; }
    /// Sends text. Returns false once the other side has closed.
    bool say(const std::string& text) const;
    /// Returns everything until the other side closes, or `limit` passes without a byte.
    std::string hear(std::chrono::milliseconds limit = std::chrono::seconds{15}) const;

private:
    int fd_;
    bool connected_ = false;
};

/// A client and its server.
struct Client {
    int port;
    std::string token;  ///< empty to send none

    HttpReply ask(const std::string& method, const std::string& path, const std::string& body = "") const;
    HttpReply get(const std::string& path) const { return ask("GET", path); }
    std::string request(const std::string& method, const std::string& path, const std::string& body,
                        const std::string& more = "") const;
};

HttpReply reply_of(const std::string& text);

}  // namespace volt::testing
