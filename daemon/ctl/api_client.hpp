// What voltctl asks of a running voltd, by HTTP.
#pragma once

#include <memory>
#include <string>

namespace volt::ctl {

/// Where the API is and who we are.
struct ApiAddress {
    std::string url = "http://127.0.0.1:8480";
    std::string token;  ///< empty: none could be read
};

struct ApiReply {
    bool reached = false;  ///< an answer came
    int status = 0;
    std::string body;
    std::string error;  ///< why not reached, or the `error` of the answer
    bool ok() const { return reached && status == 200; }
};

/// Asks for `path`; waits at most 3 s for a connection and 10 s for the answer. Never throws.
ApiReply get(const ApiAddress& address, const std::string& path);

}  // namespace volt::ctl
