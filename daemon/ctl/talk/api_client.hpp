// HTTP requests to a running voltd.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/http/router.hpp"

namespace volt::ctl {

/// Address of the API, with its credentials.
struct ApiAddress {
    std::string url;         ///< readable form; for TCP also the address to use
    std::string socket;      ///< voltd's own socket, or empty for TCP
    std::string token;       ///< for TCP, or empty if none could be read
    std::string token_file;  ///< file that it came from
    std::string who;         ///< sent over the socket: author of a change
    bool json = false;       ///< print errors as JSON
    std::string site{};      ///< site in the configuration used, or empty if unknown
};

struct ApiReply {
    bool reached = false;    ///< an answer came
    bool forbidden = false;  ///< the socket exists, but the user may not open it
    bool silent = false;     ///< no answer in time, but no rejection: it hangs, or the network is down
    int status = 0;
    std::string body;
    std::string error;  ///< reason it was not reached, or each error of the answer with its need and nearest value, one line each
    std::vector<std::string> known;  ///< valid names, if the answer lists them
    bool ok() const { return reached && status >= 200 && status < 300; }
};

/// Time limits for an answer, and for one that a device has to confirm.
inline constexpr std::chrono::seconds answer_limit{10}, confirmed_limit{30};

/// Limits of one request: the time for an answer, and whether to retry a busy one (503): at most 20 tries, started within 5 s.
struct RequestLimits {
    std::chrono::milliseconds timeout = answer_limit;
    bool retry = true;
};

/// Gets `path`. Waits at most 3 s for a connection. Never throws.
ApiReply get(const ApiAddress& address, const std::string& path, RequestLimits limits = {});
/// Sends `body` (JSON) to `path`. Never throws.
ApiReply post(const ApiAddress& address, const std::string& path, const std::string& body, RequestLimits limits = {});
/// Sends a request of any method, with its If-Match; voltd decides who the caller is. Never throws.
ApiReply send(const ApiAddress& address, const api::HttpRequest& request, RequestLimits limits = {});
/// Returns an answer with the text of its error.
ApiReply reply_of(int status, std::string body);

/// Returns true if something listens at this socket and accepts a connection.
bool answers_at(const std::string& socket);

/// Encodes a name as part of a path: percent-encodes all but letters, digits and `-/._`.
std::string encoded(const std::string& name);

}  // namespace volt::ctl
