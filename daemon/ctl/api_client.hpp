// What voltctl asks of a running voltd, by HTTP.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace volt::ctl {

/// Where the API is and who we are.
struct ApiAddress {
    std::string url = "http://127.0.0.1:8480";
    std::string token;       ///< empty: none could be read
    std::string token_file;  ///< where it was looked for
};

struct ApiReply {
    bool reached = false;  ///< an answer came
    int status = 0;
    std::string body;
    std::string error;               ///< why not reached, or the `error` of the answer with its need and nearest value
    std::vector<std::string> known;  ///< the names there are, where the answer lists them
    bool ok() const { return reached && status >= 200 && status < 300; }
};

/// How long an answer is waited for: what only shows is quick, what is confirmed by a device is not.
inline constexpr std::chrono::seconds answer_limit{10}, confirmed_limit{30};

/// Asks for `path`; waits at most 3 s for a connection. Never throws.
ApiReply get(const ApiAddress& address, const std::string& path, std::chrono::milliseconds limit = answer_limit);
/// Sends `body` (JSON) to `path`. Never throws.
ApiReply post(const ApiAddress& address, const std::string& path, const std::string& body,
              std::chrono::milliseconds limit = answer_limit);

/// A name as part of a path: all but letters, digits and `-/._` in percent signs.
std::string encoded(const std::string& name);

}  // namespace volt::ctl
