// Requests to a running voltd by HTTP.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/http/router.hpp"

namespace volt::ctl {

/// Where the API is, and the credentials for it.
struct ApiAddress {
    std::string url;         ///< as people read it; by TCP also where to ask
    std::string socket;      ///< voltd's own socket; empty: TCP
    std::string token;       ///< for TCP; empty: none could be read
    std::string token_file;  ///< where it was read from
    std::string who;         ///< sent on the socket: the author of a change
    bool json = false;       ///< print errors as JSON
    std::string site{};      ///< of the configuration that led here; empty: not known
};

struct ApiReply {
    bool reached = false;    ///< an answer came
    bool forbidden = false;  ///< the socket exists, but the user may not open it
    bool silent = false;     ///< no answer in time, but no refusal: it hangs, or the network is cut
    int status = 0;
    std::string body;
    std::string error;  ///< why not reached, or each error of the answer with its need and nearest value, one line each
    std::vector<std::string> known;  ///< the names there are, where the answer lists them
    bool ok() const { return reached && status >= 200 && status < 300; }
};

/// How long to wait for an answer, and for one that a device has to confirm.
inline constexpr std::chrono::seconds answer_limit{10}, confirmed_limit{30};

/// How long one answer may take, and whether a busy answer (503) is retried: at most 20 tries, started within 5 s.
struct RequestLimits {
    std::chrono::milliseconds timeout = answer_limit;
    bool retry = true;
};

/// Asks for `path`; waits at most 3 s for a connection. Never throws.
ApiReply get(const ApiAddress& address, const std::string& path, RequestLimits limits = {});
/// Sends `body` (JSON) to `path`. Never throws.
ApiReply post(const ApiAddress& address, const std::string& path, const std::string& body, RequestLimits limits = {});
/// Sends a request of any method, with its If-Match; voltd decides who the caller is. Never throws.
ApiReply send(const ApiAddress& address, const api::HttpRequest& request, RequestLimits limits = {});
/// An answer with the text of its error.
ApiReply reply_of(int status, std::string body);

/// Whether something listens at this socket and accepts a connection.
bool answers_at(const std::string& socket);

/// A name as part of a path: all but letters, digits and `-/._` in percent signs.
std::string encoded(const std::string& name);

}  // namespace volt::ctl
