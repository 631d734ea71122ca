// What voltctl asks of a running voltd, by HTTP.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace volt::ctl {

/// Where the API is and who we are.
struct ApiAddress {
    std::string url;         ///< as people read it; by TCP also where to ask
    std::string socket;      ///< voltd's own socket; empty: TCP
    std::string token;       ///< for TCP; empty: none could be read
    std::string token_file;  ///< where it was looked for
    std::string who;         ///< sent on the socket: the author of a change
    bool json = false;       ///< print errors as JSON
};

struct ApiReply {
    bool reached = false;    ///< an answer came
    bool forbidden = false;  ///< the socket is there, and not ours to open
    bool silent = false;     ///< no answer in time, but no refusal: it hangs, or the network is cut
    int status = 0;
    std::string body;
    std::string error;               ///< why not reached, or the `error` of the answer with its need and nearest value
    std::vector<std::string> known;  ///< the names there are, where the answer lists them
    bool ok() const { return reached && status >= 200 && status < 300; }
};

/// How long an answer is waited for: what only shows is quick, what is confirmed by a device is not.
inline constexpr std::chrono::seconds answer_limit{10}, confirmed_limit{30};

/// How long one answer may take, and whether "busy" (503) is asked again: at most 20 tries, begun within 5 s.
struct Patience {
    std::chrono::milliseconds limit = answer_limit;
    bool again = true;
};

/// Asks for `path`; waits at most 3 s for a connection. Never throws.
ApiReply get(const ApiAddress& address, const std::string& path, Patience patience = {});
/// Sends `body` (JSON) to `path`. Never throws.
ApiReply post(const ApiAddress& address, const std::string& path, const std::string& body, Patience patience = {});
ApiReply put(const ApiAddress& address, const std::string& path, const std::string& body);
ApiReply remove(const ApiAddress& address, const std::string& path);

/// Whether somebody listens at this socket, and would let us in.
bool answers_at(const std::string& socket);

/// A name as part of a path: all but letters, digits and `-/._` in percent signs.
std::string encoded(const std::string& name);
/// The same for one part between slashes: a slash of the name too.
std::string encoded_segment(const std::string& name);

}  // namespace volt::ctl
