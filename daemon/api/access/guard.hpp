// Guard: rejects requests by their head alone, before credentials are checked. Any page may make a browser on this network send
// requests here; these rules accept only voltd's own page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Headers that show who sends a request, and from which page.
struct RequestHead {
    std::string method{};
    std::vector<std::string> hosts{}, cookies{};  ///< each header of that name
    std::string authorization{}, volt_who{};
    std::string origin{}, fetch_site{}, content_type{}, volt{}, forwarded_proto{};
    std::vector<std::string> forwarded_for{};  ///< each header of that name
    std::string peer{};                        ///< address of the client; empty for the Unix socket
};

/// Sender of a request, or the reason it is rejected.
struct Admitted {
    std::optional<HttpAnswer> refused{};
    Caller caller{};
    std::string origin{};  ///< see HttpRequest
    std::string client{};  ///< see HttpRequest
    std::string frames{};  ///< origins that may show the page in a frame, in the format of the policy, or empty if none
};

/// Names of this machine, and who may view.
struct GuardSettings {
    std::string machine{};               ///< its host name
    std::vector<std::string> hosts{};    ///< other names
    std::vector<std::string> proxies{};  ///< addresses whose X-Forwarded-Proto and -For count; loopback always
    bool view_open = false;              ///< viewing needs no credentials
    std::vector<std::string> frames{};   ///< origins that may show the page in a frame if view_open
};

inline constexpr const char* session_cookie = "voltd_session";

/// Returns true if a Host header names this machine: an address, `localhost`, its name (alone or in a home domain), or one of
/// `hosts`.
bool is_own_host(std::string_view header, const GuardSettings& settings);
bool is_loopback_address(std::string_view address);
/// Returns true if the browser uses https. Only a trusted proxy's header counts.
bool is_https(const RequestHead& head, const GuardSettings& settings);
/// Returns the client's address for the log: `127.0.0.1 (forwarded for 192.168.1.7)` if a trusted proxy names it. Not for limits.
std::string client_text(const RequestHead& head, const GuardSettings& settings);
/// Returns the values of the session cookie, in the order sent.
std::vector<std::string> session_cookies(const RequestHead& head);

/// Returns 421 for a foreign name, 400 for two hosts or two session cookies, 403 for a change that another page may have caused,
/// or nothing if the request is accepted.
std::optional<HttpAnswer> refuse_foreign(const RequestHead& head, const GuardSettings& settings);

/// Returns the Content-Security-Policy header. `frames` as in Admitted.
std::string content_policy(const std::string& frames = {});
/// Returns name and value of each other header that every answer carries.
const std::vector<std::pair<const char*, const char*>>& security_headers();

}  // namespace volt::api
